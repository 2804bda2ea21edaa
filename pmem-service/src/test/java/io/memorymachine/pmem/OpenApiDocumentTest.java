package io.memorymachine.pmem;

import io.memorymachine.testing.http.DocumentedApi;

@RealBacking
class OpenApiDocumentTest extends DocumentedApi {
    @Override
    protected String module() {
        return "pmem-service";
    }
}
