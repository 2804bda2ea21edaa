package io.memorymachine.pmem.publish;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;

import io.memorymachine.contract.snapshot.SnapshotFact.InventoryChecked;
import io.memorymachine.platform.NodePlatform;
import io.memorymachine.pmem.runtime.Trees;
import io.memorymachine.pmem.volume.PmemVolume;

/**
 * The sealed snapshots on this node that no catalogue knows. They are never removed by themselves: perhaps the catalogue was
 * put back from an older backup. Each is logged once, with its size.
 */
@ApplicationScoped
public class UnknownSnapshots {
    private static final Logger LOG = Logger.getLogger(UnknownSnapshots.class);

    private final PmemVolume volume;
    private final NodePlatform platform;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private volatile Integer count;

    @Inject
    UnknownSnapshots(PmemVolume volume, NodePlatform platform, MeterRegistry meters) {
        this.volume = volume;
        this.platform = platform;
        meters.gauge("mm.pmem.unknown.snapshots", this, unknown -> unknown.count == null ? 0 : unknown.count);
    }

    /** How many there were when somebody last looked; null where nobody has since the start. */
    public Integer count() {
        return count;
    }

    /** Takes what came of an inventory; those of other nodes are left alone. */
    public Uni<Void> take(InventoryChecked checked) {
        if (!platform.node().equals(checked.node())) {
            return Uni.createFrom().voidItem();
        }
        count = checked.unknown().size();
        List<String> news = checked.unknown().stream().filter(told::add).toList();
        return news.isEmpty()
                ? Uni.createFrom().voidItem()
                : VertxContextSupport.executeBlocking(() -> {
                    news.forEach(this::tell);
                    return null;
                });
    }

    private void tell(String snapshot) {
        try {
            LOG.warnf(
                    "snapshot=%s is sealed and in no catalogue; it is kept, and has %d bytes",
                    snapshot, Trees.size(volume.layout().snapshot(snapshot)));
        } catch (IOException e) {
            throw new UncheckedIOException("snapshot " + snapshot + " cannot be measured", e);
        }
    }
}
