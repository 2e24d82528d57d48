package io.ringside.perf.calibrate;

import io.ringside.perf.costs.Basis;
import io.ringside.perf.costs.Cost;
import io.ringside.perf.costs.CostKey;
import io.ringside.perf.costs.CostProfile;
import io.ringside.perf.costs.CostProfiles;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.scenario.UsageException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The cost profile {@code this-host}, as TOML.
 *
 * <p>What was not measured here is taken from the profile {@code today}, figure, range, basis and
 * all, and says so: exits too, where the guest was interpreted and never left a processor.
 */
public final class HostCosts {
    private static final String TODAY = "profile today: ";

    private final Calibration host;
    private final Map<CostKey, Cost> measured = new EnumMap<>(CostKey.class);
    private final Map<CostKey, Cost> borrowed = new EnumMap<>(CostKey.class);

    private HostCosts(final Calibration host) {
        this.host = host;
        exit(CostKey.HYPERCALL, Quantity.HYPERCALL);
        exit(CostKey.PORT_EXIT, Quantity.PORT_OUT);
        exit(CostKey.MMIO_EXIT, Quantity.MMIO_WRITE);
        exit(CostKey.HYPERVISOR_PORT_EXIT, Quantity.CONTROLLER_OUT);
        kick();
        machine();
        borrowed.putAll(today().costs());
        borrowed.keySet().removeAll(measured.keySet());
    }

    /** The whole file; each line ends by a newline. */
    public static String toml(final Calibration host) {
        return new HostCosts(host).text();
    }

    /** What the host takes from {@code today}: keys joined by commas. */
    public static String borrowed(final Calibration host) {
        final List<String> keys = new ArrayList<>();
        for (final CostKey key : new HostCosts(host).borrowed.keySet()) {
            keys.add(key.label());
        }
        return String.join(", ", keys);
    }

    private static CostProfile today() {
        try {
            return CostProfiles.of(CostProfiles.TODAY);
        } catch (final UsageException e) {
            throw new IllegalStateException("a shipped profile cannot be read", e);
        }
    }

    private void exit(final CostKey key, final Quantity quantity) {
        final Spread nanos = host.exitsAreTrue() ? host.nanos(quantity) : null;
        if (nanos != null) {
            measured(key, nanos, quantity.meaning() + "; " + host.guestMode() + ", by KVM_RUN");
        }
    }

    /** An event port beside the interrupt controller's: both stay in the kernel. */
    private void kick() {
        final Spread event = host.exitsAreTrue() ? host.nanos(Quantity.EVENT_OUT) : null;
        final Spread plain = host.exitsAreTrue() ? host.nanos(Quantity.CONTROLLER_OUT) : null;
        if (event != null && plain != null) {
            final double nanos = Math.max(0, event.median() - plain.median());
            measured(
                    CostKey.KICK,
                    new Spread(nanos, nanos, nanos),
                    "a port write that the kernel turns into an event, less one that its interrupt"
                            + " controller answers; 0 where it takes no longer");
        }
    }

    private void machine() {
        measured(CostKey.WAKE, needed(Quantity.WAKE), "half a round trip of two sleeping threads");
        final Spread hot = needed(Quantity.COPY_4096_HOT).per(Quantity.COPY_4096_HOT.bytes());
        final Spread cold = needed(Quantity.COPY_4096_COLD).per(Quantity.COPY_4096_COLD.bytes());
        measured(
                CostKey.COPY_BYTE,
                new Spread(hot.median(), hot.least(), Math.max(hot.most(), cold.median())),
                "4 KiB copied within the first cache; up to 4 KiB copied from memory");
        measured(
                CostKey.LINE_TRANSFER,
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

    private void measured(final CostKey key, final Spread nanos, final String how) {
        measured.put(
                key, new Cost(nanos.median(), nanos.least(), nanos.most(), Basis.MEASURED, how));
    }

    private String text() {
        final StringBuilder out = new StringBuilder();
        out.append("# What crossings cost on this host, in nanoseconds.\n\nname = \"this-host\"\n");
        line(out, "about", about());
        measured.forEach((key, cost) -> append(out, key, cost, ""));
        borrowed.forEach((key, cost) -> append(out, key, cost, TODAY));
        return out.toString();
    }

    private static void append(
            final StringBuilder out, final CostKey key, final Cost cost, final String from) {
        out.append("\n[costs.").append(key.label()).append("]\n");
        number(out, "nanos", cost.nanos());
        if (cost.least() < cost.most()) {
            number(out, "least", cost.least());
            number(out, "most", cost.most());
        }
        line(out, cost.basis().key(), from + cost.why());
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
