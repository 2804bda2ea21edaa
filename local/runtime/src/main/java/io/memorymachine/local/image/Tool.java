package io.memorymachine.local.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Runs a tool that the build of an image needs. */
final class Tool {
    private Tool() {}

    /** Returns what it printed, stdout and stderr together; another status than 0 is an IOException that quotes it. */
    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(command[0] + " failed (" + status + "): " + output.strip());
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command[0] + " ran", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
