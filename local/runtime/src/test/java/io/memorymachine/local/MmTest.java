package io.memorymachine.local;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class MmTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "frobnicate",
                "demo --entries many",
                "demo --entries 0",
                "demo --heap 12",
                "demo --heap big",
                "demo --members 0",
                "demo --entries 90000000",
                "up --volume-size 1k",
                "up --volume-backing tape",
                "status -o yaml",
                "chaos --only nowhere/*",
                "chaos -o yaml",
                "chaos --systems 0",
                "chaos --systems 9",
                "soak --cycles 0",
                "soak --cycles many",
                "chaos --ports some"
            })
    void aWrongCommandLineIsRefusedBeforeAnythingIsDone(String line) {
        assertThat(Mm.run(line.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "help",
                "demo --help",
                "chaos --help",
                "chaos --list --only snapshot/seal/cancel",
                "up --help",
                "status --help",
                "down --help",
                "doctor --help"
            })
    void everyCommandExplainsItself(String line) {
        assertThat(Mm.run(line.split(" "))).isZero();
    }
}
