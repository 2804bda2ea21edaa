package io.memorymachine.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;

import io.memorymachine.local.api.Services;
import io.memorymachine.local.chaos.Operation;
import io.memorymachine.local.chaos.SagaEnd;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.process.StartFailedException;
import io.memorymachine.local.system.ClassArchives;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.SystemSettings;

/** Makes the class data archives of the broker and the services from a run of theirs. */
@Command(
        name = "train",
        description =
                "Run a small system once to lay out the classes that broker and services load; they start faster from then on.",
        mixinStandardHelpOptions = true,
        hidden = true)
final class TrainCommand implements Callable<Integer> {
    private static final String SNAPSHOT = "training";
    private static final int MEMBERS = 1;
    private static final long HEAP = 128L << 20;
    private static final long VOLUME = 2L << 30;
    private static final Duration SAGA_WITHIN = Duration.ofMinutes(2);

    /** Each writes some 80 MB on its way out, all of them at once. */
    private static final Duration ENDED_WITHIN = Duration.ofMinutes(2);

    @Override
    public Integer call() {
        SystemContext context = new SystemContext();
        return context.alone(() -> train(context));
    }

    private int train(SystemContext context) {
        // In the run directory, where ./mm down finds what is left of a run that was killed.
        context.refuseWhatUpStarted();
        context.removeRemains();
        context.console().section("Training broker and services");
        Runnable dismiss = context.takeDownWhenInterrupted();
        boolean gone;
        try {
            SystemSettings settings = new SystemSettings(Ports.free(), MEMBERS, HEAP, VOLUME, true, true);
            ClassArchives archives = ClassArchives.make(context.installation());
            context.start(settings, archives);
            exercise(new Services(settings.ports(), context.directory().token()));
            end(context);
            archives.take();
        } catch (IOException e) {
            throw new UncheckedIOException("an archive was not made: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailedException("interrupted", e);
        } finally {
            gone = context.ending() || context.takeDown();
            dismiss.run();
        }
        return gone ? 0 : Mm.FAILED;
    }

    /** What is loaded after the start: a snapshot, and the way back with another one. */
    private static void exercise(Services services) throws InterruptedException {
        require(Operation.snapshot(services, SNAPSHOT, "", null), services);
        require(Operation.restore(services, SNAPSHOT, true), services);
        services.deleteSnapshot(SNAPSHOT);
    }

    private static void require(Operation operation, Services services) throws InterruptedException {
        SagaEnd end = operation.awaitEnd(services, SAGA_WITHIN);
        if (!end.completed()) {
            throw new StartFailedException(operation.name() + " is " + end.outcome() + " " + end.detail());
        }
    }

    /** The services before the broker, which they say goodbye to. */
    private static void end(SystemContext context) {
        List<ProcessRecord> all = context.processes().recorded();
        List<ProcessRecord> services = all.stream()
                .filter(record -> record.name().endsWith("-service"))
                .toList();
        List<ProcessRecord> broker =
                all.stream().filter(record -> record.name().equals("kafka")).toList();
        context.processes().end(services, ENDED_WITHIN);
        context.processes().end(broker, ENDED_WITHIN);
    }
}
