package io.memorymachine.local.chaos;

import java.util.List;
import java.util.function.Predicate;

/**
 * The outcomes that are allowed in a cell, and why these. The table is a list of rules of which the first that fits
 * counts.
 *
 * @param outcomes as {@link SagaEnd#outcome}
 */
record Expectation(List<String> outcomes, String why) {
    private static final String COMPLETED = "completed";
    private static final String CANCELLED = "cancelled";

    private static final List<Rule> TABLE = List.of(
            // --- nothing happens
            rule("the control", at("*/*/none"), COMPLETED),
            // --- cancel
            rule(
                    "past the point of no return: refused with NOT_CANCELLABLE, and it goes on",
                    at("restore/release/cancel", "restore/await-whole/cancel", "restore/tidy-up/cancel"),
                    COMPLETED),
            rule(
                    "what ran before is put back from the safety snapshot",
                    at("restore/recreate/cancel", "restore/materialize/cancel", "restore/resolve-names/cancel"),
                    "rolled back after CANCELLED"),
            rule("everything is undone, the cluster resumed first", at("*/*/cancel"), CANCELLED),
            // --- a member
            rule(
                    "a snapshot of a cluster that is not whole is refused",
                    at(
                            "snapshot/find-members/kill-member",
                            "snapshot/authorize/kill-member",
                            "snapshot/reserve/kill-member",
                            "snapshot/prepare/kill-member",
                            "snapshot/guard/kill-member",
                            "snapshot/quiesce/kill-member"),
                    "failed MEMBER_DOWN",
                    "failed CLUSTER_NOT_SAFE",
                    "failed QUIESCE_FAILED"),
            rule("its image is there already, and whole", at("snapshot/*/kill-member"), COMPLETED),
            rule(
                    "the safety snapshot needs the whole cluster, and nothing was touched before it",
                    at(
                            "restore/hold-snapshot/kill-member",
                            "restore/find-targets/kill-member",
                            "restore/authorize/kill-member",
                            "restore/verify/kill-member",
                            "restore/safety-snapshot/kill-member"),
                    "failed MEMBER_DOWN",
                    "failed CLUSTER_NOT_SAFE"),
            rule(
                    "a placeholder or restored member that died: what ran before is put back",
                    at(
                            "restore/recreate/kill-member",
                            "restore/materialize/kill-member",
                            "restore/resolve-names/kill-member",
                            "restore/release/kill-member"),
                    "rolled back after MEMBER_DOWN",
                    "rolled back after MEMBER_CHANGED",
                    "rolled back after MATERIALIZE_FAILED",
                    "rolled back after NAMES_UNRESOLVED",
                    "rolled back after NOT_WHOLE_AGAIN"),
            rule(
                    "the cluster was whole: the restore has done its work",
                    at("restore/await-whole/kill-member", "restore/tidy-up/kill-member"),
                    COMPLETED),
            // --- a full volume
            rule("refused before anything is done", at("snapshot/reserve/volume-full"), "failed VOLUME_FULL"),
            rule(
                    "the half-made images go; members that find no block for a page are ended by the kernel",
                    at("snapshot/capture/volume-full"),
                    "failed VOLUME_FULL",
                    "failed CRIU_FAILED",
                    "failed MEMBER_DOWN",
                    "failed QUIESCE_LEASE_EXPIRED"),
            rule(
                    "sealing writes next to nothing; members that find no block for a page are ended by the kernel",
                    at("snapshot/seal/volume-full"),
                    COMPLETED,
                    "failed VOLUME_FULL"),
            rule("refused before any member is touched", at("restore/verify/volume-full"), "failed VOLUME_FULL"),
            rule(
                    "members that find no block for a page are ended by the kernel: what ran before is put back",
                    at("restore/materialize/volume-full"),
                    COMPLETED,
                    "rolled back after VOLUME_FULL",
                    "rolled back after CRIU_FAILED",
                    "rolled back after MATERIALIZE_FAILED",
                    "rolled back after MEMBER_DOWN",
                    "rolled back after NOT_WHOLE_AGAIN"),
            // --- damaged images
            rule("refused before any member is touched", at("restore/verify/flipped-byte"), "failed IMAGE_CORRUPT"),
            rule(
                    "refused before any member is touched",
                    at("restore/verify/missing-file", "restore/verify/truncated-file"),
                    "failed IMAGE_INCOMPLETE"),
            rule(
                    "refused before any member is touched",
                    at("restore/verify/foreign-manifest", "restore/verify/tampered-manifest"),
                    "failed MANIFEST_MISMATCH"),
            // --- other requests
            rule(
                    "the running operation is not disturbed",
                    at("*/*/second-snapshot", "*/*/second-restore", "*/*/delete-snapshot"),
                    COMPLETED),
            // --- nobody resumes in time but the guard
            rule(
                    "the lease ran out: a capture that outlived it is refused",
                    at("snapshot/capture/snapshot-away", "snapshot/capture/snapshot-and-pmem-away"),
                    "failed QUIESCE_LEASE_EXPIRED",
                    "failed TIMEOUT"),
            rule(
                    "the lease may run out while the broker or the database is away",
                    at("snapshot/capture/kafka-away", "snapshot/capture/postgres-away"),
                    "failed QUIESCE_LEASE_EXPIRED",
                    "failed TIMEOUT",
                    "failed CAPTURE_TIMEOUT"),
            rule(
                    "what was away for longer than a step may take: repeated, or what ran before is put back",
                    at("restore/materialize/kafka-away", "restore/materialize/postgres-away"),
                    COMPLETED,
                    "rolled back after TIMEOUT"),
            // --- kill -9
            rule(
                    "it has no part in this: nobody notices",
                    at(
                            "snapshot/guard/kill-license",
                            "snapshot/quiesce/kill-license",
                            "snapshot/capture/kill-license",
                            "snapshot/resume/kill-license"),
                    COMPLETED),
            rule("it has no part in this: nobody notices", at("snapshot/*/kill-restore"), COMPLETED),
            rule(
                    "started again, it goes on where it stood, if the lease leaves the time",
                    // The lease begins with the guard.
                    at("snapshot/guard/*", "snapshot/quiesce/*", "snapshot/capture/*", "snapshot/resume/*"),
                    COMPLETED,
                    "failed QUIESCE_LEASE_EXPIRED",
                    "failed TIMEOUT"),
            rule(
                    "a member that was half filled cannot be filled again",
                    at("restore/materialize/kill-pmem-at-work"),
                    COMPLETED,
                    "rolled back after MATERIALIZE_FAILED",
                    "rolled back after CRIU_FAILED"),
            rule("started again, it goes on where it stood", at("*/*/*"), COMPLETED));

    /** What is allowed in a cell. */
    static Expectation of(Cell cell) {
        return TABLE.stream()
                .filter(rule -> rule.fits().test(cell))
                .map(Rule::expectation)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no rule for " + cell.name()));
    }

    private static Rule rule(String why, Predicate<Cell> fits, String... outcomes) {
        return new Rule(fits, new Expectation(List.of(outcomes), why));
    }

    private static Predicate<Cell> at(String... patterns) {
        return cell -> {
            for (String pattern : patterns) {
                if (cell.matches(pattern)) {
                    return true;
                }
            }
            return false;
        };
    }

    private record Rule(Predicate<Cell> fits, Expectation expectation) {}
}
