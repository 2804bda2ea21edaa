package io.memorymachine.platform.kubernetes;

import java.time.Duration;
import java.util.Optional;

import jakarta.validation.constraints.Pattern;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** The configuration of the platform {@code kubernetes}. */
@ConfigMapping(prefix = "mm.kubernetes")
public interface KubernetesConfig {
    /** Where the product itself lives and keeps its restore plans. */
    @WithDefault("memverge")
    String namespace();

    /** The end of every Service's name. */
    @WithDefault("cluster.local")
    String clusterDomain();

    /**
     * The Service of the cluster's DNS, {@code namespace/name}: each of its instances is asked. Where it is not set, only
     * the name server of this container is.
     */
    Optional<@Pattern(regexp = "[a-z0-9-]+/[a-z0-9-]+") String> dnsService();

    /** How long a member that is destroyed has to end by itself. Not zero: the kubelet would not be waited for then. */
    @WithDefault("1s")
    @DurationMin(seconds = 1)
    @DurationMax(seconds = 60)
    Duration deletionGrace();

    /** For all members to be gone and to run again; less than the saga's deadline of the step. */
    @WithDefault("110s")
    @DurationMin(millis = 100)
    @DurationMax(seconds = 115)
    Duration recreateTimeout();

    /** A plan that nobody has disarmed counts no more after this long. */
    @WithDefault("5m")
    @DurationMin(seconds = 1)
    Duration planLifetime();
}
