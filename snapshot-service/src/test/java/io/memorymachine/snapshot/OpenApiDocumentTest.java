package io.memorymachine.snapshot;

import io.memorymachine.testing.http.DocumentedApi;

@RealBacking
class OpenApiDocumentTest extends DocumentedApi {
    @Override
    protected String module() {
        return "snapshot-service";
    }
}
