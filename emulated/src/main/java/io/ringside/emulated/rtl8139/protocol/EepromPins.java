package io.ringside.emulated.rtl8139.protocol;

/**
 * The pins of the 93C46 behind the EEPROM register, and what a driver clocks in and out of it.
 *
 * <p>Source: 93C46 data sheet; {@code EE_*} of {@code 8139too.c}.
 */
public final class EepromPins {
    /** Register: the chip's pins are the EEPROM's. */
    public static final int PROGRAM = 0x80;

    /** Register: chip select. */
    public static final int SELECT = 0x08;

    /** Register: clock. */
    public static final int CLOCK = 0x04;

    /** Register: the bit towards the EEPROM. */
    public static final int DATA_IN = 0x02;

    /** Register: the bit from the EEPROM. */
    public static final int DATA_OUT = 0x01;

    /** A start bit and the opcode of a read. */
    public static final int READ = 6;

    /** Bits of {@link #READ}. */
    public static final int READ_BITS = 3;

    /** Bits of an address. */
    public static final int ADDRESS_BITS = 6;

    /** Bits of a word. */
    public static final int WORD_BITS = 16;

    /** First of the three words of the station address. */
    public static final int STATION_WORD = 7;

    private EepromPins() {}
}
