package io.ringside.device.frame;

/** The internet checksum word by word, for tests to compare with. */
final class NaiveChecksum {
    private NaiveChecksum() {}

    /** The sum of some bytes, which start at an even place, carried on from another sum. */
    static int sum(final int before, final byte[] bytes, final int start, final int end) {
        int sum = before;
        for (int i = start; i < end; i++) {
            sum += (bytes[i] & 0xFF) << ((i - start) % 2 == 0 ? 8 : 0);
            sum = sum > 0xFFFF ? sum - 0xFFFF : sum;
        }
        return sum;
    }

    /** The sum of a pseudo header; addresses are all bytes between two places. */
    static int pseudoHeader(
            final byte[] frame,
            final int addresses,
            final int addressesEnd,
            final int protocol,
            final int transportBytes) {
        final byte[] rest = {
            (byte) (transportBytes >>> 24),
            (byte) (transportBytes >>> 16),
            (byte) (transportBytes >>> 8),
            (byte) transportBytes,
            0,
            0,
            0,
            (byte) protocol
        };
        return sum(sum(0, frame, addresses, addressesEnd), rest, 0, rest.length);
    }
}
