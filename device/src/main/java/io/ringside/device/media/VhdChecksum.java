package io.ringside.device.media;

import org.agrona.DirectBuffer;

/** The sum over a VHD structure: the ones' complement of all its bytes but the sum's own four. */
final class VhdChecksum {
    private VhdChecksum() {}

    static int of(final DirectBuffer bytes, final int lengthBytes, final int checksumOffset) {
        int sum = 0;
        for (int i = 0; i < lengthBytes; i++) {
            if (i < checksumOffset || i >= checksumOffset + Integer.BYTES) {
                sum += bytes.getByte(i) & 0xFF;
            }
        }
        return ~sum;
    }
}
