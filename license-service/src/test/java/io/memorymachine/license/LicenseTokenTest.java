package io.memorymachine.license;

import java.util.Map;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.testing.GuardedApi;
import io.memorymachine.testing.TokenRequired;

@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "license"))
@WithTestResource(value = LicenseSettings.class, scope = TestResourceScope.GLOBAL)
@TestProfile(TokenRequired.class)
class LicenseTokenTest extends GuardedApi {
    @Override
    protected Map<String, Integer> paths() {
        return Map.of("/api/v1/license", 200);
    }
}
