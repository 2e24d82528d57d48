package io.ringside.perf.report;

import java.util.ArrayList;
import java.util.List;

/**
 * An aligned table of text: the first column to the left, all others to the right.
 *
 * <p>A group names a run of columns in a line of its own above them. Threads: one.
 */
public final class TextTable {
    private static final String GAP = "  ";
    private static final String GROUP_GAP = "   ";

    private final List<String[]> rows = new ArrayList<>();
    private final List<String> groupNames = new ArrayList<>();
    private final List<Integer> groupSizes = new ArrayList<>();
    private final int columns;

    /** A table with these headings. */
    public TextTable(final String... headings) {
        columns = headings.length;
        rows.add(headings.clone());
    }

    /** Names the next {@code size} columns, from the left. */
    public TextTable group(final String name, final int size) {
        groupNames.add(name);
        groupSizes.add(size);
        return this;
    }

    /** Adds a row; as many cells as there are headings. */
    public void row(final String... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(
                    "cells do not fit: cells=" + cells.length + " columns=" + columns);
        }
        rows.add(cells.clone());
    }

    /** The table, each line ended by a newline. */
    public String text() {
        final int[] widths = new int[columns];
        for (final String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        widenForGroups(widths);
        final StringBuilder out = new StringBuilder();
        appendGroups(out, widths);
        for (int r = 0; r < rows.size(); r++) {
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(gapBefore(i));
                final String cell = rows.get(r)[i];
                final String pad = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? cell + pad : pad + cell);
            }
            out.append(line.toString().stripTrailing()).append('\n');
            if (r == 0) {
                out.append("-".repeat(line.length())).append('\n');
            }
        }
        return out.toString();
    }

    private void widenForGroups(final int[] widths) {
        int column = 0;
        for (int g = 0; g < groupNames.size(); g++) {
            final int size = groupSizes.get(g);
            final int lack = groupNames.get(g).length() - groupWidth(widths, column, size);
            if (lack > 0) {
                widths[column] += lack;
            }
            column += size;
        }
    }

    private void appendGroups(final StringBuilder out, final int[] widths) {
        if (groupNames.isEmpty()) {
            return;
        }
        final StringBuilder line = new StringBuilder();
        int column = 0;
        for (int g = 0; g < groupNames.size(); g++) {
            final int size = groupSizes.get(g);
            final int width = groupWidth(widths, column, size);
            final String name = groupNames.get(g);
            line.append(gapBefore(column));
            line.append(name).append(" ".repeat(width - name.length()));
            column += size;
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private int groupWidth(final int[] widths, final int from, final int size) {
        int width = 0;
        for (int i = from; i < from + size; i++) {
            width += widths[i] + (i == from ? 0 : gapBefore(i).length());
        }
        return width;
    }

    private String gapBefore(final int column) {
        if (column == 0) {
            return "";
        }
        int start = 0;
        for (final int size : groupSizes) {
            if (start == column) {
                return GROUP_GAP;
            }
            start += size;
        }
        return GAP;
    }
}
