package io.ringside.perf.scenario;

import java.util.Collection;

/** The known name that somebody most likely meant. */
public final class NearestName {
    private static final int LETTERS_PER_MISTAKE = 3;

    private NearestName() {}

    /**
     * {@code " (did you mean 'depth'?)"}, or nothing where no name is near: at most a third of the
     * letters may differ, but one always.
     */
    public static String hint(final String word, final Collection<String> known) {
        String nearest = "";
        int least = 1 + Math.max(1, word.length() / LETTERS_PER_MISTAKE);
        for (final String name : known) {
            final int distance = distance(word, name);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest.isEmpty() ? "" : " (did you mean '" + nearest + "'?)";
    }

    /** Letters to add, drop, change, or swap with the next one. */
    private static int distance(final String from, final String to) {
        final int[][] table = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                final boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                table[i][j] =
                        Math.min(
                                table[i - 1][j - 1] + (same ? 0 : 1),
                                1 + Math.min(table[i - 1][j], table[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    table[i][j] = Math.min(table[i][j], table[i - 2][j - 2] + 1);
                }
            }
        }
        return table[from.length()][to.length()];
    }
}
