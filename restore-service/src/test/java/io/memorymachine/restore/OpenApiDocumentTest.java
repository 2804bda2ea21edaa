package io.memorymachine.restore;

import io.memorymachine.testing.http.DocumentedApi;

@RealBacking
class OpenApiDocumentTest extends DocumentedApi {
    @Override
    protected String module() {
        return "restore-service";
    }
}
