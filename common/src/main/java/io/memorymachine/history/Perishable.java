package io.memorymachine.history;

import java.util.Objects;

/**
 * Rows of one kind that are deleted when they have been of no use for long enough. One bean for each kind;
 * {@link HistoryCleanUp} finds them and begins with the highest {@link jakarta.annotation.Priority}.
 *
 * @param kind for logs and metrics
 * @param deletion SQL that deletes some of the rows: $1 is the time before which they must have ended, $2 how many at most.
 *     Several instances may run it at once.
 */
public record Perishable(String kind, String deletion) {
    /** Refuses nulls. */
    public Perishable {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(deletion, "deletion");
    }

    /**
     * Rows of one table that stand for themselves.
     *
     * @param key the primary key's column
     * @param endedAt the column with the time that counts
     * @param ended SQL, what must hold of a row beside its age
     */
    public static Perishable rows(String kind, String table, String key, String endedAt, String ended) {
        return new Perishable(
                kind,
                "delete from " + table + " where " + key + " in (select " + key + " from " + table + " t where "
                        + endedAt + " < $1 and " + ended + " order by " + endedAt
                        + " limit $2 for update skip locked)");
    }
}
