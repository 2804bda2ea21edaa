package io.memorymachine.pmem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.pmem.runtime.Command;
import io.memorymachine.pmem.runtime.Toolbox;

import static org.assertj.core.api.Assertions.assertThat;

/** mm-init as PID 1 of a namespace of its own, and mm-enter. */
class NativeHelpersTest {
    private static final Path NATIVE = Path.of("target", "native").toAbsolutePath();
    private static final Toolbox TOOLBOX = new Toolbox(NATIVE);

    private Process unshare;

    @AfterEach
    void end() {
        if (unshare != null) {
            unshare.descendants().forEach(ProcessHandle::destroyForcibly);
            unshare.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 7, 7", "kill -9 $$, 137"})
    void initEndsWithTheStatusOfTheApplication(String script, int status) throws Exception {
        start("--", "sh", "-c", script);

        assertThat(awaitEnd()).isEqualTo(status);
    }

    @Test
    void initSaysThatACommandIsMissing() throws Exception {
        start("--", "/no/such/command");

        assertThat(awaitEnd()).isEqualTo(127);
    }

    @ParameterizedTest
    @CsvSource({"TERM, 15", "HUP, 1", "USR1, 10", "USR2, 12", "WINCH, 28"})
    void initForwardsSignals(String name, int number) throws Exception {
        start("--", "sh", "-c", "trap 'exit 42' " + name + "; echo ready; while :; do sleep 0.05; done");
        assertThat(unshare.inputReader().readLine()).isEqualTo("ready");

        TOOLBOX.signal(init(), number).orFail(FailureReason.INTERNAL);

        assertThat(awaitEnd()).isEqualTo(42);
    }

    @Test
    void initReapsOrphans() throws Exception {
        start("--", "sh", "-c", "for i in 1 2 3 4 5; do (sleep 0.1 &) ; done; echo ready; sleep 100");
        assertThat(unshare.inputReader().readLine()).isEqualTo("ready");

        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .until(() -> children(init()).size() == 1);
    }

    @Test
    void applicationLeadsASession() throws Exception {
        start("--", "sh", "-c", "echo $$ $(cut -d ' ' -f 6 /proc/self/stat); sleep 100");

        String[] line = unshare.inputReader().readLine().split(" ");
        assertThat(line[1]).isEqualTo(line[0]).isNotEqualTo("1");
    }

    @Test
    void waitingInitStartsNothingAndEndsOnRequest() throws Exception {
        start("--wait", "--", "sh", "-c", "echo started");
        Awaitility.await().until(() -> unshare.children().findAny().isPresent());
        long init = init();

        TOOLBOX.signal(init, 15).orFail(FailureReason.INTERNAL);

        assertThat(awaitEnd()).isEqualTo(128 + 15);
        assertThat(unshare.inputReader().readLine()).isNull();
    }

    @Test
    void enterRunsACommandInTheNamespaceOfTheTargetWithAHighPid() throws Exception {
        start("--", "sh", "-c", "echo ready; sleep 100");
        unshare.inputReader().readLine();
        String target = Long.toString(init());

        Command.Result result = Command.of(
                        TOOLBOX.enter(), "--target", target, "--last-pid", "5000", "--", "sh", "-c", "echo $$; exit 3")
                .run();

        assertThat(result.status()).isEqualTo(3);
        assertThat(Integer.parseInt(result.output())).isEqualTo(5001);
    }

    @Test
    void whatACommandThatEntersWritesIsItsOwners() throws Exception {
        start("--", "sh", "-c", "umask; sleep 100");
        String ofTheApplication = unshare.inputReader().readLine();

        String ofTheCommand = Command.of(TOOLBOX.enter(), "--target", Long.toString(init()), "--", "sh", "-c", "umask")
                .orFail(FailureReason.INTERNAL);

        assertThat(ofTheCommand).isEqualTo("0077").isNotEqualTo(ofTheApplication);
    }

    @Test
    void enterGivesTheTargetsFileDescriptors() throws Exception {
        start("--", "sh", "-c", "echo ready; sleep 100");
        unshare.inputReader().readLine();

        Command.of(TOOLBOX.enter(), "--target", Long.toString(init()), "--fd", "9=1", "--", "sh", "-c", "echo hi >&9")
                .orFail(FailureReason.INTERNAL);

        assertThat(unshare.inputReader().readLine()).isEqualTo("hi");
    }

    private void start(String... init) throws IOException {
        List<String> line = Stream.concat(
                        Stream.of(
                                // What was ignored when these tests were started, as by nohup, could not be trapped.
                                "env",
                                "--default-signal",
                                "unshare",
                                "--pid",
                                "--fork",
                                "--mount-proc",
                                NATIVE.resolve("mm-init").toString()),
                        Stream.of(init))
                .toList();
        unshare = new ProcessBuilder(line).start();
    }

    private long init() {
        return unshare.children().findFirst().orElseThrow().pid();
    }

    private static List<Long> children(long pid) throws IOException {
        String children = Files.readString(Path.of("/proc/" + pid + "/task/" + pid + "/children"));
        List<Long> pids = new ArrayList<>();
        for (String child : children.strip().split(" ")) {
            pids.add(Long.valueOf(child));
        }
        return pids;
    }

    private int awaitEnd() throws InterruptedException {
        assertThat(unshare.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return unshare.exitValue();
    }
}
