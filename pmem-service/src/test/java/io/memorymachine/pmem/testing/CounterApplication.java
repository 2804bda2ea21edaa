package io.memorymachine.pmem.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** Runs as a member: holds data on its heap, counts, says once in a while that it is well, and changes its files. */
public final class CounterApplication {
    private static volatile long count;

    private CounterApplication() {}

    public static void main(String[] arguments) throws Exception {
        byte[][] data = new byte[Integer.parseInt(arguments[0])][1 << 20];
        Random random = new Random(42);
        for (byte[] part : data) {
            random.nextBytes(part);
        }
        int sum = Arrays.deepHashCode(data);
        Files.createDirectories(Path.of("/srv/app"));
        Files.writeString(Path.of("/srv/app/state"), "written by the application");
        Files.deleteIfExists(Path.of("/etc/debian_version"));
        Thread counter = new Thread(() -> {
            while (true) {
                count++;
                Thread.onSpinWait();
                sleep(1);
            }
        });
        counter.setDaemon(true);
        counter.start();
        while (true) {
            System.out.println("count " + count + " intact " + (Arrays.deepHashCode(data) == sum) + " files "
                    + Files.exists(Path.of("/srv/app/state")) + !Files.exists(Path.of("/etc/debian_version")));
            System.err.println("err " + count);
            sleep(100);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
