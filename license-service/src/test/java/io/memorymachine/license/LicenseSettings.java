package io.memorymachine.license;

import java.nio.file.Path;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** The configuration of the service under test. */
public final class LicenseSettings implements QuarkusTestResourceLifecycleManager {
    /** Where {@code mm.license.file} points; absent when the application starts. */
    public static final Path FILE = Path.of("target", "picked-up-license.json").toAbsolutePath();

    @Override
    public Map<String, String> start() {
        return Map.of(
                "mm.license.trusted-keys",
                Path.of("src/test/resources/golden/trusted-key.pem")
                        .toAbsolutePath()
                        .toString(),
                "mm.license.file",
                FILE.toString(),
                // The tests look when they want to.
                "mm.license.first-check-after",
                "PT24H",
                "quarkus.log.category.\"io.memorymachine\".level",
                "INFO");
    }

    @Override
    public void stop() {}
}
