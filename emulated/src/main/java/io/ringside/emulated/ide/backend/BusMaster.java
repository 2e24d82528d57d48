package io.ringside.emulated.ide.backend;

import static io.ringside.emulated.ide.protocol.BusMasterRegisters.ACTIVE;
import static io.ringside.emulated.ide.protocol.BusMasterRegisters.COMMAND;
import static io.ringside.emulated.ide.protocol.BusMasterRegisters.ERROR;
import static io.ringside.emulated.ide.protocol.BusMasterRegisters.INTERRUPT;
import static io.ringside.emulated.ide.protocol.BusMasterRegisters.SOFTWARE_BITS;
import static io.ringside.emulated.ide.protocol.BusMasterRegisters.START;
import static io.ringside.emulated.ide.protocol.BusMasterRegisters.STATUS;
import static io.ringside.emulated.ide.protocol.BusMasterRegisters.TABLE;
import static io.ringside.emulated.ide.protocol.BusMasterRegisters.TO_MEMORY;

/**
 * The bus master's registers of one channel. What moves the data is {@link DmaTransfer}.
 *
 * <p>ACTIVE follows the data sheet: it rises with START, falls with it, and falls when the table
 * has been used up. One thing is ours: if START falls while the store still has its hands on guest
 * memory, ACTIVE stays until the store has let go, so that a guest that waits for it is safe.
 */
final class BusMaster {
    private static final int TABLE_MASK = ~3;

    private int command;
    private int status;
    private int table;
    private boolean fresh;
    private boolean holdsMemory;

    /** One byte of the register block, offset 0 to 7. */
    int read(final int offset) {
        if (offset == COMMAND) {
            return command;
        }
        if (offset == STATUS) {
            return status;
        }
        return offset >= TABLE ? table >>> shift(offset) & 0xFF : 0;
    }

    /** One byte of the register block, offset 0 to 7. */
    void write(final int offset, final int value) {
        if (offset == COMMAND) {
            writeCommand(value & (START | TO_MEMORY));
        } else if (offset == STATUS) {
            status &= ~(value & (ERROR | INTERRUPT));
            status = (status & ~SOFTWARE_BITS) | (value & SOFTWARE_BITS);
        } else if (offset >= TABLE) {
            final int shift = shift(offset);
            table = ((table & ~(0xFF << shift)) | value << shift) & TABLE_MASK;
        }
    }

    private static int shift(final int offset) {
        return (offset - TABLE) * Byte.SIZE;
    }

    private void writeCommand(final int value) {
        final boolean starts = (value & START) != 0;
        if (starts && !isStarted()) {
            status |= ACTIVE;
            fresh = true;
        } else if (!starts) {
            fresh = false;
            if (!holdsMemory) {
                status &= ~ACTIVE;
            }
        }
        command = value;
    }

    boolean isStarted() {
        return (command & START) != 0;
    }

    /** Whether the engine was started and has carried nothing since. */
    boolean isFresh() {
        return fresh;
    }

    boolean isTowardsMemory() {
        return (command & TO_MEMORY) != 0;
    }

    /** Guest-physical address of the descriptors. */
    long tableAddress() {
        return Integer.toUnsignedLong(table);
    }

    /** A transfer takes the engine. */
    void engage() {
        fresh = false;
        holdsMemory = true;
    }

    /** Nobody touches guest memory any more; the engine rests if it was stopped meanwhile. */
    void release() {
        holdsMemory = false;
        if (!isStarted()) {
            status &= ~ACTIVE;
        }
    }

    /** Every descriptor has been used. */
    void tableUsedUp() {
        status &= ~ACTIVE;
    }

    /** The descriptors, or what they name, could not be reached. */
    void fault() {
        fresh = false;
        status = (status & ~ACTIVE) | ERROR;
    }

    /** The drive's line went up. */
    void interruptRose() {
        status |= INTERRUPT;
    }
}
