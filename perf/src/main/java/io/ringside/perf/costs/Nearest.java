package io.ringside.perf.costs;

import java.util.List;

/** Which known name somebody may have meant. */
final class Nearest {
    private Nearest() {}

    /** {@code did you mean 'name'? }, or nothing if no name is near. */
    static String hint(final String given, final List<String> known) {
        String best = "";
        int least = Math.max(2, given.length() / 3) + 1;
        for (final String name : known) {
            final int distance = distance(given, name);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best.isEmpty() ? "" : "did you mean '" + best + "'? ";
    }

    /** How many letters must be put in, taken out or changed. */
    private static int distance(final String from, final String to) {
        int[] row = new int[to.length() + 1];
        for (int i = 0; i <= to.length(); i++) {
            row[i] = i;
        }
        for (int f = 1; f <= from.length(); f++) {
            final int[] next = new int[to.length() + 1];
            next[0] = f;
            for (int t = 1; t <= to.length(); t++) {
                final int changed = row[t - 1] + (from.charAt(f - 1) == to.charAt(t - 1) ? 0 : 1);
                next[t] = Math.min(changed, Math.min(row[t], next[t - 1]) + 1);
            }
            row = next;
        }
        return row[to.length()];
    }
}
