package io.memorymachine.snapshot;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;

import io.memorymachine.backing.BackingServices;

/** A test of the whole service with a real broker and a real database; one instance of each for all such tests. */
@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "snapshot"))
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RealBacking {}
