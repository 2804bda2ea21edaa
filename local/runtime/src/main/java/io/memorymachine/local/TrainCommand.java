package io.memorymachine.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;

import io.memorymachine.client.ProblemException;
import io.memorymachine.local.api.Services;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.system.ClassArchives;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.SystemSettings;

/** Makes the class data archives of the broker and the services from a run of theirs. */
@Command(
        name = "train",
        description =
                "Run broker and services once to lay out the classes that they load; they start faster from then on.",
        mixinStandardHelpOptions = true,
        hidden = true)
final class TrainCommand implements Callable<Integer> {
    private static final long HEAP = 256L << 20;
    private static final long VOLUME = 1L << 30;

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
            SystemSettings settings = new SystemSettings(Ports.free(), 0, HEAP, VOLUME, true, true);
            ClassArchives archives = ClassArchives.make(context.installation());
            context.start(settings, archives);
            exercise(new Services(settings.ports(), context.directory().token()));
            end(context);
            archives.take();
        } catch (IOException e) {
            throw new UncheckedIOException("an archive was not made: " + e.getMessage(), e);
        } finally {
            gone = context.ending() || context.takeDown();
            dismiss.run();
        }
        return gone ? 0 : Mm.FAILED;
    }

    /** A request for a workload that is not there goes as far as one can without members. */
    private static void exercise(Services services) {
        try {
            services.requestSnapshot("training", SystemSettings.NAMESPACE, SystemSettings.WORKLOAD, "");
        } catch (ProblemException refused) {
            if (!refused.reason().equals("WORKLOAD_NOT_FOUND")) {
                throw refused;
            }
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
