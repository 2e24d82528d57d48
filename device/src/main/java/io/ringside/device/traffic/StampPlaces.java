package io.ringside.device.traffic;

import java.util.Arrays;

/**
 * Where in the frames of a mix the stamps are: every 256 bytes, and at the end of each length.
 *
 * <p>A place is a stamp in all frames that are long enough, so that memory that has held a frame of
 * one length can hold one of another length next. Places are even, do not overlap, and no frame
 * ends within one. Threads: any.
 */
final class StampPlaces {
    private static final int EVERY = 256;
    private static final int FIRST = 64;

    private StampPlaces() {}

    /** All places, in order, for frames of these lengths, which lie at least 8 bytes apart. */
    static int[] of(final int[] lengths) {
        final int longest = lengths[lengths.length - 1];
        final int[] places = new int[longest / EVERY + 1 + lengths.length];
        int count = 0;
        for (int place = FIRST; place + Integer.BYTES <= longest; place += EVERY) {
            if (!meetsAnEnd(place, lengths)) {
                places[count] = place;
                count++;
            }
        }
        for (final int length : lengths) {
            if (end(length) >= Traffic.PATTERN) {
                places[count] = end(length);
                count++;
            }
        }
        final int[] inOrder = Arrays.copyOf(places, count);
        Arrays.sort(inOrder);
        return inOrder;
    }

    private static boolean meetsAnEnd(final int place, final int[] lengths) {
        for (final int length : lengths) {
            if (place < length && place + Integer.BYTES > end(length)) {
                return true;
            }
        }
        return false;
    }

    private static int end(final int length) {
        return length - Integer.BYTES & ~1;
    }

    /** How many places lie within a frame. */
    static int countWithin(final int[] places, final int length) {
        int count = 0;
        while (count < places.length && places[count] + Integer.BYTES <= length) {
            count++;
        }
        return count;
    }
}
