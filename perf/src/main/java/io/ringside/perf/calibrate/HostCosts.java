package io.ringside.perf.calibrate;

import io.ringside.perf.measure.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The cost profile {@code this-host}, as TOML.
 *
 * <p>What was not measured here is taken from the profile {@code today}, and says so: exits too,
 * where the guest was interpreted and never left a processor.
 */
public final class HostCosts {
    private static final String SOURCE = "source";
    private static final String MEASURED = "measured";
    private static final String ASSUMED = "assumed";
    private static final String TODAY = "profile today: ";

    private final Calibration host;
    private final List<HostCost> costs = new ArrayList<>();

    private HostCosts(final Calibration host) {
        this.host = host;
    }

    /** The whole file; each line ends by a newline. */
    public static String toml(final Calibration host) {
        final HostCosts profile = new HostCosts(host);
        profile.exits();
        profile.operations();
        profile.machine();
        return profile.text();
    }

    /** What the host takes from {@code today}: keys joined by commas. */
    public static String borrowed(final Calibration host) {
        final HostCosts profile = new HostCosts(host);
        profile.exits();
        profile.operations();
        profile.machine();
        final List<String> keys = new ArrayList<>();
        for (final HostCost cost : profile.costs) {
            if (!cost.basis().equals(MEASURED)) {
                keys.add(cost.key());
            }
        }
        return String.join(", ", keys);
    }

    private void exits() {
        exit(
                "hypercall",
                Quantity.HYPERCALL,
                650,
                SOURCE,
                "1,559 cycles of vmcall on Skylake-SP with mitigations, 624 ns at 2.5 GHz (KVM"
                        + " mailing list, 13 March 2020), rounded up");
        exit(
                "port-exit",
                Quantity.PORT_OUT,
                3400,
                SOURCE,
                "3.41 us on average for a write to port 0xcf8 answered by QEMU (Linux commit"
                        + " 0804c849f1df, 2018)");
        exit(
                "mmio-exit",
                Quantity.MMIO_WRITE,
                4000,
                ASSUMED,
                "a port exit and 350 to 600 ns of instruction emulation (Linux commit 44583cba9188"
                        + " and its parents, 2014)");
        exit(
                "hypervisor-port-exit",
                Quantity.CONTROLLER_OUT,
                700,
                SOURCE,
                "2,026 cycles of a port exit that the kernel answers, 699 ns at 2.9 GHz (PBRSB"
                        + " mitigation, KVM mailing list, 5 October 2022)");
        today("interrupt", 450, ASSUMED, "a posted interrupt, between published neighbours");
        today("upcall", 1000, ASSUMED, "injection of a vector and its dispatch");
        kick();
    }

    private void exit(
            final String key,
            final Quantity quantity,
            final double today,
            final String basis,
            final String why) {
        final Spread nanos = host.exitsAreTrue() ? host.nanos(quantity) : null;
        if (nanos == null) {
            today(key, today, basis, why);
        } else {
            measured(key, nanos, quantity.meaning() + "; " + host.guestMode() + ", by KVM_RUN");
        }
    }

    /** An event port beside the interrupt controller's: both stay in the kernel. */
    private void kick() {
        final Spread event = host.exitsAreTrue() ? host.nanos(Quantity.EVENT_OUT) : null;
        final Spread plain = host.exitsAreTrue() ? host.nanos(Quantity.CONTROLLER_OUT) : null;
        if (event == null || plain == null) {
            today("kick", 150, ASSUMED, "800 ns of an event channel send less its hypercall");
        } else {
            costs.add(
                    new HostCost(
                            "kick",
                            Math.max(0, event.median() - plain.median()),
                            null,
                            MEASURED,
                            "a port write that the kernel turns into an event, less one that its"
                                    + " interrupt controller answers; 0 where it takes no longer"));
        }
    }

    private void operations() {
        today("page-map", 400, ASSUMED, "no figure of one operation is published");
        today("page-unmap", 400, ASSUMED, "as page-map, without the flush");
        today(
                "tlb-flush",
                1000,
                ASSUMED,
                "fits 2.9 us to unmap a page while three other processors run, with 630 ns for"
                        + " each further one");
        today(
                "grant-copy",
                500,
                SOURCE,
                "490 to 530 ns a packet with grant copies more than without (Oracle UEK commits"
                        + " 18d34eabd73a and fdbb2e3659b3)");
    }

    private void machine() {
        measured("wake", needed(Quantity.WAKE), "half a round trip of two sleeping threads");
        final Spread hot = needed(Quantity.COPY_4096_HOT).per(Quantity.COPY_4096_HOT.bytes());
        final Spread cold = needed(Quantity.COPY_4096_COLD).per(Quantity.COPY_4096_COLD.bytes());
        costs.add(
                new HostCost(
                        "copy-byte",
                        hot.median(),
                        new Spread(hot.median(), hot.least(), Math.max(hot.most(), cold.median())),
                        MEASURED,
                        "4 KiB copied within the first cache; up to 4 KiB copied from memory"));
        measured(
                "line-transfer",
                needed(Quantity.LINE_TRANSFER),
                "half a round trip of a cache line between two threads");
    }

    private Spread needed(final Quantity quantity) {
        final Spread nanos = host.nanos(quantity);
        if (nanos == null) {
            throw new IllegalArgumentException("figure is missing: quantity=" + quantity);
        }
        return nanos;
    }

    private void measured(final String key, final Spread nanos, final String how) {
        costs.add(new HostCost(key, nanos.median(), nanos, MEASURED, how));
    }

    private void today(final String key, final double nanos, final String basis, final String why) {
        costs.add(new HostCost(key, nanos, null, basis, TODAY + why));
    }

    private String text() {
        final StringBuilder out = new StringBuilder();
        out.append("# What crossings cost on this host, in nanoseconds.\n\nname = \"this-host\"\n");
        line(out, "about", about());
        for (final HostCost cost : costs) {
            out.append("\n[costs.").append(cost.key()).append("]\n");
            number(out, "nanos", cost.nanos());
            final @Nullable Spread range = cost.range();
            if (range != null) {
                number(out, "least", range.least());
                number(out, "most", range.most());
            }
            line(out, cost.basis(), cost.why());
        }
        return out.toString();
    }

    private String about() {
        final Machine machine = host.machine();
        return machine.processor()
                + ", "
                + machine.processors()
                + " processors, "
                + machine.kernel()
                + ", "
                + machine.date()
                + ", "
                + host.virtualisation().host()
                + (host.exitsAreTrue()
                        ? ", exits by " + host.virtualisation().monitor()
                        : ", exits not measured")
                + (host.isDoubtful() ? ", busy: do not trust the figures" : "");
    }

    private static void number(final StringBuilder out, final String key, final double value) {
        final String format = value > 0 && value < 10 ? "%s = %.4f\n" : "%s = %.1f\n";
        out.append(String.format(Locale.ROOT, format, key, value));
    }

    private static void line(final StringBuilder out, final String key, final String value) {
        out.append(key).append(" = \"");
        for (int i = 0; i < value.length(); i++) {
            final char letter = value.charAt(i);
            if (letter == '"' || letter == '\\') {
                out.append('\\').append(letter);
            } else {
                out.append(Character.isISOControl(letter) ? ' ' : letter);
            }
        }
        out.append("\"\n");
    }
}
