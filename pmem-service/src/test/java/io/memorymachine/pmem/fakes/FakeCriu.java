package io.memorymachine.pmem.fakes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;

import io.memorymachine.contract.pmem.CaptureMode;
import io.memorymachine.failure.FailureReason;
import io.memorymachine.failure.OperationFailedException;
import io.memorymachine.pmem.image.CaptureRecord;
import io.memorymachine.pmem.image.MemberImages;
import io.memorymachine.pmem.member.LiveFolder;
import io.memorymachine.pmem.participant.capture.ArmedCapture;
import io.memorymachine.pmem.participant.capture.CaptureOutcome;
import io.memorymachine.pmem.participant.capture.CaptureTarget;
import io.memorymachine.pmem.participant.capture.Checkpointer;
import io.memorymachine.pmem.participant.materialize.MaterializeOutcome;
import io.memorymachine.pmem.participant.materialize.MaterializeTarget;
import io.memorymachine.pmem.participant.materialize.Materializer;
import io.memorymachine.pmem.runtime.Trees;

/** Captures members and puts them back by writing and reading files; counts, refuses and dies as it is told. */
@Alternative
@Priority(1)
@ApplicationScoped
public class FakeCriu implements Checkpointer, Materializer {
    private final MemberImages images;
    private final Map<Long, Condition> conditions = new HashMap<>();
    private final List<String> captured = new ArrayList<>();
    private final List<Armed> armed = new ArrayList<>();
    private int armings;
    private Fault fault;

    @Inject
    FakeCriu(MemberImages images) {
        this.images = images;
    }

    /** What a member that was put back is doing. */
    public enum Condition {
        STOPPED,
        RUNNING
    }

    /** What goes wrong once. */
    public enum Fault {
        /** It is refused, and nothing remains. */
        REFUSE,
        /** It dies when the first member is done and the second half done. */
        CRASH_HALF_WAY
    }

    // --- what tests plant and see

    /** The next capture or materialization goes wrong like this. */
    public synchronized void meets(Fault next) {
        fault = next;
    }

    /** The names of the members captured so far, in order. */
    public synchronized List<String> captured() {
        return List.copyOf(captured);
    }

    /** The condition of a member that was put back, or null. */
    public synchronized Condition condition(long initPid) {
        return conditions.get(initPid);
    }

    /** How often a capture was armed. */
    public synchronized int armings() {
        return armings;
    }

    /** How many captures wait to be told to go. */
    public synchronized long waiting() {
        return armed.stream().filter(Armed::waits).count();
    }

    /** What waits to be told to go has waited too long, and gives up. */
    public synchronized void giveUpWaiting() {
        armed.forEach(Armed::close);
    }

    // --- the ports

    @Override
    public synchronized ArmedCapture arm(List<CaptureTarget> targets, CaptureMode mode) {
        armings++;
        Armed next = new Armed(targets, mode);
        armed.add(next);
        return next;
    }

    @Override
    public List<CaptureOutcome> capture(List<CaptureTarget> targets, CaptureMode mode, Duration timeout) {
        return arm(targets, mode).capture(timeout);
    }

    private synchronized List<CaptureOutcome> capture(List<CaptureTarget> targets, CaptureMode mode) {
        Fault now = takeFault();
        List<CaptureOutcome> outcomes = new ArrayList<>();
        try {
            for (CaptureTarget target : targets) {
                if (now == Fault.CRASH_HALF_WAY && !outcomes.isEmpty()) {
                    Trees.create(target.image().resolve("criu"));
                    throw new IllegalStateException("died half-way, as planted by the test");
                }
                outcomes.add(capture(target, mode));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return outcomes;
    }

    private CaptureOutcome capture(CaptureTarget target, CaptureMode mode) throws IOException {
        if (Files.exists(target.image())) {
            throw new IllegalStateException(target.image() + " exists before the capture");
        }
        captured.add(target.name());
        Path criu = Trees.create(target.image().resolve("criu"));
        Files.writeString(criu.resolve("pages-1.img"), "pages of " + target.name());
        Files.writeString(criu.resolve("core-7.img"), "core of " + target.name());
        Files.writeString(
                Trees.create(target.image().resolve("heap")).resolve("link_remap.1"), "heap of " + target.name());
        Instant frozenAt = Instant.parse("2026-01-05T10:00:00Z");
        images.record(
                target.image(),
                new CaptureRecord(
                        mode, target.process().namespacePid(), "pipe:[9]", "pipe:[9]", frozenAt, 150_000, 4096));
        return new CaptureOutcome(target.name(), 0, frozenAt, 150_000, 1, 2, 3, 30, 4096);
    }

    @Override
    public synchronized List<MaterializeOutcome> materialize(List<MaterializeTarget> targets, Duration timeout) {
        Fault now = takeFault();
        List<MaterializeOutcome> outcomes = new ArrayList<>();
        for (MaterializeTarget target : targets) {
            if (!Files.exists(target.image().resolve("image.json"))) {
                throw new OperationFailedException(FailureReason.IMAGE_MISSING, "no image of " + target.name());
            }
            if (now == Fault.CRASH_HALF_WAY && !outcomes.isEmpty()) {
                throw new IllegalStateException("died half-way, as planted by the test");
            }
            boolean there = conditions.putIfAbsent(target.initPid(), Condition.STOPPED) != null;
            outcomes.add(new MaterializeOutcome(target.name(), target.initPid() + 1, there ? 0 : 1234));
        }
        return outcomes;
    }

    @Override
    public synchronized void release(List<Long> initPids) {
        for (long initPid : initPids) {
            if (!conditions.containsKey(initPid)) {
                throw new OperationFailedException(FailureReason.MEMBER_DOWN, "nothing runs under " + initPid);
            }
            conditions.put(initPid, Condition.RUNNING);
        }
    }

    @Override
    public synchronized void abandon(long initPid, LiveFolder live) {
        conditions.remove(initPid, Condition.STOPPED);
    }

    /** A capture that waits in memory. */
    private final class Armed implements ArmedCapture {
        private final List<CaptureTarget> targets;
        private final CaptureMode mode;
        private boolean over;

        private Armed(List<CaptureTarget> targets, CaptureMode mode) {
            this.targets = targets;
            this.mode = mode;
        }

        @Override
        public List<CaptureTarget> targets() {
            return targets;
        }

        @Override
        public synchronized boolean waits() {
            return !over;
        }

        @Override
        public List<CaptureOutcome> capture(Duration timeout) {
            close();
            return FakeCriu.this.capture(targets, mode);
        }

        @Override
        public synchronized void close() {
            over = true;
        }
    }

    private Fault takeFault() {
        Fault now = fault;
        fault = null;
        if (now == Fault.REFUSE) {
            throw new OperationFailedException(FailureReason.CRIU_FAILED, "counter-1: Error (criu/cr-dump.c): no");
        }
        return now;
    }
}
