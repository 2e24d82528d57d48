package io.ringside.emulated.tulip.protocol;

/**
 * CSR9: the wires of the serial ROM (a 93C46) and of the PHY's management interface, and what a
 * driver clocks along them.
 *
 * <pre>
 *   PHY, each bit taken at the rise of the clock, the highest first:
 *     32 ones, 01, 10 read or 01 write, PHY (5 bits), register (5 bits)
 *     write: 10, then 16 bits
 *     read:  the driver lets go; one idle bit, a 0, then 16 bits from the PHY
 * </pre>
 *
 * <p>Source: {@code EE_*} and {@code MDIO_*} of {@code tulip.h}; 93C46 data sheet; IEEE 802.3,
 * 22.2.4.5.
 */
public final class SerialPins {
    /** Serial ROM: chip select. */
    public static final int ROM_SELECT = 0x01;

    /** Serial ROM: clock. */
    public static final int ROM_CLOCK = 0x02;

    /** Serial ROM: the bit towards it. */
    public static final int ROM_IN = 0x04;

    /** Serial ROM: the bit from it. */
    public static final int ROM_OUT = 0x08;

    /** The register's low pins are those of the serial ROM. */
    public static final int ROM_PORT = 0x0800;

    /** The ROM is read. */
    public static final int ROM_READS = 0x4000;

    /** PHY: clock. */
    public static final int PHY_CLOCK = 0x1_0000;

    /** PHY: the bit towards it. */
    public static final int PHY_OUT = 0x2_0000;

    /** PHY: the chip lets go of the data wire. */
    public static final int PHY_LISTEN = 0x4_0000;

    /** PHY: the bit from it. */
    public static final int PHY_IN = 0x8_0000;

    /** A start bit and the opcode of a read of the ROM. */
    public static final int ROM_READ = 6;

    /** Bits of {@link #ROM_READ}. */
    public static final int ROM_READ_BITS = 3;

    /** Bits of an address in the ROM. */
    public static final int ROM_ADDRESS_BITS = 6;

    /** Which byte of the ROM tells the version of its layout. */
    public static final int ROM_VERSION_BYTE = 18;

    /** Which byte of the ROM is the first of the station's address. */
    public static final int ROM_STATION_BYTE = 20;

    /** Which byte of the ROM is the first of the media table's place. */
    public static final int ROM_MEDIA_BYTE = 27;

    /** Ones that open every access to a PHY. */
    public static final int PHY_PREAMBLE_BITS = 32;

    /** Start and opcode of a read of a PHY. */
    public static final int PHY_READ = 0b0110;

    /** Start and opcode of a write to a PHY. */
    public static final int PHY_WRITE = 0b0101;

    /** How many PHYs and how many registers of each can be named. */
    public static final int PHY_NUMBERS = 32;

    /** Bits of a PHY's number, and of its register's. */
    public static final int PHY_NUMBER_BITS = 5;

    /** PHY register: control. */
    public static final int PHY_CONTROL = 0;

    /** PHY register: status. */
    public static final int PHY_STATUS = 1;

    /** PHY status: there is a link. */
    public static final int PHY_LINK_UP = 0x0004;

    private SerialPins() {}
}
