package io.memorymachine.local.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

import com.sun.nio.file.ExtendedOpenOption;

import io.memorymachine.failure.FailureReason;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.pmem.runtime.Command;

/**
 * What a seal could reach at most: the rate at which the volume gives the same bytes to whoever does nothing with them, and
 * that at which a checksum is made of bytes in memory. Measured in a JVM with its optimizing compiler, as pmem-service is:
 * only that uses the processor's instructions for SHA.
 *
 * @param read MiB a second of all images together, read side by side past the page cache
 * @param crc32c MiB a second on one processor
 * @param sha256 MiB a second on one processor; what images are sealed with
 */
record ReadingRates(double read, double crc32c, double sha256) {
    private static final Duration WITHIN = Duration.ofMinutes(2);
    private static final int BUFFER = 1 << 20;
    private static final int ALIGNMENT = 4096;
    private static final int MEMORY = 32 << 20;
    private static final int ROUNDS = 24;
    private static final double MIB = 1048576.0;

    /** Measures with the images in a folder, one for each member. */
    static ReadingRates of(RunDirectory directory, Path images) {
        String[] rates = Command.of(
                        "env",
                        Processes.MARK + "=" + directory.root(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReadingRates.class.getName(),
                        images.toString())
                .within(WITHIN)
                .orFail(FailureReason.INTERNAL)
                .split(" ");
        return new ReadingRates(
                Double.parseDouble(rates[0]), Double.parseDouble(rates[1]), Double.parseDouble(rates[2]));
    }

    /** Prints the three rates; the argument is the folder. */
    public static void main(String[] args) throws Exception {
        List<Path> images;
        try (Stream<Path> folders = Files.list(Path.of(args[0]))) {
            images = folders.filter(Files::isDirectory).toList();
        }
        System.out.println(reading(images) + " " + measureCrc32c() + " " + measureSha256());
    }

    private static double reading(List<Path> images) {
        long from = System.nanoTime();
        long bytes = images.parallelStream().mapToLong(ReadingRates::readAll).sum();
        return rate(bytes, from);
    }

    private static long readAll(Path image) {
        try (Stream<Path> files = Files.walk(image)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER + ALIGNMENT).alignedSlice(ALIGNMENT);
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += read(file, buffer);
            }
            return bytes;
        } catch (IOException e) {
            throw new BenchFailedException("an image cannot be read: " + e);
        }
    }

    private static long read(Path file, ByteBuffer buffer) throws IOException {
        long bytes = 0;
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            int some;
            do {
                buffer.clear().limit(BUFFER);
                some = in.read(buffer);
                bytes += Math.max(0, some);
                // What is shorter is the end; beyond it nothing is aligned.
            } while (some == BUFFER);
        }
        return bytes;
    }

    private static double measureCrc32c() {
        CRC32C checksum = new CRC32C();
        return inMemory(checksum::update);
    }

    private static double measureSha256() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return inMemory(digest::update);
    }

    /** After as much that does not count, until it is compiled. */
    private static double inMemory(Consumer<byte[]> checksum) {
        byte[] bytes = new byte[MEMORY];
        new Random(1).nextBytes(bytes);
        long from = 0;
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            if (round == 0) {
                from = System.nanoTime();
            }
            checksum.accept(bytes);
        }
        return rate((long) MEMORY * ROUNDS, from);
    }

    private static double rate(long bytes, long from) {
        return bytes / MIB / ((System.nanoTime() - from) / 1e9);
    }
}
