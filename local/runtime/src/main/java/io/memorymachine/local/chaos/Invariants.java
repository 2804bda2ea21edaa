package io.memorymachine.local.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.memorymachine.contract.workload.MemberPlacement;
import io.memorymachine.local.process.ProcFs;
import io.memorymachine.local.system.MountTable;

/**
 * What must hold when nothing runs, whatever happened before: no message waits, no lock, hold, lease or reservation is
 * left, the volume holds the images of sealed snapshots and no others, and the machine holds the members that run and
 * nothing else.
 */
final class Invariants {
    private static final Duration POLL = Duration.ofMillis(200);

    /** What each query counts must be 0. */
    private static final Map<String, String> NOTHING_OF = new TreeMap<>(Map.of(
            "messages in the outbox of license-service", "select count(*) from license.outbox",
            "messages in the outbox of pmem-service", "select count(*) from pmem.outbox",
            "messages in the outbox of snapshot-service", "select count(*) from snapshot.outbox",
            "messages in the outbox of restore-service", "select count(*) from restore.outbox",
            "locks of the workload", "select count(*) from snapshot.workload_lock",
            "holds of snapshots", "select count(*) from snapshot.snapshot_hold",
            "open quiesce leases", "select count(*) from snapshot.quiesce_lease where resumed_at is null",
            "licence leases", "select count(*) from license.license_lease where ends_at > now()",
            "sagas of snapshot-service that run",
                    "select count(*) from snapshot.saga where phase in ('RUNNING', 'COMPENSATING')",
            "sagas of restore-service that run",
                    "select count(*) from restore.saga where phase in ('RUNNING', 'COMPENSATING')"));

    private static final String SEALED = "select id::text from snapshot.snapshot where phase = 'SEALED'";

    private final Stage stage;
    private final StepHold database;
    private final ClusterWatch watch;

    Invariants(Stage stage, StepHold database, ClusterWatch watch) {
        this.stage = stage;
        this.database = database;
        this.watch = watch;
    }

    /** What does not hold, a line each, once nothing changes for the better within the bound; empty if all holds. */
    List<String> violations(Duration bound) throws InterruptedException, SQLException {
        long deadline = System.nanoTime() + bound.toNanos();
        List<String> found = violations();
        while (!found.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(POLL.toMillis());
            found = violations();
        }
        return found;
    }

    private List<String> violations() throws SQLException {
        List<String> found = new ArrayList<>();
        Connection connection = database.connection();
        List<String> sealed = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> nothing : NOTHING_OF.entrySet()) {
                try (ResultSet rows = statement.executeQuery(nothing.getValue())) {
                    rows.next();
                    if (rows.getLong(1) > 0) {
                        found.add(rows.getLong(1) + " " + nothing.getKey());
                    }
                }
            }
            try (ResultSet rows = statement.executeQuery(SEALED)) {
                while (rows.next()) {
                    sealed.add(rows.getString(1));
                }
            }
        }
        volume(sealed, found);
        machine(found);
        return found;
    }

    private void volume(List<String> sealed, List<String> found) {
        Path volume = stage.directory().volume();
        List<String> folders = Stage.entries(volume.resolve("snapshots"));
        folders.stream()
                .filter(folder -> !sealed.contains(folder))
                .forEach(folder -> found.add("images of " + folder + ", which is no sealed snapshot"));
        for (String snapshot : sealed) {
            Path folder = volume.resolve("snapshots").resolve(snapshot);
            long images = Stage.entries(folder).stream()
                    .filter(member -> Files.exists(folder.resolve(member).resolve("image.json")))
                    .count();
            if (images != stage.settings().members()) {
                found.add("the sealed snapshot " + snapshot + " has " + images + " whole images");
            }
        }
        Stage.entries(volume.resolve("reservations")).forEach(left -> found.add("the reservation of " + left));
    }

    private void machine(List<String> found) {
        List<MemberPlacement> running = watch.running();
        List<String> containers = Stage.entries(stage.directory().root().resolve("runc"));
        if (containers.size() != running.size()) {
            found.add(containers.size() + " containers for " + running.size() + " members");
        }
        Path root = stage.directory().root();
        long overlays = MountTable.mountPoints().stream()
                .filter(mount -> mount.startsWith(root)
                        && !mount.equals(stage.directory().volume()))
                .count();
        // A member that was killed keeps its mount until it is made anew.
        if (overlays > stage.settings().members()) {
            found.add(overlays + " mounts for " + stage.settings().members() + " members");
        }
        for (MemberPlacement member : running) {
            List<ProcFs.Stat> processes = stage.inContainer(member.incarnation());
            if (processes.stream().anyMatch(process -> process.state() == 'T' || process.state() == 't')) {
                found.add(member.member().pod() + " is stopped");
            }
            if (processes.stream().noneMatch(process -> process.command().equals("java"))) {
                found.add(member.member().pod() + " is a placeholder");
            }
        }
        stage.criu().forEach(process -> found.add("CRIU runs, pid " + process.pid()));
    }
}
