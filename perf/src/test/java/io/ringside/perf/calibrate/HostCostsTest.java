package io.ringside.perf.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.perf.costs.Basis;
import io.ringside.perf.costs.Cost;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

final class HostCostsTest {
    @Test
    void givesEveryCostOneReason() throws UsageException {
        final List<String> keys =
                CostProfiles.of(CostProfiles.TODAY).costs().keySet().stream()
                        .map(CostKey::label)
                        .toList();
        for (final boolean exitsAreTrue : new boolean[] {true, false}) {
            final TomlParseResult toml = parsed(host("a processor", exitsAreTrue));
            assertThat(toml.getString("name")).isEqualTo("this-host");
            final TomlTable costs = Objects.requireNonNull(toml.getTable("costs"), "costs");
            assertThat(costs.keySet()).containsExactlyInAnyOrderElementsOf(keys);
            for (final String key : keys) {
                final TomlTable cost = Objects.requireNonNull(costs.getTable(key), key);
                final List<String> reasons = new ArrayList<>(cost.keySet());
                reasons.removeAll(List.of("nanos", "least", "most"));
                assertThat(reasons).as(key).hasSize(1);
                assertThat(cost.getString(reasons.getFirst())).as(key).isNotBlank();
                assertThat(cost.contains("least")).as(key).isEqualTo(cost.contains("most"));
                if (cost.contains("least")) {
                    assertThat(number(cost, "nanos"))
                            .as(key)
                            .isBetween(number(cost, "least"), number(cost, "most"));
                }
            }
        }
    }

    @Test
    void takesMeasuredExitsWhereTheyAreTrue() {
        final TomlTable costs = costs(host("a processor", true));
        assertThat(costs.getDouble("port-exit.nanos")).isEqualTo(2000.0);
        assertThat(costs.getString("port-exit.measured")).contains("real mode");
        assertThat(costs.getDouble("kick.nanos")).isEqualTo(150.0);
        assertThat(costs.getDouble("wake.least")).isEqualTo(900.0);
        assertThat(costs.getDouble("copy-byte.nanos")).isEqualTo(0.0244);
    }

    @Test
    void takesExitsFromTodayWhereNoneAreTrue() {
        final Calibration host = host("a processor", false);
        assertThat(HostCosts.borrowed(host))
                .isEqualTo(
                        "hypercall, port-exit, hypervisor-port-exit, mmio-exit, interrupt, upcall,"
                                + " kick, page-map, page-unmap, tlb-flush, grant-copy,"
                                + " thread-switch, exit-hand-over");
        assertThat(HostCosts.borrowed(host("a processor", true)))
                .isEqualTo(
                        "hypercall, interrupt, upcall, page-map, page-unmap, tlb-flush,"
                                + " grant-copy, thread-switch, exit-hand-over");
    }

    @Test
    void borrowsCostForCost() throws UsageException {
        final Calibration host = host("a processor", false);
        final CostProfile here = CostProfiles.ofText("this-host.toml", HostCosts.toml(host));
        final List<String> borrowed = List.of(HostCosts.borrowed(host).split(", ", -1));
        CostProfiles.of(CostProfiles.TODAY)
                .costs()
                .forEach((key, cost) -> {
                    if (borrowed.contains(key.label())) {
                        assertThat(here.cost(key))
                                .isEqualTo(
                                        new Cost(
                                                cost.nanos(),
                                                cost.least(),
                                                cost.most(),
                                                cost.basis(),
                                                "profile today: " + cost.why()));
                    } else {
                        assertThat(here.cost(key).basis()).isEqualTo(Basis.MEASURED);
                    }
                });
    }

    @Test
    void quotesWhatProcessorsCallThemselves() {
        final String name = "Model \"X\" \\ 7\t";
        assertThat(parsed(host(name, false)).getString("about")).startsWith("Model \"X\" \\ 7 ,");
    }

    private static TomlTable costs(final Calibration host) {
        return Objects.requireNonNull(parsed(host).getTable("costs"), "costs");
    }

    private static TomlParseResult parsed(final Calibration host) {
        final TomlParseResult toml = Toml.parse(HostCosts.toml(host));
        assertThat(toml.errors()).isEmpty();
        return toml;
    }

    private static double number(final TomlTable table, final String key) {
        return ((Number) Objects.requireNonNull(table.get(key), key)).doubleValue();
    }

    private static Calibration host(final String processor, final boolean exitsAreTrue) {
        return new Calibration(
                new Machine(processor, 2, "Linux 6 amd64", "a JDK", 4096, "2026-11-21", 0),
                new Virtualisation(true, "KVM", "", "kvm_intel", "vmx", "ept", false),
                0,
                List.of(
                        figure(Quantity.COPY_1500_HOT, 40),
                        figure(Quantity.COPY_1500_COLD, 300),
                        figure(Quantity.COPY_4096_HOT, 100),
                        figure(Quantity.COPY_4096_COLD, 600),
                        figure(Quantity.LINE_TRANSFER, 50),
                        figure(Quantity.WAKE, 1000),
                        figure(Quantity.PORT_OUT, 2000),
                        figure(Quantity.MMIO_WRITE, 3000),
                        figure(Quantity.CONTROLLER_OUT, 800),
                        figure(Quantity.EVENT_OUT, 950)),
                "real mode",
                exitsAreTrue,
                List.of());
    }

    private static Figure figure(final Quantity quantity, final double nanos) {
        return new Figure(quantity, new Spread(nanos, nanos * 0.9, nanos * 1.1));
    }
}
