package io.memorymachine.restore.admission;

import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What the webhook puts into pods. */
@ConfigMapping(prefix = "mm.injection")
public interface InjectionConfig {
    /** The folder of live members on each node: {@code live} of the pmem volume. */
    @WithDefault("/var/lib/memory-machine/pmem/live")
    String pmemPath();

    /** The folder with mm-init and the CRIU bundle on each node. */
    @WithDefault("/var/lib/memory-machine/bin")
    String binPath();

    /** SELinux type of the member's container, for nodes that would keep it from the host's folders: {@code spc_t}. */
    Optional<String> selinuxType();

    /** SELinux level of the member's container. */
    Optional<String> selinuxLevel();

    /** Whether registries without valid TLS are asked for an image's entrypoint. */
    @WithDefault("false")
    boolean insecureRegistries();
}
