package io.memorymachine.pmem;

import org.junit.jupiter.api.Test;

import io.memorymachine.layering.Layering;

class ProductLayersTest {
    @Test
    void nobodyImportsAcrossALayer() {
        Layering.verify();
    }
}
