package io.ringside.xenbus.sim;

import io.ringside.xenbus.protocol.FifoEventWord;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The array of event words of one domain, in frames of its memory.
 *
 * <p>The words are the domain's to spoil: a change that does not come through after many tries is
 * given up, and only the domain's own event is lost. No number that stands in a word is used as an
 * index unchecked.
 *
 * <p>Threads: any; pages are added by the domain's own.
 */
final class FifoWords {
    private static final int CHANGE_TRIES = 1000;
    private static final int INDEX_MASK = FifoEventWord.WORDS_PER_PAGE - 1;

    private final @Nullable UnsafeBuffer[] pages = new UnsafeBuffer[FifoEventWord.PAGES];
    private volatile int pageCount;

    /** Adds a page of words; false if the array is whole. */
    boolean add(final UnsafeBuffer page) {
        final int count = pageCount;
        if (count == pages.length) {
            return false;
        }
        pages[count] = page;
        pageCount = count + 1;
        return true;
    }

    /** How many words there are. */
    int count() {
        return pageCount << FifoEventWord.WORDS_PER_PAGE_SHIFT;
    }

    /** Whether there is a word for a number. Safe for any number. */
    boolean has(final int port) {
        return port > 0 && port < count();
    }

    /** The word of a port; {@link FifoEventWord#MASKED} where there is none. */
    int wordVolatile(final int port) {
        final UnsafeBuffer page = page(port);
        return page == null ? FifoEventWord.MASKED : page.getIntVolatile(offset(port));
    }

    /** Exchanges a word, in full order, if it still is what was expected. */
    boolean compareAndSetVolatile(final int port, final int expected, final int word) {
        final UnsafeBuffer page = page(port);
        return page != null && page.compareAndSetInt(offset(port), expected, word);
    }

    /** Sets and clears bits; answers with the word before, or -1 if it gave up or there is none. */
    int changeVolatile(final int port, final int clear, final int set) {
        final int limit = has(port) ? CHANGE_TRIES : 0;
        for (int tries = 0; tries < limit; tries++) {
            final int before = wordVolatile(port);
            if (compareAndSetVolatile(port, before, (before & ~clear) | set)) {
                return before;
            }
        }
        return -1;
    }

    private @Nullable UnsafeBuffer page(final int port) {
        return has(port) ? pages[port >>> FifoEventWord.WORDS_PER_PAGE_SHIFT] : null;
    }

    private static int offset(final int port) {
        return (port & INDEX_MASK) * Integer.BYTES;
    }
}
