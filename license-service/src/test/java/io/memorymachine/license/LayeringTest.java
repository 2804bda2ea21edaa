package io.memorymachine.license;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** Who may know whom. */
@AnalyzeClasses(packages = "io.memorymachine.license", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
    @ArchTest
    static final ArchRule DOCUMENT_IS_PLAIN = classes()
            .that()
            .resideInAPackage("..license.document..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..", "com.fasterxml.jackson..", "io.memorymachine.failure..", "..license.document..")
            .because("licences are issued where no service runs");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_INBOUND_SIDE = noClasses()
            .that()
            .resideOutsideOfPackage("..license.inbound..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..license.inbound..")
            .because("data flows from inbound inwards");

    @ArchTest
    static final ArchRule STORE_KNOWS_NO_LAYER_ABOVE = noClasses()
            .that()
            .resideInAPackage("..license.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..license.install..", "..license.participant..", "..license.publish..", "..license.runtime..")
            .because("tables serve, they do not decide");

    @ArchTest
    static final ArchRule NO_OTHER_SERVICE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.memorymachine.pmem..", "io.memorymachine.snapshot..", "io.memorymachine.restore..")
            .because("services know each other's messages only");
}
