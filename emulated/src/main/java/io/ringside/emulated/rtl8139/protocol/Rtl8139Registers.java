package io.ringside.emulated.rtl8139.protocol;

/**
 * The registers of an RTL8139 in C mode, as offsets from its I/O base.
 *
 * <pre>
 *   offset  bytes
 *   0x00     6     station address
 *   0x08     8     multicast filter, one bit a hash
 *   0x10    4 x 4  transmit status of slots 0 to 3; writing it sends
 *   0x20    4 x 4  transmit address of slots 0 to 3
 *   0x30     4     receive ring, guest-physical address
 *   0x37     1     command
 *   0x38     2     where the driver reads in the ring, less 16
 *   0x3A     2     where the chip writes in the ring, read only
 *   0x3C     2     interrupt mask
 *   0x3E     2     interrupt status; a bit of 1 written clears it
 *   0x40     4     transmit configuration, and the chip's version
 *   0x44     4     receive configuration
 *   0x4C     4     frames missed for want of room, 24 bits; a write clears it
 *   0x50     1     EEPROM, bit by bit, and the lock of the configuration registers
 *   0x51    1 x 2  configuration 0 and 1
 *   0x58     1     media status, read only
 *   0x59    1 x 2  configuration 3 and 4
 *   0x60     2     summary of the four transmit statuses, read only
 *   0x62    2 x 5  PHY: control, status, advertisement, partner, expansion
 * </pre>
 *
 * <p>Everything is little-endian. Source: {@code enum RTL8139_registers} of {@code 8139too.c};
 * Realtek RTL8139C(L) data sheet.
 */
public final class Rtl8139Registers {
    /** How many ports the chip takes. */
    public static final int PORTS = 256;

    /** Station address, 6 bytes. */
    public static final int STATION_ADDRESS = 0x00;

    /** Multicast filter, 8 bytes. */
    public static final int MULTICAST_FILTER = 0x08;

    /** Transmit status of slot 0; the next one is 4 further. */
    public static final int TRANSMIT_STATUS = 0x10;

    /** Transmit address of slot 0; the next one is 4 further. */
    public static final int TRANSMIT_ADDRESS = 0x20;

    /** Start of the receive ring. */
    public static final int RECEIVE_RING = 0x30;

    /** Command, 8 bits. */
    public static final int COMMAND = 0x37;

    /** The driver's read offset in the ring, less 16. */
    public static final int READ_OFFSET = 0x38;

    /** The chip's write offset in the ring. */
    public static final int WRITE_OFFSET = 0x3A;

    /** Interrupt mask. */
    public static final int INTERRUPT_MASK = 0x3C;

    /** Interrupt status. */
    public static final int INTERRUPT_STATUS = 0x3E;

    /** Transmit configuration. */
    public static final int TRANSMIT_CONFIG = 0x40;

    /** Receive configuration. */
    public static final int RECEIVE_CONFIG = 0x44;

    /** Frames missed. */
    public static final int MISSED = 0x4C;

    /** EEPROM and lock. */
    public static final int EEPROM = 0x50;

    /** Configuration 0. */
    public static final int CONFIG_0 = 0x51;

    /** Configuration 1. */
    public static final int CONFIG_1 = 0x52;

    /** Media status. */
    public static final int MEDIA_STATUS = 0x58;

    /** Configuration 3. */
    public static final int CONFIG_3 = 0x59;

    /** Configuration 4. */
    public static final int CONFIG_4 = 0x5A;

    /** Summary of the transmit statuses. */
    public static final int TRANSMIT_SUMMARY = 0x60;

    /** PHY control. */
    public static final int PHY_CONTROL = 0x62;

    /** PHY status. */
    public static final int PHY_STATUS = 0x64;

    /** How many transmit slots there are. */
    public static final int TRANSMIT_SLOTS = 4;

    /** Most bytes of a frame that a slot sends. */
    public static final int MAX_TRANSMIT_BYTES = 1792;

    /** What is added to the read offset register. */
    public static final int READ_OFFSET_BIAS = 16;

    /** Bytes that a ring has behind its end, so that frames need not wrap: 16 and a frame. */
    public static final int RING_SPARE_BYTES = 16 + 2048;

    private Rtl8139Registers() {}
}
