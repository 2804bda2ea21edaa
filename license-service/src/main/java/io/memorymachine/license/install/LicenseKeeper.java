package io.memorymachine.license.install;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import io.memorymachine.contract.license.LicenseFact;
import io.memorymachine.failure.Failure;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.license.document.License;
import io.memorymachine.license.document.LicenseCheck;
import io.memorymachine.license.document.LicenseVerifier;
import io.memorymachine.license.runtime.LicenseConfig;
import io.memorymachine.license.store.InstalledLicense;
import io.memorymachine.license.store.LedgerStore;
import io.memorymachine.license.store.LicenseStore;
import io.memorymachine.outbox.Outbox;
import io.memorymachine.outbox.OutboxRelay;

/**
 * Keeps the installed licence. What is stored is the file as it came, and it is looked at whenever it is asked for: a
 * licence ends on time, a key that is withdrawn counts no more, and a changed row is a tampered licence.
 */
@ApplicationScoped
public class LicenseKeeper {
    private static final Logger LOG = Logger.getLogger(LicenseKeeper.class);

    private final LicenseVerifier verifier;
    private final LicenseConfig config;
    private final LicenseStore store;
    private final LedgerStore ledger;
    private final Mutiny.SessionFactory sessions;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final Clock clock;

    @Inject
    LicenseKeeper(
            LicenseVerifier verifier,
            LicenseConfig config,
            LicenseStore store,
            LedgerStore ledger,
            Mutiny.SessionFactory sessions,
            Outbox outbox,
            OutboxRelay relay,
            Clock clock) {
        this.verifier = verifier;
        this.config = config;
        this.store = store;
        this.ledger = ledger;
        this.sessions = sessions;
        this.outbox = outbox;
        this.relay = relay;
        this.clock = clock;
    }

    /**
     * Looks at a file without installing it.
     *
     * @throws OperationFailedException with {@link FailureReason#PAYLOAD_TOO_LARGE}; other defects are in the answer
     */
    public LicenseCheck inspect(byte[] file) {
        requireSize(file.length);
        return verifier.inspect(file);
    }

    /**
     * Installs a licence that holds, in the place of what was installed; installing the same file again changes nothing.
     *
     * @param source how it came
     * @return how the installed licence stands now; fails with the defect of the file, and nothing has changed then
     */
    public Uni<Standing> install(byte[] file, String source) {
        return Uni.createFrom()
                .item(() -> {
                    requireSize(file.length);
                    return verifier.verify(file);
                })
                .chain(license -> sessions.withTransaction(
                        session -> store.lock(session).chain(place -> replace(session, place, license, file, source))))
                .invoke(relay::wake)
                .chain(this::standing);
    }

    /** How the installed licence stands now. */
    public Uni<Standing> standing() {
        Instant now = clock.instant();
        return sessions.withSession(session -> store.find(session)
                .chain(place -> ledger.commitments(session, now, now.minus(config.forgetNodeAfter()), null)
                        .map(commitments -> new Standing(
                                place.licenseId(), inspect(place), place.source(), place.installedAt(), commitments))));
    }

    /**
     * Returns the terms of what is installed in that place.
     *
     * @throws OperationFailedException with {@link FailureReason#LICENSE_MISSING} or its defect
     */
    public License require(InstalledLicense place) {
        if (place.isEmpty()) {
            throw new OperationFailedException(FailureReason.LICENSE_MISSING, "No licence is installed");
        }
        return verifier.verify(place.document());
    }

    /**
     * Installs the configured file ({@code mm.license.file}) where nothing that holds is installed, or where it was
     * issued later than what is. A file that is absent or holds no licence is logged and leaves everything as it is:
     * whether a licence is there shows when it is needed. Reads the file on the caller's thread. Does not wake the
     * relay, as it is called before there is one.
     */
    public Uni<Void> pickUp() {
        if (config.file().isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Path path = config.file().get();
        byte[] file;
        License offered;
        try {
            file = read(path);
            offered = verifier.verify(file);
        } catch (IOException e) {
            LOG.infof("The licence file %s cannot be read yet: %s", path, e);
            return Uni.createFrom().voidItem();
        } catch (OperationFailedException defect) {
            LOG.warnf("The licence file %s is not taken: %s %s", path, defect.reason(), defect.getMessage());
            return Uni.createFrom().voidItem();
        }
        return sessions.withTransaction(session -> store.lock(session).chain(place -> {
            LicenseCheck present = inspect(place);
            boolean newer = !present.holds()
                    || offered.issued().isAfter(present.license().issued());
            return newer
                    ? replace(session, place, offered, file, "file")
                    : Uni.createFrom().voidItem();
        }));
    }

    private Uni<Void> replace(
            Mutiny.Session session, InstalledLicense place, License license, byte[] file, String source) {
        if (Arrays.equals(place.document(), file)) {
            return Uni.createFrom().voidItem();
        }
        place.replace(license.id(), file, source, clock.instant());
        LOG.infof("license=%s of %s is installed until %s", license.id(), license.holder(), license.expires());
        return outbox.fact(
                session, license.id(), new LicenseFact.Installed(license.id(), license.holder(), license.expires()));
    }

    private LicenseCheck inspect(InstalledLicense place) {
        return place.isEmpty()
                ? new LicenseCheck(null, new Failure(FailureReason.LICENSE_MISSING, "No licence is installed"))
                : verifier.inspect(place.document());
    }

    private byte[] read(Path path) throws IOException {
        int limit = Math.toIntExact(config.maxFileSize().asLongValue());
        try (InputStream in = Files.newInputStream(path)) {
            byte[] file = in.readNBytes(limit + 1);
            requireSize(file.length);
            return file;
        }
    }

    private void requireSize(int bytes) {
        long limit = config.maxFileSize().asLongValue();
        if (bytes > limit) {
            throw new OperationFailedException(
                    FailureReason.PAYLOAD_TOO_LARGE, "A licence file has at most " + limit + " bytes");
        }
    }
}
