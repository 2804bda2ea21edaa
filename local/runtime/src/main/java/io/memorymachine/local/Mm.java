package io.memorymachine.local;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Level;
import java.util.logging.Logger;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import io.memorymachine.local.console.Console;

/**
 * The single-machine runtime. Exit status: 0 if all went well, 1 if not, 2 if the command line was wrong.
 */
@Command(
        name = "mm",
        description = "Memory Machine on a single machine",
        subcommands = {
            DemoCommand.class,
            ChaosCommand.class,
            SoakCommand.class,
            BenchCommand.class,
            UpCommand.class,
            StatusCommand.class,
            DownCommand.class,
            DoctorCommand.class,
            ClientCommand.class,
            ImagesCommand.class,
            TrainCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Mm {
    /** Something went wrong. */
    static final int FAILED = 1;

    /** Runs a command and exits with its status. */
    public static void main(String[] args) {
        // What the libraries have to say goes to no terminal; a command says itself what matters.
        Logger.getLogger("").setLevel(Level.OFF);
        System.exit(run(args));
    }

    /** Runs a command and returns its status. */
    static int run(String... args) {
        return new CommandLine(new Mm())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure))
                .execute(args);
    }

    /** A message for the user; the stack trace only where it is asked for. */
    private static int failed(Exception failure) {
        Console console = Console.standard();
        console.failed(failure.getMessage() == null ? failure.toString() : failure.getMessage(), "");
        if (System.getenv("MM_DEBUG") != null) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            console.line(trace.toString());
        }
        return FAILED;
    }
}
