package io.ringside.emulated.tulip.backend;

import io.ringside.emulated.tulip.protocol.SetupFrame;
import io.ringside.emulated.tulip.protocol.TulipBits;
import io.ringside.emulated.tulip.protocol.TulipDescriptor;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.agrona.DirectBuffer;

/**
 * Which frames the station hears, as the last setup frame has it: 16 addresses, or all but these,
 * or a table of 512 hashes and the station's address, or the table alone.
 *
 * <p>A broadcast is an address like any other. Before the first setup frame there is no address.
 * Threads: the vCPU's.
 */
final class AddressFilter {
    private static final int ADDRESS_BYTES = 6;
    private static final int HASH_BITS = 0x1FF;
    private static final int WORD_SHIFT = 4;
    private static final int BIT_MASK = 0xF;
    private static final long GROUP_BIT = 1L << 40;
    private static final long NONE = -1;

    private final long[] addresses = new long[SetupFrame.ENTRIES];
    private final int[] table = new int[SetupFrame.HASH_WORDS];
    private final byte[] destination = new byte[ADDRESS_BYTES];
    private final CRC32 crc = new CRC32();
    private int modeBits;

    /** Forgets everything. */
    void reset() {
        Arrays.fill(addresses, NONE);
        Arrays.fill(table, 0);
        modeBits = 0;
    }

    /** What it adds to the mode register. */
    int modeBits() {
        return modeBits;
    }

    /** Takes a setup frame of the right length. */
    void load(final DirectBuffer frame, final int control) {
        final boolean hash = (control & TulipDescriptor.SETUP_HASH) != 0;
        final boolean inverse = (control & TulipDescriptor.SETUP_INVERSE) != 0;
        modeBits =
                (hash ? TulipBits.HASH_FILTER : 0)
                        | (hash && inverse ? TulipBits.HASH_ONLY : 0)
                        | (!hash && inverse ? TulipBits.INVERSE_FILTER : 0);
        Arrays.fill(addresses, NONE);
        if (hash) {
            addresses[0] = SetupFrame.address(frame, SetupFrame.HASH_STATION);
            for (int i = 0; i < table.length; i++) {
                table[i] = SetupFrame.word(frame, i);
            }
        } else {
            for (int i = 0; i < addresses.length; i++) {
                addresses[i] = SetupFrame.address(frame, i);
            }
        }
    }

    /** Whether a frame is for this station. */
    boolean hears(final DirectBuffer frame, final int mode) {
        long to = 0;
        for (int i = 0; i < ADDRESS_BYTES; i++) {
            destination[i] = frame.getByte(i);
            to = to << Byte.SIZE | destination[i] & 0xFF;
        }
        final boolean isGroup = (to & GROUP_BIT) != 0;
        if ((mode & TulipBits.PROMISCUOUS) != 0
                || isGroup && (mode & TulipBits.ALL_MULTICAST) != 0) {
            return true;
        }
        if ((modeBits & TulipBits.HASH_ONLY) != 0
                || isGroup && (modeBits & TulipBits.HASH_FILTER) != 0) {
            return isInTable();
        }
        return isListed(to) != ((modeBits & TulipBits.INVERSE_FILTER) != 0);
    }

    private boolean isListed(final long to) {
        for (final long address : addresses) {
            if (address == to) {
                return true;
            }
        }
        return false;
    }

    private boolean isInTable() {
        crc.reset();
        crc.update(destination, 0, ADDRESS_BYTES);
        // The remainder as the chip holds it: the zip form, not inverted.
        final int bit = ~(int) crc.getValue() & HASH_BITS;
        return (table[bit >>> WORD_SHIFT] >>> (bit & BIT_MASK) & 1) != 0;
    }
}
