package io.ringside.device.media;

import org.agrona.DirectBuffer;

/**
 * The bitmap of a block: one bit for each sector, the highest bit of a byte first; set if the block
 * holds the sector.
 *
 * <p>Source: Microsoft, Virtual Hard Disk Image Format Specification, version 1.0.
 */
final class VhdBitmap {
    private VhdBitmap() {}

    static boolean isSet(final DirectBuffer bitmap, final int sector) {
        return (bitmap.getByte(sector >>> 3) & (0x80 >>> (sector & 7))) != 0;
    }

    /** How many sectors from one on, but before another, have the same bit. */
    static int run(final DirectBuffer bitmap, final int from, final int to) {
        final boolean set = isSet(bitmap, from);
        int end = from + 1;
        while (end < to && isSet(bitmap, end) == set) {
            end++;
        }
        return end - from;
    }
}
