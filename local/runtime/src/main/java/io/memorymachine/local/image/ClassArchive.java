package io.memorymachine.local.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The class data archive of an image: what a member loads while it starts, laid out once. Members start in about half the
 * time with it, and share its pages.
 *
 * <p>Java takes an archive only under the class path that it was made with, so both runs happen inside the image, in mount
 * and PID namespaces of their own that end with them.
 */
final class ClassArchive {
    private static final Duration STARTED_WITHIN = Duration.ofSeconds(90);
    private static final String STARTED = " is STARTED";
    private static final String LIST = "/tmp/classes";

    private ClassArchive() {}

    /**
     * Starts a member in the image to see which classes it loads, and lays them out.
     *
     * @param archive where, as the image sees it
     * @param java Java and its options, as for a member
     * @param main class path and main class
     */
    static void create(Path rootfs, String archive, List<String> java, List<String> main) throws IOException {
        List<String> training = inside(rootfs);
        training.addAll(java);
        training.add("-XX:DumpLoadedClassList=" + LIST);
        training.addAll(main);
        train(training);

        List<String> dump = inside(rootfs);
        dump.add(java.get(0));
        dump.addAll(List.of(
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + LIST,
                "-XX:SharedArchiveFile=" + archive,
                "-Xlog:all=off"));
        dump.addAll(main.subList(0, 2));
        Tool.run(dump.toArray(String[]::new));
        Files.delete(rootfs.resolve(LIST.substring(1)));
    }

    private static List<String> inside(Path rootfs) {
        return new ArrayList<>(List.of(
                "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--root", rootfs.toString()));
    }

    private static void train(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Executor later = CompletableFuture.delayedExecutor(STARTED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> timeout = CompletableFuture.runAsync(process::destroyForcibly, later);
        StringBuilder output = new StringBuilder();
        boolean started = false;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                if (line.endsWith(STARTED)) {
                    started = true;
                    // unshare itself takes no notice of SIGTERM.
                    process.children().forEach(ProcessHandle::destroy);
                }
            }
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a member was started for its classes", e);
        } finally {
            timeout.cancel(false);
            process.destroyForcibly();
        }
        if (!started) {
            throw new IOException("a member of the new image does not start:\n"
                    + output.toString().strip());
        }
    }
}
