package io.ringside.perf.trace;

/** A list of page numbers in short: runs of neighbours as {@code 0x10-0x1f}. */
final class PageRuns {
    private final StringBuilder text = new StringBuilder();
    private long first;
    private long last;
    private int count;

    /** One more page. */
    void add(final long page) {
        if (count > 0 && page == last + 1) {
            last = page;
        } else {
            flush();
            first = page;
            last = page;
        }
        count++;
    }

    private void flush() {
        if (count == 0) {
            return;
        }
        text.append(text.isEmpty() ? "" : ",").append("0x").append(Long.toHexString(first));
        if (last != first) {
            text.append("-0x").append(Long.toHexString(last));
        }
    }

    /** All of them; to be asked once, at the end. */
    String text() {
        flush();
        return text.toString();
    }

    /** How many there are. */
    String countText() {
        return count + (count == 1 ? " page" : " pages");
    }
}
