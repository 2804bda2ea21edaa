package io.memorymachine.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

import io.memorymachine.backing.PostgresServer;
import io.memorymachine.local.console.Console;
import io.memorymachine.local.console.OutputFormat;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.process.StartFailedException;
import io.memorymachine.local.system.ClassArchives;
import io.memorymachine.local.system.CommandLock;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.SystemSettings;
import io.memorymachine.local.system.SystemStarter;
import io.memorymachine.local.system.TakeDown;

/** What every command works on: the run directory that {@code MM_DIR} names, else {@code .mm} in the clone. */
final class SystemContext {
    /** How many systems a command runs side by side at most. */
    static final int MOST_SYSTEMS = 8;

    private static final Duration HOLDER_ENDS_WITHIN = Duration.ofSeconds(60);

    private final Installation installation = Installation.find();
    private final RunDirectory directory;
    private final Processes processes;
    private final Console console;
    private volatile boolean ending;

    /** One whose console is the terminal. */
    SystemContext() {
        this(OutputFormat.table);
    }

    /** One whose console is silent on standard output where only JSON is to stand there. */
    SystemContext(OutputFormat format) {
        this(null, format == OutputFormat.json ? new Console(System.err, false) : Console.standard());
    }

    private SystemContext(Path chosen, Console console) {
        this.directory = RunDirectory.at(chosen == null ? runDirectory() : chosen);
        this.processes = new Processes(directory.root());
        this.console = console;
    }

    /**
     * Another system beside this one, in a run directory of its own. What is told of it goes to a file there.
     *
     * @param number from 2
     */
    SystemContext beside(int number) {
        RunDirectory other = RunDirectory.at(directory.beside(number));
        return new SystemContext(other.root(), Console.to(other.experiment()));
    }

    /** The systems beside this one of which there is a run directory. */
    List<SystemContext> besides() {
        return IntStream.rangeClosed(2, MOST_SYSTEMS)
                .filter(number -> Files.isDirectory(directory.beside(number)))
                .mapToObj(number -> new SystemContext(directory.beside(number), console))
                .toList();
    }

    Installation installation() {
        return installation;
    }

    RunDirectory directory() {
        return directory;
    }

    Processes processes() {
        return processes;
    }

    Console console() {
        return console;
    }

    /** What the system was started with, if one was and was not taken down since. */
    Optional<SystemSettings> settings() {
        return SystemStarter.settingsOf(directory);
    }

    /** Does something with the right to change the system; refuses where another command has it. */
    int alone(IntSupplier work) {
        CommandLock lock = CommandLock.tryTake(directory)
                .orElseThrow(() -> new StartFailedException("another ./mm works on " + directory.root()
                        + CommandLock.holder(directory)
                                .map(holder -> " (pid " + holder.pid() + ")")
                                .orElse("")
                        + ": wait for it, or end it with ./mm down"));
        return lock.during(work);
    }

    /** Does something with the right to change the system, taken from whoever has it. */
    int instead(IntSupplier work) {
        return CommandLock.takeOver(directory, HOLDER_ENDS_WITHIN).during(work);
    }

    /** Starts what does not run of a system. */
    void start(SystemSettings settings) {
        start(settings, Map.of());
    }

    /** Likewise, with services that are configured otherwise than by default. */
    void start(SystemSettings settings, Map<String, String> configuration) {
        start(settings, configuration, ClassArchives.use(installation));
    }

    /** Likewise, with broker and services that start with these archives, or make them. */
    void start(SystemSettings settings, ClassArchives archives) {
        start(settings, Map.of(), archives);
    }

    private void start(SystemSettings settings, Map<String, String> configuration, ClassArchives archives) {
        List<Path> missing = installation.missing();
        if (!missing.isEmpty()) {
            throw new StartFailedException("the build is not complete: " + missing.get(0) + " is missing; run ./mm up");
        }
        new SystemStarter(directory, installation, settings, processes, console, configuration, archives).start();
    }

    /** The database of a system that runs. */
    PostgresServer database(SystemSettings settings) {
        return new SystemStarter(directory, installation, settings, processes, console).database();
    }

    /**
     * For commands that begin by removing what is there.
     *
     * @throws StartFailedException where a system runs that is to be left alone
     */
    void refuseWhatUpStarted() {
        if (!processes.marked().isEmpty()
                && settings().filter(any -> !any.demo()).isPresent()) {
            throw new StartFailedException("a system runs here that ./mm up started: ./mm down first");
        }
    }

    /** What there is of a system now, a line each. */
    List<String> remains() {
        return new TakeDown(directory, processes).leftovers();
    }

    /** Removes what an earlier system left, its data too, so that a new one can begin. */
    void removeRemains() {
        List<String> remains = remains();
        if (!remains.isEmpty()) {
            console.section("Removing what an earlier run left");
        }
        // Processes of its own: this command still has to start some.
        TakeDown takeDown = new TakeDown(directory, new Processes(directory.root()));
        takeDown.run();
        List<String> left = takeDown.leftovers();
        if (!left.isEmpty()) {
            throw new StartFailedException("what an earlier run left cannot be removed: " + String.join(", ", left));
        }
        if (!remains.isEmpty()) {
            console.line("Nothing is left.");
        }
    }

    /**
     * Takes the system down and says what is left.
     *
     * @return whether nothing is left
     */
    boolean takeDown() {
        TakeDown takeDown = new TakeDown(directory, processes);
        takeDown.run();
        List<String> left = takeDown.leftovers();
        if (left.isEmpty()) {
            console.line("Nothing is left.");
            return true;
        }
        takeDown.troubles().forEach(trouble -> console.failed(trouble, ""));
        left.forEach(line -> console.failed("left: " + line, ""));
        return false;
    }

    /**
     * Takes the system down if this JVM is ended (SIGINT, SIGTERM) before the guard is dismissed.
     *
     * @return dismisses the guard
     */
    Runnable takeDownWhenInterrupted() {
        Thread guard = new Thread(
                () -> {
                    ending = true;
                    console.section("Interrupted: taking everything down");
                    takeDown();
                },
                "take-down");
        Runtime.getRuntime().addShutdownHook(guard);
        return () -> {
            if (!ending) {
                Runtime.getRuntime().removeShutdownHook(guard);
            }
        };
    }

    /** Whether this JVM is being ended: what fails now fails because of that. */
    boolean ending() {
        return ending;
    }

    private Path runDirectory() {
        String chosen = System.getenv("MM_DIR");
        return chosen == null || chosen.isEmpty() ? installation.root().resolve(".mm") : Path.of(chosen);
    }
}
