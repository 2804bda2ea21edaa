package io.memorymachine.local;

import java.util.ArrayList;
import java.util.List;

import io.memorymachine.local.host.Check;
import io.memorymachine.local.host.Doctor;
import io.memorymachine.local.host.Tool;
import io.memorymachine.local.system.Installation;
import io.memorymachine.local.system.Ports;
import io.memorymachine.local.system.RunDirectory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What keeps a whole system from running on this machine. */
public final class Obstacles {
    private Obstacles() {}

    /** Skips the test with the reason where there are any; fails it in CI. */
    public static void assumeNone(RunDirectory directory, Installation installation, Ports ports) {
        List<String> obstacles = new ArrayList<>();
        installation.missing().forEach(path -> obstacles.add(path + " is not built"));
        new Doctor(directory, installation, ports, false)
                .examine().stream()
                        .filter(check -> check.level() == Check.Level.FAIL)
                        .forEach(check -> obstacles.add(check.name() + ": " + check.found() + ", " + check.remedy()));
        if (!Tool.run("curl", "--version").ok()) {
            obstacles.add("curl is missing");
        }
        if (System.getenv("CI") != null) {
            assertThat(obstacles).as("what keeps the whole system from running").isEmpty();
        }
        assumeTrue(obstacles.isEmpty(), () -> String.join("; ", obstacles));
    }
}
