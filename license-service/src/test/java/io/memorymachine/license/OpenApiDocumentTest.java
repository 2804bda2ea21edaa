package io.memorymachine.license;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.testing.http.DocumentedApi;

@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "license"))
@WithTestResource(value = LicenseSettings.class, scope = TestResourceScope.GLOBAL)
class OpenApiDocumentTest extends DocumentedApi {
    @Override
    protected String module() {
        return "license-service";
    }
}
