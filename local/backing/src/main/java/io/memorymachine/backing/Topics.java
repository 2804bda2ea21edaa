package io.memorymachine.backing;

import java.util.List;

/** The topics the product talks over; brokers of ours have them before the first client comes. */
public final class Topics {
    /** Every topic of the product, in the order in which a saga's data passes. */
    public static final List<String> ALL = List.of(
            "mm.license.commands",
            "mm.pmem.commands",
            "mm.snapshot.commands",
            "mm.restore.commands",
            "mm.snapshot.replies",
            "mm.restore.replies",
            "mm.events",
            "mm.deadletter");

    private Topics() {}
}
