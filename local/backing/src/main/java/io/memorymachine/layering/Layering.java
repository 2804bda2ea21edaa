package io.memorymachine.layering;

import java.util.ArrayList;
import java.util.List;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The layers of the product. A module's test calls {@link #verify()}, which looks at all classes of the product on that
 * module's class path.
 */
public final class Layering {
    private static final String BASE = "io.memorymachine.";
    private static final List<String> SERVICES = List.of("license", "pmem", "snapshot", "restore");

    private Layering() {}

    /**
     * Checks all rules.
     *
     * @throws AssertionError with every import that breaks one
     */
    public static void verify() {
        // The rules go by packages: what the classes of others look like does not matter.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        JavaClasses product =
                new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests())).importPackages("io.memorymachine");
        rules().forEach(rule -> rule.allowEmptyShould(true).check(product));
    }

    private static List<ArchRule> rules() {
        List<ArchRule> rules = new ArrayList<>();
        rules.add(classes()
                .that()
                .resideInAPackage(BASE + "contract..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "com.fasterxml.jackson.annotation..", BASE + "contract..", BASE + "failure..")
                .because("contracts are read by other versions and other programs: they depend on no framework"));
        rules.add(noClasses()
                .that()
                .resideInAnyPackage(BASE + "saga.state..", BASE + "saga.definition..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "jakarta..", "io.quarkus..", "io.smallrye..", "io.vertx..", "org.hibernate..", "org.eclipse..")
                .because("what a saga does next is decided without Kafka, database and clock, and tested so"));
        rules.add(noClasses()
                .that()
                .resideInAPackage(BASE + "*.orchestrate..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + "*.participant..")
                .because("a service's saga reaches its own participant through Kafka: crash recovery has one path"));
        rules.add(noClasses()
                .that()
                .resideInAPackage(BASE + "*.participant.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + "*.participant.*.*..")
                .because("handlers see ports, not the adapters in the subpackages"));
        rules.add(noClasses()
                .that()
                .resideInAnyPackage(BASE + "*.orchestrate..", BASE + "*.participant.*", BASE + "*.inbound..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(BASE + "platform.*..", BASE + "profile.*..")
                .because("the platform and the application are chosen by configuration, behind their ports"));
        rules.add(noClasses()
                .that()
                .resideInAnyPackage(BASE + "platform", BASE + "profile")
                .and()
                .areInterfaces()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(BASE + "platform.*..", BASE + "profile.*..")
                .because("ports do not know their adapters"));
        rules.add(noClasses()
                .that()
                .resideOutsideOfPackage(BASE + "*.inbound..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BASE + "*.inbound..")
                .because("data flows from inbound inwards"));
        rules.add(noClasses()
                .that()
                .resideInAPackage(BASE + "*.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        BASE + "*.inbound..", BASE + "*.orchestrate..", BASE + "*.participant..", BASE + "*.publish..")
                .because("tables serve, they do not decide"));
        for (String service : SERVICES) {
            rules.add(noClasses()
                    .that()
                    .resideOutsideOfPackages(BASE + service + "..", BASE + "local..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(BASE + service + "..")
                    .because("services know each other's contracts only, and what they share does not know them"));
        }
        return rules;
    }
}
