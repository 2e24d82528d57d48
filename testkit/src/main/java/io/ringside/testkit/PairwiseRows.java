package io.ringside.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rows of values, one of each factor, so that any two values of any two factors meet in some row.
 *
 * <p>Greedy: a row begins with a pair that no row has yet, and takes for each other factor the
 * value that brings the most new pairs, a random one of the best.
 */
public final class PairwiseRows {
    private final int[] valueCounts;
    private final int[] offsets;
    private final boolean[][] covered; // by the numbers of two values, all factors in a row
    private final SplittableRandom random;
    private final List<int[]> rows = new ArrayList<>();
    private final int pairCount;
    private int coveredCount;

    /** Makes the rows of factors with so many values each. */
    public PairwiseRows(final int[] valueCounts, final SplittableRandom random) {
        this.valueCounts = valueCounts.clone();
        this.random = random;
        offsets = new int[valueCounts.length];
        int values = 0;
        int pairs = 0;
        for (int factor = 0; factor < valueCounts.length; factor++) {
            offsets[factor] = values;
            pairs += values * valueCounts[factor];
            values += valueCounts[factor];
        }
        pairCount = pairs;
        covered = new boolean[values][values];
        while (coveredCount < pairCount) {
            final int[] row = nextRow();
            cover(row);
            rows.add(row);
        }
    }

    /** The rows: for each factor the number of its value. */
    public List<int[]> rows() {
        return rows;
    }

    /** How many pairs of values there are. */
    public int pairCount() {
        return pairCount;
    }

    /** How many pairs some rows cover, counted anew from the rows alone. */
    public int countCovered(final List<int[]> someRows) {
        final boolean[][] met = new boolean[covered.length][covered.length];
        int count = 0;
        for (final int[] row : someRows) {
            for (int a = 1; a < row.length; a++) {
                for (int b = 0; b < a; b++) {
                    final int one = offsets[a] + row[a];
                    final int other = offsets[b] + row[b];
                    count += met[one][other] ? 0 : 1;
                    met[one][other] = true;
                }
            }
        }
        return count;
    }

    private int[] nextRow() {
        final int[] row = new int[valueCounts.length];
        final boolean[] set = new boolean[row.length];
        startWithNewPair(row, set);
        for (int factor = 0; factor < row.length; factor++) {
            if (!set[factor]) {
                row[factor] = bestValue(row, set, factor);
                set[factor] = true;
            }
        }
        return row;
    }

    private void startWithNewPair(final int[] row, final boolean[] set) {
        for (int a = 1; a < row.length; a++) {
            for (int b = 0; b < a; b++) {
                for (int pair = 0; pair < valueCounts[a] * valueCounts[b]; pair++) {
                    final int one = pair / valueCounts[b];
                    final int other = pair % valueCounts[b];
                    if (!covered[offsets[a] + one][offsets[b] + other]) {
                        row[a] = one;
                        row[b] = other;
                        set[a] = true;
                        set[b] = true;
                        return;
                    }
                }
            }
        }
    }

    private int bestValue(final int[] row, final boolean[] set, final int factor) {
        int best = 0;
        int bestNew = -1;
        int equals = 0;
        for (int value = 0; value < valueCounts[factor]; value++) {
            int newPairs = 0;
            for (int other = 0; other < row.length; other++) {
                if (set[other]) {
                    newPairs += isCovered(factor, value, other, row[other]) ? 0 : 1;
                }
            }
            equals = newPairs > bestNew ? 1 : equals + (newPairs == bestNew ? 1 : 0);
            if (newPairs > bestNew || (newPairs == bestNew && random.nextInt(equals) == 0)) {
                best = value;
                bestNew = newPairs;
            }
        }
        return best;
    }

    private boolean isCovered(final int a, final int one, final int b, final int other) {
        return a > b
                ? covered[offsets[a] + one][offsets[b] + other]
                : covered[offsets[b] + other][offsets[a] + one];
    }

    private void cover(final int[] row) {
        for (int a = 1; a < row.length; a++) {
            for (int b = 0; b < a; b++) {
                final int one = offsets[a] + row[a];
                final int other = offsets[b] + row[b];
                coveredCount += covered[one][other] ? 0 : 1;
                covered[one][other] = true;
            }
        }
    }
}
