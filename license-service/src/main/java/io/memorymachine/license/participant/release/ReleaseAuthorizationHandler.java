package io.memorymachine.license.participant.release;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;

import io.memorymachine.contract.license.LicenseCommand.ReleaseAuthorization;
import io.memorymachine.contract.license.LicenseReply.Released;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.license.store.LedgerStore;
import io.memorymachine.participant.CommandContext;
import io.memorymachine.participant.CommandHandler;
import io.memorymachine.participant.Outcome;

/** Deletes an operation's lease. That there is none (it ended, or was never granted) is as good. */
@ApplicationScoped
public class ReleaseAuthorizationHandler implements CommandHandler<ReleaseAuthorization> {
    private final LedgerStore ledger;

    @Inject
    ReleaseAuthorizationHandler(LedgerStore ledger) {
        this.ledger = ledger;
    }

    @Override
    public Class<ReleaseAuthorization> commandType() {
        return ReleaseAuthorization.class;
    }

    @Override
    public Uni<Outcome> handle(ReleaseAuthorization command, CommandContext context) {
        if (command.operation() == null) {
            throw new OperationFailedException(
                    FailureReason.INVALID_REQUEST, "The request to release an authorization names no operation");
        }
        return Uni.createFrom()
                .item(Outcome.reply(new Released(command.operation()))
                        .storing(session -> ledger.release(session, command.operation())));
    }
}
