package io.memorymachine.pmem.participant.capture;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.CaptureMode;

/**
 * The captures of this node that wait to be told to go, by snapshot. They are in memory only: one that is lost with the
 * process is armed again when its capture is commanded, and costs the applications that time.
 */
@ApplicationScoped
public class ArmedCaptures {
    private final Checkpointer checkpointer;
    private final Map<String, ArmedCapture> waiting = new ConcurrentHashMap<>();

    @Inject
    ArmedCaptures(Checkpointer checkpointer) {
        this.checkpointer = checkpointer;
    }

    /**
     * Arms the capture of a snapshot, in place of an earlier one.
     *
     * @throws io.memorymachine.failure.OperationFailedException as {@link Checkpointer#arm}
     */
    public void arm(String snapshot, List<CaptureTarget> targets, CaptureMode mode) {
        disarm(snapshot);
        waiting.put(snapshot, checkpointer.arm(targets, mode));
    }

    /** The capture that waits for just these targets; it is the caller's from now on. One of others is given up. */
    public Optional<ArmedCapture> take(String snapshot, List<CaptureTarget> targets) {
        ArmedCapture armed = waiting.remove(snapshot);
        if (armed == null) {
            return Optional.empty();
        }
        if (armed.waits() && armed.targets().equals(targets)) {
            return Optional.of(armed);
        }
        armed.close();
        return Optional.empty();
    }

    /** Gives up what waits for a snapshot that is not taken after all. */
    public void disarm(String snapshot) {
        ArmedCapture armed = waiting.remove(snapshot);
        if (armed != null) {
            armed.close();
        }
    }

    @PreDestroy
    void close() {
        waiting.values().forEach(ArmedCapture::close);
    }
}
