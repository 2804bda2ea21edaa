package io.memorymachine.platform.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.memorymachine.contract.workload.WorkloadRef;

/** The JSON files that say which workloads and members there are; each is replaced by a rename, so it is always whole. */
final class StateFiles {
    static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final LocalPaths paths;

    StateFiles(LocalPaths paths) {
        this.paths = paths;
    }

    void write(WorkloadSpec spec) {
        writeJson(paths.workload(spec.ref()).resolve("workload.json"), spec);
    }

    Optional<WorkloadSpec> workload(WorkloadRef ref) {
        return readJson(paths.workload(ref).resolve("workload.json"), WorkloadSpec.class);
    }

    /** All workloads, in the order of their names. */
    List<WorkloadSpec> workloads() {
        List<WorkloadSpec> found = new ArrayList<>();
        for (Path namespace : children(paths.workloads())) {
            for (Path name : children(namespace)) {
                readJson(name.resolve("workload.json"), WorkloadSpec.class).ifPresent(found::add);
            }
        }
        return found;
    }

    void write(WorkloadRef ref, MemberRecord member) {
        writeJson(memberFile(ref, member.ordinal()), member);
    }

    Optional<MemberRecord> member(WorkloadRef ref, int ordinal) {
        return readJson(memberFile(ref, ordinal), MemberRecord.class);
    }

    /** The records of all members that have one, running or not, in the order of their ordinals. */
    List<MemberRecord> members(WorkloadSpec spec) {
        return IntStream.range(0, spec.replicas())
                .mapToObj(ordinal -> member(spec.ref(), ordinal))
                .flatMap(Optional::stream)
                .toList();
    }

    void forget(WorkloadRef ref, int ordinal) {
        deleteTree(memberFile(ref, ordinal));
    }

    private Path memberFile(WorkloadRef ref, int ordinal) {
        return paths.workload(ref).resolve("member-" + ordinal + ".json");
    }

    static void writeJson(Path file, Object value) {
        try {
            Files.createDirectories(file.getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            JSON.writeValue(fresh.toFile(), value);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LocalPlatformException(file + " cannot be written", e);
        }
    }

    static <T> Optional<T> readJson(Path file, Class<T> type) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LocalPlatformException(file + " cannot be read", e);
        }
    }

    /** The entries of a directory, sorted; none where it does not exist. */
    static List<Path> children(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new LocalPlatformException(directory + " cannot be listed", e);
        }
    }

    /** Deletes a file, or a directory with what is in it; what is not there is fine. */
    static void deleteTree(Path root) {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new LocalPlatformException(root + " cannot be deleted", e);
        }
    }
}
