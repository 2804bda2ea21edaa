package io.memorymachine.backing;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BackingServicesTest {
    @Test
    void everyUseInAJvmGetsTheSameBrokerAndDatabase() {
        Map<String, String> first = use("license");
        Map<String, String> second = use("pmem");

        assertThat(second.get("kafka.bootstrap.servers")).isEqualTo(first.get("kafka.bootstrap.servers"));
        assertThat(first.get("quarkus.datasource.reactive.url"))
                .isEqualTo(BackingServices.postgres().reactiveUrl("license"));
        assertThat(second.get("quarkus.datasource.username")).isEqualTo("pmem");
    }

    @Test
    void anUnknownSchemaIsRefused() {
        assertThatThrownBy(() -> new BackingServices().init(Map.of("schema", "licence")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'licence'");
    }

    private static Map<String, String> use(String schema) {
        BackingServices services = new BackingServices();
        services.init(Map.of("schema", schema));
        try {
            return services.start();
        } finally {
            services.stop();
        }
    }
}
