package io.memorymachine.profile.hazelcast;

import java.time.Duration;
import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How the members' REST interface is reached. */
@ConfigMapping(prefix = "mm.profile.hazelcast")
public interface HazelcastConfig {
    /** The port of the REST interface, where a member's address does not name one. */
    @WithDefault("5701")
    @Min(1)
    @Max(65535)
    int port();

    /** The cluster's name; changes of state are refused without it. */
    @WithDefault("dev")
    String clusterName();

    /** The cluster's password; none unless given. */
    Optional<String> password();

    /** How long to wait between two looks at the members. */
    @WithDefault("20ms")
    Duration pollInterval();

    /**
     * How long after their release restored members are not asked for a change of state, where their clocks have jumped:
     * the members' {@code hazelcast.heartbeat.interval.seconds} and something for a busy machine.
     */
    @WithDefault("1500ms")
    Duration settling();

    /** How long one member may take to answer one question. */
    @WithDefault("2s")
    Duration requestTimeout();
}
