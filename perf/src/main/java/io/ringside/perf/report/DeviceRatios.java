package io.ringside.perf.report;

import io.ringside.perf.measure.Measured;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One sentence: the fastest against each other device; features are told apart. */
final class DeviceRatios {
    private DeviceRatios() {}

    /**
     * The sentence; empty where there are no two. Two halves of one run, so no interval.
     *
     * @param operations what the devices do, in the plural
     */
    static String text(final List<? extends Measured> results, final String operations) {
        final List<? extends Measured> plain =
                results.stream().filter(each -> each.device().indexOf('+') < 0).toList();
        @Nullable Measured best = null;
        for (final Measured result : plain) {
            if (best == null || result.operationsPerSecond() > best.operationsPerSecond()) {
                best = result;
            }
        }
        if (best == null || plain.size() < 2 || best.operations() == 0) {
            return "";
        }
        final StringBuilder text = new StringBuilder("\n").append(best.device()).append(" ran\n");
        for (final Measured result : plain) {
            if (result != best && result.operations() > 0) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "  %6.2f times as many %s a second as %s%n",
                                best.operationsPerSecond() / result.operationsPerSecond(),
                                operations,
                                result.device()));
            }
        }
        return text.append("  (one run a device: the ratios carry no interval)\n").toString();
    }
}
