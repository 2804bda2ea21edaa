package io.memorymachine.local;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import io.memorymachine.local.console.Console;
import io.memorymachine.local.console.OutputFormat;
import io.memorymachine.local.host.Check;
import io.memorymachine.local.host.Doctor;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.SystemSettings;

/** Says what this machine can do. */
@Command(
        name = "doctor",
        description = "Say what this machine can do, and how to mend what it cannot.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "-o", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private OutputFormat format;

    @Override
    public Integer call() {
        SystemContext context = new SystemContext();
        Ports ports = context.settings().map(SystemSettings::ports).orElse(Ports.DEFAULTS);
        boolean running = !context.processes().marked().isEmpty();
        List<Check> checks = new Doctor(context.directory(), context.installation(), ports, running).examine();
        if (format == OutputFormat.json) {
            context.console().line(Json.text(checks));
        } else {
            checks.forEach(check -> print(context.console(), check));
        }
        return checks.stream().anyMatch(check -> check.level() == Check.Level.FAIL) ? Mm.FAILED : 0;
    }

    private static void print(Console console, Check check) {
        Console.Style style = switch (check.level()) {
            case OK -> Console.Style.GREEN;
            case WARN -> Console.Style.YELLOW;
            case FAIL -> Console.Style.RED;
        };
        String level = console.styled(style, String.format("%-4s", check.level()));
        console.line(String.format("%s  %-21s %s", level, check.name(), check.found()));
        if (!check.remedy().isEmpty()) {
            console.line(" ".repeat(28) + "-> " + check.remedy());
        }
    }
}
