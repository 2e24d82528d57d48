package io.ringside.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows of ARCHITECTURE.md: each module uses only what stands below it. */
class HouseTest {
    private static final JavaClasses HOUSE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.ringside");

    /** From the ground up; siblings share a floor. */
    private static final List<List<String>> FLOORS =
            List.of(
                    List.of("io.ringside.ringbuf.."),
                    List.of("io.ringside.device.."),
                    List.of("io.ringside.hypervisor.."),
                    List.of("io.ringside.xenbus..", "io.ringside.vmbus.."),
                    List.of(
                            "io.ringside.xen.blkfront..",
                            "io.ringside.xen.netfront..",
                            "io.ringside.storvsc..",
                            "io.ringside.netvsc..",
                            "io.ringside.emulated.."),
                    List.of("io.ringside.perf.."),
                    List.of("io.ringside.cli.."));

    private static final List<String> XEN = List.of("io.ringside.xenbus..", "io.ringside.xen..");
    private static final List<String> HYPER_V =
            List.of("io.ringside.vmbus..", "io.ringside.storvsc..", "io.ringside.netvsc..");

    @Test
    void seesEveryModule() {
        for (final String module : FLOORS.stream().flatMap(List::stream).toList()) {
            final String prefix = module.substring(0, module.length() - 2);
            assertThat(HOUSE.stream().anyMatch(c -> c.getPackageName().startsWith(prefix)))
                    .as(module)
                    .isTrue();
        }
    }

    @Test
    void usesOnlyWhatStandsBelow() {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            for (final String module : FLOORS.get(floor)) {
                final String[] forbidden =
                        Stream.concat(
                                        FLOORS.subList(floor + 1, FLOORS.size()).stream()
                                                .flatMap(List::stream),
                                        FLOORS.get(floor).stream()
                                                .filter(sibling -> !sibling.equals(module)))
                                .toArray(String[]::new);
                if (forbidden.length > 0) {
                    noClasses()
                            .that()
                            .resideInAPackage(module)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(forbidden)
                            .check(HOUSE);
                }
            }
        }
    }

    @Test
    void keepsTheTwoFamiliesApart() {
        keepApart(XEN, HYPER_V);
        keepApart(HYPER_V, XEN);
    }

    @Test
    void keepsTheEmulatedBaselineApartFromBothFamilies() {
        keepApart(List.of("io.ringside.emulated.."), XEN);
        keepApart(List.of("io.ringside.emulated.."), HYPER_V);
    }

    private static void keepApart(final List<String> some, final List<String> others) {
        noClasses()
                .that()
                .resideInAnyPackage(some.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others.toArray(String[]::new))
                .check(HOUSE);
    }

    @Test
    void keepsTheTwoRingsApart() {
        slices().matching("io.ringside.ringbuf.(xen|vmbus)..")
                .should()
                .notDependOnEachOther()
                .check(HOUSE);
    }

    @Test
    void keepsDriversOffTheTransports() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.ringside.xen..",
                        "io.ringside.xenbus..",
                        "io.ringside.vmbus..",
                        "io.ringside.storvsc..",
                        "io.ringside.netvsc..",
                        "io.ringside.emulated..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.ringside.hypervisor.inprocess..",
                        "io.ringside.xenbus.sim..",
                        "io.ringside.vmbus.sim..")
                .check(withoutTheSimulation());
    }

    @Test
    void keepsFrontendAndBackendOfOneDriverApart() {
        for (final String driver :
                List.of(
                        "io.ringside.xen.blkfront",
                        "io.ringside.xen.netfront",
                        "io.ringside.storvsc",
                        "io.ringside.netvsc",
                        "io.ringside.emulated.ide")) {
            noClasses()
                    .that()
                    .resideInAPackage(driver + ".frontend..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(driver + ".backend..")
                    .check(HOUSE);
            noClasses()
                    .that()
                    .resideInAPackage(driver + ".backend..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(driver + ".frontend..")
                    .check(HOUSE);
        }
    }

    @Test
    void letsProtocolsDependOnBuffersAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.ringside..protocol..")
                .should()
                .dependOnClassesThat(
                        new DescribedPredicate<>("ours, outside of protocol packages") {
                            @Override
                            public boolean test(final JavaClass target) {
                                return target.getPackageName().startsWith("io.ringside")
                                        && !target.getPackageName().contains(".protocol");
                            }
                        })
                .check(HOUSE);
    }

    @Test
    void leavesMemoryOrderToTheRingsAndTheSharedTables() {
        final DescribedPredicate<JavaAccess<?>> ordersSharedMemory =
                new DescribedPredicate<>("orders memory through an Agrona buffer") {
                    @Override
                    public boolean test(final JavaAccess<?> access) {
                        return access instanceof JavaMethodCall
                                && access.getTargetOwner().getName().startsWith("org.agrona.")
                                && access.getTarget().getOwner().getName().contains("Buffer")
                                && access.getName()
                                        .matches(
                                                ".*(Acquire|Release|Volatile|Ordered|Opaque)"
                                                        + "|compareAnd.*|getAnd.*");
                    }
                };
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.ringside.ringbuf..",
                        "io.ringside.xenbus..",
                        "io.ringside.vmbus..",
                        "io.ringside.emulated.trap")
                .should()
                .callMethodWhere(
                        DescribedPredicate.describe(
                                ordersSharedMemory.getDescription(), ordersSharedMemory::test))
                .check(HOUSE);
    }

    @Test
    void startsNoThreadAndReadsNoClockBelowPerf() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.ringside.perf..", "io.ringside.cli..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .because("time comes in through the constructor")
                .check(HOUSE);
        // Media and the trace log have workers, on threads that a given factory makes.
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.ringside.perf..", "io.ringside.cli..", "io.ringside.device.media..")
                .and()
                .doNotHaveSimpleName("TraceLog")
                .should()
                .callMethod(Thread.class, "start")
                .because("threads come in through the constructor")
                .check(HOUSE);
        noClasses()
                .that()
                .resideOutsideOfPackages("io.ringside.perf..", "io.ringside.cli..")
                .should()
                .callConstructor(Thread.class, Runnable.class)
                .check(HOUSE);
    }

    private static JavaClasses withoutTheSimulation() {
        return HOUSE.that(
                new DescribedPredicate<>("not the simulation itself") {
                    @Override
                    public boolean test(final JavaClass type) {
                        return !type.getPackageName().startsWith("io.ringside.xenbus.sim")
                                && !type.getPackageName().startsWith("io.ringside.vmbus.sim");
                    }
                });
    }
}
