package io.memorymachine.local.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Damages one file of a member image, and mends it again: the file is moved aside and a damaged copy takes its place. */
final class Damage {
    private final Path victim;
    private final Path aside;

    /**
     * Damages an image.
     *
     * @param snapshot the folder of the snapshot
     * @param aside where the undamaged file is kept, on the same file system and outside the snapshot
     */
    Damage(Fault fault, Path snapshot, Path aside) throws IOException {
        this.aside = aside;
        Path image = snapshot.resolve(Stage.entries(snapshot).get(0));
        boolean manifest = fault == Fault.FOREIGN_MANIFEST || fault == Fault.TAMPERED_MANIFEST;
        this.victim = manifest ? image.resolve("image.json") : smallestOf(image.resolve("criu"));
        Files.move(victim, aside, StandardCopyOption.REPLACE_EXISTING);
        switch (fault) {
            case FLIPPED_BYTE -> flip(Files.size(aside) / 2);
            case TRUNCATED_FILE -> truncate();
            case FOREIGN_MANIFEST ->
                Files.copy(snapshot.resolve(Stage.entries(snapshot).get(1)).resolve("image.json"), victim);
            case TAMPERED_MANIFEST -> Files.writeString(victim, Files.readString(aside) + " ");
            case MISSING_FILE -> {
                // Moved aside, it is missing.
            }
            default -> throw new IllegalArgumentException(fault + " damages no image");
        }
    }

    /** Puts the undamaged file back. */
    void mend() throws IOException {
        Files.move(aside, victim, StandardCopyOption.REPLACE_EXISTING);
    }

    private void flip(long at) throws IOException {
        Files.copy(aside, victim);
        try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
            file.seek(at);
            int before = file.read();
            file.seek(at);
            file.write(before ^ 1);
        }
    }

    private void truncate() throws IOException {
        Files.copy(aside, victim);
        try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
            file.setLength(file.length() - 1);
        }
    }

    private static Path smallestOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() > 0)
                    .min(Comparator.comparingLong((Path file) -> file.toFile().length())
                            .thenComparing(Path::toString))
                    .orElseThrow(() -> new IOException(folder + " holds no file"));
        }
    }
}
