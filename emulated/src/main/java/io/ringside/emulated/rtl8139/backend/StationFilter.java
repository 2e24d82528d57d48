package io.ringside.emulated.rtl8139.backend;

import io.ringside.emulated.rtl8139.protocol.Rtl8139Bits;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Which frames the station hears: its address and the 64-bit multicast filter, whose bit is named
 * by the top 6 bits of the Ethernet CRC of an address.
 */
final class StationFilter {
    /** The frame is for somebody else. */
    static final int NOT_FOR_US = 0;

    private static final int ADDRESS_BYTES = 6;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final long GROUP_BIT = 1L << 40;
    private static final int HASH_SHIFT = 26;

    private final byte[] address = new byte[ADDRESS_BYTES];
    private final byte[] multicast = new byte[Long.BYTES];
    private final CRC32 crc = new CRC32();
    private final byte[] destination = new byte[ADDRESS_BYTES];

    /** What a reset loads. */
    void load(final long stationAddress) {
        for (int i = 0; i < ADDRESS_BYTES; i++) {
            address[i] = (byte) (stationAddress >>> Byte.SIZE * (ADDRESS_BYTES - 1 - i));
        }
        Arrays.fill(multicast, (byte) 0);
    }

    int addressByte(final int index) {
        return address[index] & 0xFF;
    }

    void addressByte(final int index, final int value) {
        address[index] = (byte) value;
    }

    int multicastByte(final int index) {
        return multicast[index] & 0xFF;
    }

    void multicastByte(final int index, final int value) {
        multicast[index] = (byte) value;
    }

    /** The address bits of a received frame's status; {@link #NOT_FOR_US} if it is not taken. */
    int match(final ByteBuffer frame, final int receiveConfig) {
        long to = 0;
        boolean isStation = true;
        for (int i = 0; i < ADDRESS_BYTES; i++) {
            destination[i] = frame.get(i);
            to = to << Byte.SIZE | destination[i] & 0xFF;
            isStation &= destination[i] == address[i];
        }
        final int kind;
        final boolean accepted;
        if (to == BROADCAST) {
            kind = Rtl8139Bits.RECEIVED_BROADCAST;
            accepted = (receiveConfig & Rtl8139Bits.ACCEPT_BROADCAST) != 0;
        } else if ((to & GROUP_BIT) != 0) {
            kind = Rtl8139Bits.RECEIVED_MULTICAST;
            accepted = (receiveConfig & Rtl8139Bits.ACCEPT_MULTICAST) != 0 && hearsGroup();
        } else {
            kind = isStation ? Rtl8139Bits.RECEIVED_STATION : 0;
            accepted = isStation && (receiveConfig & Rtl8139Bits.ACCEPT_STATION) != 0;
        }
        if (accepted || (receiveConfig & Rtl8139Bits.ACCEPT_ALL) != 0) {
            return kind | Rtl8139Bits.RECEIVED_OK;
        }
        return NOT_FOR_US;
    }

    private boolean hearsGroup() {
        crc.reset();
        crc.update(destination, 0, ADDRESS_BYTES);
        // The wire sends the highest bit of the remainder first: the zip form, not inverted,
        // with its bits in reverse.
        final int bit = Integer.reverse(~(int) crc.getValue()) >>> HASH_SHIFT;
        return (multicast[bit >>> 3] >>> (bit & 7) & 1) != 0;
    }
}
