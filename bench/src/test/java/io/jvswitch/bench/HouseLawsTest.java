package io.jvswitch.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Holds the laws of the house that a compiler does not: which module may know which, which libraries a module may use, and
 * names that say nothing. It stands in {@code bench} because that is the one module with all others on its class path.
 */
final class HouseLawsTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/jmh_generated/"))
            .withImportOption(location -> !location.contains("/wire/testing/"))
            .importPackages("io.jvswitch");

    @Test
    void arrowsBetweenModulesPointDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.jvswitch..")
                .withOptionalLayers(true)
                .layer("wire")
                .definedBy("io.jvswitch.wire..")
                .layer("tap")
                .definedBy("io.jvswitch.tap..")
                .layer("encap")
                .definedBy("io.jvswitch.encap..")
                .layer("flowtable")
                .definedBy("io.jvswitch.flowtable..")
                .layer("arp")
                .definedBy("io.jvswitch.arp..")
                .layer("dhcp")
                .definedBy("io.jvswitch.dhcp..")
                .layer("datapath")
                .definedBy("io.jvswitch.datapath..")
                .layer("vswitchd")
                .definedBy("io.jvswitch.vswitchd..")
                .layer("bench")
                .definedBy("io.jvswitch.bench..")
                .whereLayer("wire")
                .mayNotAccessAnyLayer()
                .whereLayer("tap")
                .mayOnlyAccessLayers("wire")
                .whereLayer("encap")
                .mayOnlyAccessLayers("wire")
                .whereLayer("flowtable")
                .mayOnlyAccessLayers("wire")
                .whereLayer("arp")
                .mayOnlyAccessLayers("wire")
                .whereLayer("dhcp")
                .mayOnlyAccessLayers("wire")
                .whereLayer("datapath")
                .mayOnlyBeAccessedByLayers("vswitchd", "bench")
                .whereLayer("vswitchd")
                .mayOnlyBeAccessedByLayers("bench")
                .whereLayer("bench")
                .mayNotBeAccessedByAnyLayer()
                .check(PRODUCT);
    }

    @Test
    void wireKnowsTheJdkOnly() {
        classes()
                .that()
                .resideInAPackage("io.jvswitch.wire..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.jvswitch.wire..", "java..", "jdk..", "org.jspecify.annotations..")
                .allowEmptyShould(true)
                .check(PRODUCT);
    }

    @Test
    void protocolsDoNotKnowTheReactorOrTheLogger() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.jvswitch.wire..",
                        "io.jvswitch.tap..",
                        "io.jvswitch.encap..",
                        "io.jvswitch.flowtable..",
                        "io.jvswitch.arp..",
                        "io.jvswitch.dhcp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "org.slf4j..", "java.util.logging..")
                .because("time, sockets and logs are the data path's and the daemon's business")
                .allowEmptyShould(true)
                .check(PRODUCT);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Util|Utils|Helper|Impl|Base|Data|Info)")
                .because("such a name would fit anything")
                .allowEmptyShould(true)
                .check(PRODUCT);
    }
}
