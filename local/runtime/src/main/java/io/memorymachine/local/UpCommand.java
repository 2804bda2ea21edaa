package io.memorymachine.local;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.process.StartFailedException;
import io.memorymachine.local.system.ServiceProcess;
import io.memorymachine.local.system.SystemSettings;

/** Brings the system up and leaves it running. */
@Command(
        name = "up",
        description = "Start what does not run: broker, database, services, volume, members.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @Mixin
    private SystemOptions options;

    @Override
    public Integer call() {
        SystemSettings wanted = options.settings(false);
        SystemContext context = new SystemContext();
        return context.alone(() -> up(context, wanted));
    }

    private int up(SystemContext context, SystemSettings wanted) {
        Console console = context.console();
        long from = System.nanoTime();
        // After a reboot the settings are there and nothing else: then it starts afresh.
        Optional<SystemSettings> running =
                context.settings().filter(any -> !context.remains().isEmpty());
        running.flatMap(wanted::difference).ifPresent(difference -> {
            throw new StartFailedException(difference + " runs here: ./mm down first");
        });
        if (running.isEmpty()) {
            context.removeRemains();
        }
        SystemSettings settings = running.orElse(wanted);
        console.section("Starting the system");
        Runnable dismiss = running.isPresent() ? () -> {} : context.takeDownWhenInterrupted();
        try {
            context.start(settings);
        } catch (StartFailedException e) {
            if (running.isEmpty() && !context.ending()) {
                console.failed(e.getMessage(), "");
                console.section("Taking everything down again");
                context.takeDown();
                return Mm.FAILED;
            }
            throw e;
        } finally {
            dismiss.run();
        }
        summary(console, settings, Duration.ofNanos(System.nanoTime() - from));
        return 0;
    }

    private static void summary(Console console, SystemSettings settings, Duration took) {
        console.line("\nUp in " + Console.seconds(took) + ". The workload is " + SystemSettings.NAMESPACE + "/"
                + SystemSettings.WORKLOAD + ".");
        for (ServiceProcess service : ServiceProcess.values()) {
            console.line(String.format(
                    "  %-18s %s", service.module(), settings.ports().url(service)));
        }
        console.line("Look: ./mm status   End: ./mm down");
    }
}
