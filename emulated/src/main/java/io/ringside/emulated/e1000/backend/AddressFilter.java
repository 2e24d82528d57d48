package io.ringside.emulated.e1000.backend;

import io.ringside.emulated.e1000.protocol.E1000Bits;
import io.ringside.emulated.e1000.protocol.E1000Registers;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Which frames the station hears: 16 addresses, and a table of 4096 bits for multicasts. */
final class AddressFilter {
    private static final int TABLE_REGISTERS = 128;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final int ADDRESS_BYTES = 6;
    private static final int[] SHIFTS = {4, 3, 2, 0};

    private final int[] table = new int[TABLE_REGISTERS];
    private final int[] addresses = new int[2 * E1000Registers.RECEIVE_ADDRESSES];

    /** What a reset loads. */
    void load(final long stationAddress) {
        Arrays.fill(table, 0);
        Arrays.fill(addresses, 0);
        final long wire = Long.reverseBytes(stationAddress) >>> 2 * Byte.SIZE;
        addresses[0] = (int) wire;
        addresses[1] = (int) (wire >>> Integer.SIZE) | E1000Bits.ADDRESS_VALID;
    }

    int table(final int index) {
        return table[index];
    }

    void table(final int index, final int value) {
        table[index] = value;
    }

    int address(final int half) {
        return addresses[half];
    }

    void address(final int half, final int value) {
        addresses[half] = value;
    }

    boolean hears(final UnsafeBuffer frame, final int receiveControl) {
        // The first byte on the wire is the lowest.
        long to = 0;
        for (int i = 0; i < ADDRESS_BYTES; i++) {
            to |= (frame.getByte(i) & 0xFFL) << Byte.SIZE * i;
        }
        if (to == BROADCAST) {
            return (receiveControl & E1000Bits.RECEIVE_BROADCAST) != 0;
        }
        final boolean isGroup = (to & 1) != 0;
        final int all = isGroup ? E1000Bits.RECEIVE_ALL_MULTICAST : E1000Bits.RECEIVE_ALL;
        return (receiveControl & all) != 0
                || isOurs(to)
                || isGroup && isInTable(to, receiveControl);
    }

    private boolean isOurs(final long to) {
        for (int i = 0; i < addresses.length; i += 2) {
            final int high = addresses[i + 1];
            if ((high & E1000Bits.ADDRESS_VALID) != 0
                    && ((high & 0xFFFFL) << Integer.SIZE | addresses[i] & 0xFFFF_FFFFL) == to) {
                return true;
            }
        }
        return false;
    }

    private boolean isInTable(final long to, final int receiveControl) {
        final int choice = receiveControl >>> E1000Bits.RECEIVE_MULTICAST_SHIFT & 3;
        final int bit = (int) (to >>> Integer.SIZE >>> SHIFTS[choice]) & 0xFFF;
        return (table[bit >>> 5] >>> (bit & 31) & 1) != 0;
    }
}
