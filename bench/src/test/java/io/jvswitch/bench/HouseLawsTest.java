package io.jvswitch.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the laws of the house that a compiler does not: which module may know which, which libraries a module may use,
 * and names that say nothing. It stands in {@code bench} because that is the one module with all others on its class
 * path.
 */
final class HouseLawsTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/jmh_generated/"))
            .withImportOption(location -> !location.contains("/wire/testing/"))
            .importPackages("io.jvswitch");

    private static final String[] PROTOCOLS = {
        "io.jvswitch.wire..",
        "io.jvswitch.tap..",
        "io.jvswitch.encap..",
        "io.jvswitch.flowtable..",
        "io.jvswitch.openflow..",
        "io.jvswitch.arp..",
        "io.jvswitch.dhcp.."
    };

    /** Without this, a module that left the class path, or was renamed, would keep every law below. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "wire",
                "tap",
                "encap",
                "flowtable",
                "openflow",
                "arp",
                "dhcp",
                "ovsdb",
                "datapath",
                "vswitchd",
                "bench"
            })
    void theLawsSeeEveryModule(String module) {
        assertTrue(
                PRODUCT.stream()
                        .anyMatch(type -> (type.getPackageName() + ".").startsWith("io.jvswitch." + module + ".")),
                () -> "no class of io.jvswitch." + module + " was found");
    }

    @Test
    void arrowsBetweenModulesPointDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.jvswitch..")
                .layer("wire")
                .definedBy("io.jvswitch.wire..")
                .layer("tap")
                .definedBy("io.jvswitch.tap..")
                .layer("encap")
                .definedBy("io.jvswitch.encap..")
                .layer("flowtable")
                .definedBy("io.jvswitch.flowtable..")
                .layer("openflow")
                .definedBy("io.jvswitch.openflow..")
                .layer("arp")
                .definedBy("io.jvswitch.arp..")
                .layer("dhcp")
                .definedBy("io.jvswitch.dhcp..")
                .layer("ovsdb")
                .definedBy("io.jvswitch.ovsdb..")
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
                .whereLayer("openflow")
                .mayOnlyAccessLayers("wire", "flowtable")
                .whereLayer("arp")
                .mayOnlyAccessLayers("wire")
                .whereLayer("dhcp")
                .mayOnlyAccessLayers("wire")
                .whereLayer("ovsdb")
                .mayNotAccessAnyLayer()
                .whereLayer("ovsdb")
                .mayOnlyBeAccessedByLayers("vswitchd", "bench")
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
                .check(PRODUCT);
    }

    @Test
    void protocolsDoNotKnowTheReactorOrTheLogger() {
        noClasses()
                .that()
                .resideInAnyPackage(PROTOCOLS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "org.slf4j..", "java.util.logging..")
                .because("time, sockets and logs are the data path's and the daemon's business")
                .check(PRODUCT);
    }

    @Test
    void timeIsAnArgument() {
        noClasses()
                .that()
                .resideInAnyPackage(PROTOCOLS)
                .or()
                .resideInAnyPackage(
                        "io.jvswitch.ovsdb..",
                        "io.jvswitch.datapath..",
                        "io.jvswitch.vswitchd.plan..",
                        "io.jvswitch.vswitchd.api..",
                        "io.jvswitch.vswitchd.conductor..")
                .and()
                .doNotHaveFullyQualifiedName("io.jvswitch.datapath.worker.WorkerAgent")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .because("a cycle of a worker or the conductor reads the clock where it begins, and tests own it")
                .check(PRODUCT);
    }

    @Test
    void onlyTheControlSocketKnowsHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.jvswitch.vswitchd.control.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.handler.codec.http..")
                .because("calls on a running switch come by other protocols, too")
                .check(PRODUCT);
    }

    @Test
    void theSwitchDoesNotKnowWhereItsPlanWasRead() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.jvswitch.vswitchd.plan..",
                        "io.jvswitch.vswitchd.api..",
                        "io.jvswitch.vswitchd.conductor..",
                        "io.jvswitch.vswitchd.view..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.jvswitch.vswitchd.config..",
                        "io.jvswitch.vswitchd.control..",
                        "io.jvswitch.vswitchd.cli..",
                        "org.snakeyaml..")
                .because("a plan may come from another source, and a call by another protocol")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("io.jvswitch.vswitchd.plan..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.jvswitch.vswitchd.api..", "io.jvswitch.vswitchd.conductor..")
                .because("what the switch shall be does not depend on what it is")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("io.jvswitch.vswitchd.api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jvswitch.vswitchd.conductor..")
                .because("who calls knows what can be asked, not who answers")
                .check(PRODUCT);
    }

    /** Two halves and the seam between them: each knows the seam, and the seam neither. */
    @Test
    void whatMovesFramesAndWhatForwardsDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.jvswitch.datapath.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jvswitch.datapath.normal..")
                .because("a worker does what a verdict says, whoever came to it")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("io.jvswitch.datapath.normal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.jvswitch.datapath.worker..", "io.jvswitch.datapath.rewrite..")
                .because("who decides does not know how it is done")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("io.jvswitch.datapath.translate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.jvswitch.datapath.worker..",
                        "io.jvswitch.datapath.normal..",
                        "io.jvswitch.datapath.rewrite..",
                        "io.jvswitch.arp..")
                .because("it is the seam, and other brains come")
                .check(PRODUCT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(wire..)", "(encap..)", "(dhcp..)", "vswitchd.(conductor..)"})
    void theRoomsOfAModuleFormNoCircle(String rooms) {
        slices().matching("io.jvswitch." + rooms).should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Util|Utils|Helper|Impl|Base|Data|Info)")
                .because("such a name would fit anything")
                .check(PRODUCT);
    }
}
