package io.memorymachine.pmem.participant;

import java.io.IOException;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.quarkus.runtime.StartupEvent;
import org.jboss.logging.Logger;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.platform.NodePlatform;
import io.memorymachine.pmem.member.MemberProcess;
import io.memorymachine.pmem.member.ProcFs;
import io.memorymachine.pmem.volume.Reservations;

/**
 * Removes, before the first command is taken, what captures that died with this service left behind: dumps in the folders
 * of members that run, and reservations that were not written to their end. Placeholders and stopped members are left alone:
 * the files in their folders belong to a restore, which goes on or is abandoned.
 */
@ApplicationScoped
public class Leftovers {
    private static final Logger LOG = Logger.getLogger(Leftovers.class);

    /** Before the channels are connected. */
    private static final int BEFORE_MESSAGES = 500;

    private final NodePlatform platform;
    private final NodeMembers members;
    private final ProcFs proc;
    private final Reservations reservations;

    @Inject
    Leftovers(NodePlatform platform, NodeMembers members, ProcFs proc, Reservations reservations) {
        this.platform = platform;
        this.members = members;
        this.proc = proc;
        this.reservations = reservations;
    }

    void onStart(@Observes @Priority(BEFORE_MESSAGES) StartupEvent started) {
        remove();
    }

    /** What cannot be removed now is removed by the member's next capture. */
    void remove() {
        try {
            reservations.removeUnfinished();
            for (MemberPlacement member : platform.members()) {
                remove(member);
            }
        } catch (IOException | OperationFailedException e) {
            LOG.warnf("What captures left behind could not be looked for: %s", e.getMessage());
        }
    }

    private void remove(MemberPlacement member) {
        try {
            MemberProcess process = members.process(member);
            // A CRIU that still holds the member works in there: it gives up, since its hook finds nobody to talk to.
            if (!proc.isStopped(process.pid()) && !proc.isSeized(process.pid())) {
                members.live(member).removeDump();
            }
        } catch (OperationFailedException placeholder) {
            LOG.debugf("%s runs no application: %s", member.member(), placeholder.getMessage());
        } catch (IOException e) {
            LOG.warnf("%s: what a capture left behind stays until the next one: %s", member.member(), e);
        }
    }
}
