package io.memorymachine.local.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.memorymachine.backing.PostgresServer;
import io.memorymachine.local.host.Tool;
import io.memorymachine.local.process.ProcFs;
import io.memorymachine.local.process.ProcessRecord;
import io.memorymachine.local.process.Processes;
import io.memorymachine.local.system.MountTable;
import io.memorymachine.local.system.RunDirectory;
import io.memorymachine.local.system.Volume;
import io.memorymachine.platform.local.LocalPaths;

/** Measures everything of a system that could grow. */
final class Measurer {
    private static final Pattern USED = Pattern.compile("generation.* used (\\d+)K");
    private static final Path NETWORK_NAMESPACES = Path.of("/run/netns");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final int CGROUP_DEPTH = 4;

    /** {@code live/NAMESPACE/WORKLOAD/POD/heap}. */
    private static final int HEAP_DEPTH = 4;

    private static final String TABLES =
            "select schemaname || '.' || relname from pg_stat_user_tables where schemaname in ('%s') order by 1"
                    .formatted(String.join("', '", PostgresServer.SCHEMAS));

    private final RunDirectory directory;
    private final Processes processes;
    private final Connection database;

    /**
     * Measures the system of a run directory.
     *
     * @param database as its superuser
     */
    Measurer(RunDirectory directory, Processes processes, Connection database) {
        this.directory = directory;
        this.processes = processes;
        this.database = database;
    }

    /**
     * Measures now.
     *
     * @param collect whether the JVMs collect their garbage first and their live heaps are measured too
     */
    Measurement measure(boolean collect) throws SQLException {
        Measurement measured = new Measurement();
        processes.recorded().stream().filter(ProcessRecord::alive).forEach(process -> {
            if (collect && !process.name().equals("postgres")) {
                measured.with(Figure.HEAP, process.name(), liveHeap(process.pid()));
            }
            measured.with(Figure.RESIDENT, process.name(), ProcFs.residentBytes(process.pid()))
                    .with(Figure.DESCRIPTORS, process.name(), descriptors(process.pid()))
                    .with(Figure.THREADS, process.name(), threads(process.pid()));
        });
        machine(measured);
        disk(measured);
        database(measured);
        return measured;
    }

    private static long liveHeap(long pid) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Tool.run(jcmd, Long.toString(pid), "GC.run").orFail("the garbage of " + pid + " cannot be collected");
        String heap = Tool.run(jcmd, Long.toString(pid), "GC.heap_info")
                .orFail("the heap of " + pid + " cannot be measured")
                .output();
        Matcher used = USED.matcher(heap);
        long kilobytes = 0;
        while (used.find()) {
            kilobytes += Long.parseLong(used.group(1));
        }
        return kilobytes << 10;
    }

    private static long descriptors(long pid) {
        return count(Path.of("/proc", Long.toString(pid), "fd"));
    }

    private static long threads(long pid) {
        return ProcFs.stat(pid).map(ProcFs.Stat::threads).orElse(0);
    }

    private void machine(Measurement measured) {
        // The part of the tag that the names of all kinds have in common.
        String tag = LocalPaths.of(directory.root()).tag().substring(2);
        long mounts = MountTable.mountPoints().stream()
                .filter(mount -> mount.startsWith(directory.root()))
                .count();
        measured.with(Figure.MACHINE, "mounts", mounts)
                .with(
                        Figure.MACHINE,
                        "loop devices",
                        new Volume(directory).loopDevices().size())
                .with(Figure.MACHINE, "network namespaces", named(NETWORK_NAMESPACES, tag, 1))
                .with(Figure.MACHINE, "cgroups", named(CGROUPS, tag, CGROUP_DEPTH))
                .with(Figure.MACHINE, "processes", processes.marked().size())
                .with(Figure.MACHINE, "containers", count(directory.root().resolve("runc")));
    }

    private void disk(Measurement measured) {
        try {
            var store = Files.getFileStore(directory.volume());
            long used = store.getTotalSpace() - store.getUnallocatedSpace();
            long heaps = liveHeaps();
            measured.with(Figure.VOLUME, "pmem volume, without live heaps", used - heaps)
                    .with(Figure.REPORTED, "live heaps on the volume", heaps);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The members' roots are overlays, whose content is counted where it is written.
        Set<Path> elsewhere = Set.of(
                directory.volume(), directory.logs(), directory.kafka(), directory.postgres(), directory.images());
        measured.with(Figure.DISK, "run directory", bytes(directory.root(), elsewhere))
                .with(Figure.REPORTED, "logs", bytes(directory.logs(), Set.of()))
                .with(Figure.REPORTED, "broker's data", bytes(directory.kafka(), Set.of()))
                .with(Figure.REPORTED, "database with its log", bytes(directory.postgres(), Set.of()));
    }

    /** What the members' heaps take. A member touches more of its heap the longer it lives, up to the whole. */
    private long liveHeaps() throws IOException {
        List<String> du = new ArrayList<>(List.of("du", "--summarize", "--total", "--block-size=1"));
        try (Stream<Path> heaps =
                Files.find(directory.volume().resolve("live"), HEAP_DEPTH, (path, any) -> path.endsWith("heap"))) {
            heaps.map(Path::toString).forEach(du::add);
        }
        String[] lines = Tool.run(du).output().split("\n");
        return Long.parseLong(lines[lines.length - 1].split("\t")[0]);
    }

    private void database(Measurement measured) throws SQLException {
        try (Statement statement = database.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(TABLES)) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                measured.with(Figure.ROWS, table, number(statement, "select count(*) from " + table));
            }
            measured.with(
                    Figure.DATABASE,
                    PostgresServer.DATABASE,
                    number(statement, "select pg_database_size(current_database())"));
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static long count(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        } catch (IOException e) {
            // It has gone meanwhile, or was never made.
            return 0;
        }
    }

    /** The folders and files below a folder whose path, relative to it, holds a word. */
    private static long named(Path folder, String word, int depth) {
        AtomicLong found = new AtomicLong();
        walk(folder, depth, Set.of(), (path, attributes) -> {
            if (folder.relativize(path).toString().contains(word) && (depth == 1 || attributes.isDirectory())) {
                found.incrementAndGet();
            }
        });
        return found.get();
    }

    /** What the files below a folder hold, without some folders and whatever is mounted there. */
    private static long bytes(Path folder, Set<Path> without) {
        Set<Path> mounts = Set.copyOf(MountTable.mountPoints());
        AtomicLong sum = new AtomicLong();
        walk(
                folder,
                Integer.MAX_VALUE,
                Stream.concat(without.stream(), mounts.stream().filter(mount -> !folder.startsWith(mount)))
                        .collect(Collectors.toSet()),
                (path, attributes) -> sum.addAndGet(attributes.isRegularFile() ? attributes.size() : 0));
        return sum.get();
    }

    private static void walk(Path folder, int depth, Set<Path> without, Visit each) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, Set.of(), depth, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                    if (without.contains(visited)) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    each.visit(visited, attributes);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    each.visit(file, attributes);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    // It has gone meanwhile: what works here comes and goes.
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Visit {
        void visit(Path path, BasicFileAttributes attributes);
    }
}
