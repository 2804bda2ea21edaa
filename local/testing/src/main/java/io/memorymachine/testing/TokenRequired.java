package io.memorymachine.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/** A service that asks its callers for {@link #TOKEN}, as it does where nothing else is configured. */
public final class TokenRequired implements QuarkusTestProfile {
    /** What the file holds. */
    public static final String TOKEN = "zJ4-the.right~token/of+the_tests-0123456789==";

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            // Made with mode 600.
            Path file = Files.createTempFile("mm-token-", "");
            file.toFile().deleteOnExit();
            Files.writeString(file, TOKEN + "\n");
            return Map.of(
                    "mm.http.auth.mode",
                    "token-file",
                    "mm.http.auth.token-file",
                    file.toString(),
                    // What restore-service sends.
                    "mm.snapshot-service.token-file",
                    file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
