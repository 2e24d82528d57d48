package io.ringside.perf.report;

import io.ringside.perf.result.Row;
import java.util.HashMap;
import java.util.Map;

/** Which line is which device's: a colour of its family, and a dash of its own. Threads: one. */
final class LineStyles {
    private static final int STYLES = 6;

    private final Map<String, String> byDevice = new HashMap<>();
    private final int[] used = new int[Family.values().length];

    /** The class of a device's lines; the same one for the same device. */
    String of(final Row row) {
        final Family family = Family.of(row);
        return byDevice.computeIfAbsent(
                row.device(),
                _ -> "line-" + family.label() + '-' + used[family.ordinal()]++ % STYLES);
    }
}
