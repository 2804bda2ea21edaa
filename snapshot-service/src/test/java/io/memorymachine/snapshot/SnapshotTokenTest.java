package io.memorymachine.snapshot;

import java.util.Map;

import io.quarkus.test.junit.TestProfile;

import io.memorymachine.testing.GuardedApi;
import io.memorymachine.testing.TokenRequired;

@RealBacking
@TestProfile(TokenRequired.class)
class SnapshotTokenTest extends GuardedApi {
    @Override
    protected Map<String, Integer> paths() {
        return Map.of("/api/v1/snapshots", 200, "/api/v1/snapshots/none", 404, "/api/v1/snapshots/none/events", 404);
    }
}
