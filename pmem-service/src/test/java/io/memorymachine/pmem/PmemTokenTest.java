package io.memorymachine.pmem;

import java.util.Map;

import io.quarkus.test.junit.TestProfile;

import io.memorymachine.testing.GuardedApi;
import io.memorymachine.testing.TokenRequired;

@RealBacking
@TestProfile(TokenRequired.class)
class PmemTokenTest extends GuardedApi {
    @Override
    protected Map<String, Integer> paths() {
        return Map.of("/api/v1/usage", 200, "/api/v1/members", 200);
    }
}
