package io.memorymachine.pmem;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;

import io.memorymachine.backing.BackingServices;
import io.memorymachine.pmem.fakes.NodeFolder;

/** A test of the whole service, on a node of files, with a real broker and a real database. */
@QuarkusTest
@WithTestResource(
        value = BackingServices.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "schema", value = "pmem"))
@WithTestResource(value = NodeFolder.class, scope = TestResourceScope.GLOBAL)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RealBacking {}
