package io.memorymachine.contract;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.memorymachine.contract.envelope.CommandFailed;
import io.memorymachine.contract.envelope.Message;
import io.memorymachine.contract.license.LicenseCommand;
import io.memorymachine.contract.license.LicenseFact;
import io.memorymachine.contract.license.LicenseReply;
import io.memorymachine.contract.pmem.PmemCommand;
import io.memorymachine.contract.pmem.PmemFact;
import io.memorymachine.contract.pmem.PmemReply;
import io.memorymachine.contract.restore.RestoreCommand;
import io.memorymachine.contract.restore.RestoreFact;
import io.memorymachine.contract.restore.RestoreReply;
import io.memorymachine.contract.saga.SagaFact;
import io.memorymachine.contract.snapshot.SnapshotCommand;
import io.memorymachine.contract.snapshot.SnapshotFact;
import io.memorymachine.contract.snapshot.SnapshotReply;

/** The register of all messages: wire type to class. Classes register by being permitted by a sealed root below. */
public final class Contracts {
    private static final Map<String, Class<? extends Message>> BY_WIRE_TYPE = register();

    private Contracts() {}

    /** The class of a wire type, or empty where this version does not know it. */
    public static Optional<Class<? extends Message>> find(String wireType) {
        return Optional.ofNullable(wireType).map(BY_WIRE_TYPE::get);
    }

    /** All classes of messages, ordered by wire type. */
    public static Collection<Class<? extends Message>> all() {
        return BY_WIRE_TYPE.values();
    }

    private static Map<String, Class<? extends Message>> register() {
        Map<String, Class<? extends Message>> found = new TreeMap<>();
        Stream.of(
                        LicenseCommand.class,
                        LicenseReply.class,
                        LicenseFact.class,
                        PmemCommand.class,
                        PmemReply.class,
                        PmemFact.class,
                        SnapshotCommand.class,
                        SnapshotReply.class,
                        SnapshotFact.class,
                        RestoreCommand.class,
                        RestoreReply.class,
                        RestoreFact.class,
                        SagaFact.class)
                .flatMap(root -> Arrays.stream(root.getPermittedSubclasses()))
                .map(type -> type.asSubclass(Message.class))
                .forEach(type -> add(found, type));
        add(found, CommandFailed.class);
        return Collections.unmodifiableMap(found);
    }

    private static void add(Map<String, Class<? extends Message>> found, Class<? extends Message> type) {
        Class<? extends Message> before = found.put(Message.wireType(type), type);
        if (before != null) {
            throw new IllegalStateException(before.getName() + " and " + type.getName() + " share one wire type");
        }
    }
}
