package io.ringside.perf.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.perf.scenario.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostProfilesTest {
    @TempDir private Path directory = Path.of("");

    @Test
    void shipsProfilesThatListEveryCostOrNone() throws UsageException {
        assertThat(CostProfiles.shipped())
                .containsExactly("counts", "today", "2006-xen3-hvm", "2006-xen3-p4", "2009-hyperv");
        for (final String name : CostProfiles.shipped()) {
            final CostProfile profile = CostProfiles.of(name);
            assertThat(profile.name()).isEqualTo(name);
            if (name.equals(CostProfiles.COUNTS)) {
                assertThat(profile.costs()).isEmpty();
            } else {
                final Set<CostKey> needed = EnumSet.allOf(CostKey.class);
                needed.removeIf(key -> key.otherwise() != null && !name.startsWith("2006"));
                assertThat(profile.costs().keySet()).as(name).isEqualTo(needed);
            }
            profile.costs()
                    .forEach((key, cost) -> {
                        assertThat(cost.why()).as("%s %s", name, key).hasSizeGreaterThan(20);
                        assertThat(cost.basis()).isNotEqualTo(Basis.MEASURED);
                        if (cost.basis() == Basis.ASSUMED) {
                            assertThat(cost.least()).isLessThan(cost.most());
                        }
                    });
        }
    }

    /** What was only seen quoted, or is remembered, must not pass for published. */
    @Test
    void assumesWhatIsNotVerified() throws UsageException {
        for (final String name : CostProfiles.shipped()) {
            CostProfiles.of(name)
                    .costs()
                    .forEach((key, cost) -> {
                        if (cost.why().startsWith("second-hand")
                                || cost.why().contains("of memory")) {
                            assertThat(cost.basis())
                                    .as("%s %s", name, key)
                                    .isEqualTo(Basis.ASSUMED);
                        }
                    });
        }
    }

    @Test
    void givesTheRangesOfAnExitToADeviceModel() throws UsageException {
        assertFigures("2006-xen3-hvm", 8_000, 12_000, 25_000);
        assertFigures("2009-hyperv", 5_000, 10_000, 15_000);
        assertFigures("today", 3_206, 3_400, 3_700);
    }

    private static void assertFigures(
            final String name, final int least, final int nanos, final int most)
            throws UsageException {
        final CostProfile profile = CostProfiles.of(name);
        assertThat(profile.crossingCosts(Band.LOW).nanos(Crossing.PORT_EXIT)).isEqualTo(least);
        assertThat(profile.crossingCosts().nanos(Crossing.PORT_EXIT)).isEqualTo(nanos);
        assertThat(profile.crossingCosts(Band.HIGH).nanos(Crossing.PORT_EXIT)).isEqualTo(most);
    }

    @Test
    void chargesAParavirtualDomain0ItsOwnPrices() throws UsageException {
        assertHost("2006-xen3-hvm", 1_000, 300, 5_000, 700);
        assertHost("2006-xen3-p4", 1_342, 390, 6_500, 910);
        assertHost("2009-hyperv", 700, 700, 1_200, 1_200);
        assertHost("today", 650, 650, 1_000, 1_000);
        assertHost("counts", 0, 0, 0, 0);
    }

    private static void assertHost(
            final String name,
            final int hypercall,
            final int hostHypercall,
            final int upcall,
            final int hostUpcall)
            throws UsageException {
        final CrossingCosts costs = CostProfiles.of(name).crossingCosts();
        assertThat(costs.nanos(Crossing.HYPERCALL)).as(name).isEqualTo(hypercall);
        assertThat(costs.ofHost().nanos(Crossing.HYPERCALL)).as(name).isEqualTo(hostHypercall);
        assertThat(costs.nanos(Crossing.UPCALL)).as(name).isEqualTo(upcall);
        assertThat(costs.ofHost().nanos(Crossing.UPCALL)).as(name).isEqualTo(hostUpcall);
        assertThat(costs.ofHost().nanos(Crossing.KICK)).isEqualTo(costs.nanos(Crossing.KICK));
    }

    @Test
    void mapsNothingForAnOperationUnderHyperV() throws UsageException {
        final CostProfile profile = CostProfiles.of("2009-hyperv");
        for (final Band band : Band.values()) {
            assertThat(profile.crossingCosts(band).nanos(Crossing.PAGE_MAP)).isZero();
            assertThat(profile.crossingCosts(band).nanos(Crossing.PAGE_UNMAP)).isZero();
            assertThat(profile.crossingCosts(band).nanos(Crossing.TLB_FLUSH)).isZero();
            assertThat(profile.crossingCosts(band).nanos(Crossing.GRANT_COPY)).isZero();
        }
    }

    @Test
    void readsFilesOfTheUsers() throws UsageException, IOException {
        final Path file = directory.resolve("mine.toml");
        Files.writeString(file, "name = \"mine\"\nabout = \"x\"\n");
        assertThat(CostProfiles.of(file.toString()).name()).isEqualTo("mine");
        final Path other = directory.resolve("other");
        Files.writeString(other, "name = \"other\"\nabout = \"x\"\n");
        assertThat(CostProfiles.of(other.toString()).file()).isEqualTo(other.toString());
    }

    @Test
    void readsThisHostWhereItWasMeasured() throws UsageException, IOException {
        final Path file = directory.resolve("this-host.toml");
        assertThatThrownBy(() -> CostProfiles.of("this-host", file))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "cost profile 'this-host' has not been measured yet (%s does not exist):"
                                + " run ./ringside calibrate",
                        file);
        Files.writeString(
                file,
                """
                name = "this-host"
                about = "x"
                [costs.wake]
                nanos = 2999.5
                measured = "two threads"
                """);
        assertThat(CostProfiles.of("this-host", file).cost(CostKey.WAKE).nanos()).isEqualTo(2999.5);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/c, /h, /c/ringside/this-host.toml",
                "-, /h, /h/.cache/ringside/this-host.toml",
                "'', /h, /h/.cache/ringside/this-host.toml",
                "c, /h, /h/.cache/ringside/this-host.toml",
                "-, '', /u/.cache/ringside/this-host.toml",
            })
    void keepsThisHostInTheCacheDirectory(
            final String cache, final String home, final String expected) {
        final Map<String, String> environment =
                cache == null
                        ? Map.of("HOME", home)
                        : Map.of("XDG_CACHE_HOME", cache, "HOME", home);
        assertThat(CostProfiles.hostFile(environment, "/u")).isEqualTo(Path.of(expected));
    }

    @Test
    void refusesWhatIsNoProfile() throws IOException {
        assertRefused(
                "2006-xen3-hmv",
                "unknown cost profile '2006-xen3-hmv' (did you mean '2006-xen3-hvm'?): use counts,"
                        + " today, 2006-xen3-hvm, 2006-xen3-p4, 2009-hyperv, this-host, or the path"
                        + " of a .toml file");
        assertRefused(
                "zzzzzz",
                "unknown cost profile 'zzzzzz': use counts, today, 2006-xen3-hvm, 2006-xen3-p4,"
                        + " 2009-hyperv, this-host, or the path of a .toml file");
        final Path file = directory.resolve("bytes.toml");
        Files.write(file, new byte[] {(byte) 0xC3, 0x28});
        assertRefused(file.toString(), "cost profile '" + file + "' is not text: save it as UTF-8");
        Files.write(file, new byte[(1 << 20) + 1]);
        assertRefused(
                file.toString(),
                "cost profile '" + file + "' has 1048577 bytes: a profile has at most 1048576");
        assertRefused(
                directory + "/",
                "cost profile '"
                        + directory
                        + "/' is not a regular file: name a .toml file, or one of counts, today,"
                        + " 2006-xen3-hvm, 2006-xen3-p4, 2009-hyperv, this-host");
        assertRefused(
                "none.toml",
                "cost profile 'none.toml' does not exist: name a .toml file, or one of counts,"
                        + " today, 2006-xen3-hvm, 2006-xen3-p4, 2009-hyperv, this-host");
        assertThatThrownBy(() -> CostProfiles.of("a\0.toml"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("not a file name");
    }

    private static void assertRefused(final String name, final String said) {
        assertThatThrownBy(() -> CostProfiles.of(name))
                .isInstanceOf(UsageException.class)
                .hasMessage(said);
    }
}
