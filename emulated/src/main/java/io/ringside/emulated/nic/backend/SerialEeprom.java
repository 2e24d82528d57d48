package io.ringside.emulated.nic.backend;

/**
 * A 93C46 serial EEPROM as a guest clocks it: 64 words of 16 bits, one wire each way. It answers
 * reads and nothing else.
 *
 * <pre>
 *   selected, on each rise of the clock one bit in: 1, opcode (2 bits), address (6 bits);
 *   then a bit of 0 stands at the output, and on each rise follows one bit of the word, the
 *   highest first
 * </pre>
 *
 * <p>Source: 93C46 data sheet. Threads: the vCPU's.
 */
public final class SerialEeprom {
    /** How many words there are. */
    public static final int WORDS = 64;

    private static final int WORD_BITS = 16;
    private static final int WORD_MASK = 0xFFFF;
    private static final int ADDRESS_BITS = 6;
    private static final int COMMAND_BITS = 3 + ADDRESS_BITS;
    private static final int READ = 6;

    private final int[] words = new int[WORDS];
    private boolean clockWasHigh;
    private int command;
    private int commandBits;
    private int output;
    private boolean dataOut = true;

    /** One word. */
    public int word(final int index) {
        return words[index];
    }

    /** Sets one word; its low 16 bits count. */
    public void word(final int index, final int value) {
        words[index] = value & WORD_MASK;
    }

    /** Sets three words to a station address, the low byte of each word first on the wire. */
    public void stationAddress(final int firstWord, final long stationAddress) {
        for (int i = 0; i < 3; i++) {
            final short pair = (short) (stationAddress >>> (2 - i) * WORD_BITS);
            words[firstWord + i] = Short.reverseBytes(pair) & WORD_MASK;
        }
    }

    /** The output. */
    public boolean dataOut() {
        return dataOut;
    }

    /** The guest sets the three inputs at once. */
    public void pins(final boolean selected, final boolean clock, final boolean dataIn) {
        final boolean rises = clock && !clockWasHigh;
        clockWasHigh = clock;
        if (!selected) {
            command = 0;
            commandBits = 0;
            dataOut = true;
        } else if (rises) {
            clock(dataIn ? 1 : 0);
        }
    }

    private void clock(final int bit) {
        if (commandBits < COMMAND_BITS) {
            if (commandBits == 0 && bit == 0) {
                return; // A command begins with a bit of 1.
            }
            command = command << 1 | bit;
            commandBits++;
            if (commandBits == COMMAND_BITS) {
                final boolean reads = command >>> ADDRESS_BITS == READ;
                output = reads ? words[command & WORDS - 1] : WORD_MASK;
                dataOut = !reads;
            }
            return;
        }
        dataOut = (output & 1 << WORD_BITS - 1) != 0;
        output = output << 1 & WORD_MASK;
    }
}
