package io.memorymachine.local.system;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class CommandLockTest {
    @TempDir
    Path root;

    @Test
    void theHolderIsNamed() {
        RunDirectory directory = RunDirectory.at(root);

        CommandLock lock = CommandLock.tryTake(directory).orElseThrow();

        int status = lock.during(() -> {
            assertThat(CommandLock.holder(directory)).contains(ProcessHandle.current());
            return 7;
        });
        assertThat(status).isEqualTo(7);
    }

    @Test
    void aLockThatWasGivenBackCanBeTakenAgain() {
        RunDirectory directory = RunDirectory.at(root);
        CommandLock.tryTake(directory).orElseThrow().during(() -> 0);

        assertThat(CommandLock.tryTake(directory)).hasValueSatisfying(lock -> lock.during(() -> 0));
    }

    @Test
    void aDamagedFileNamesNobody() throws Exception {
        RunDirectory directory = RunDirectory.at(root);
        Files.writeString(directory.lock(), "nonsense");

        assertThat(CommandLock.holder(directory)).isEmpty();
    }
}
