package io.ringside.emulated.e1000.protocol;

/**
 * The registers of an 82540EM, as offsets from its memory-mapped base. Each has 32 bits.
 *
 * <pre>
 *   0x0000 .. 0x00D8   control, status, EEPROM, PHY, VLAN type, interrupts
 *   0x0100, 0x0400     receive and transmit control
 *   0x2800 .. 0x282C   receive descriptor ring and its interrupt delays
 *   0x3800 .. 0x382C   transmit descriptor ring and its interrupt delays
 *   0x4000 ..          statistics, cleared when read
 *   0x5000 ..          receive checksum, multicast table, receive addresses
 * </pre>
 *
 * <p>Source: {@code e1000_hw.h}; Intel Software Developer's Manual, 13.
 */
public final class E1000Registers {
    /** Bytes of the register range. */
    public static final int RANGE_BYTES = 0x20000;

    /** Device control. */
    public static final int CONTROL = 0x0000;

    /** Device status, read only. */
    public static final int STATUS = 0x0008;

    /** EEPROM, bit by bit. */
    public static final int EEPROM_PINS = 0x0010;

    /** EEPROM, word by word. */
    public static final int EEPROM_READ = 0x0014;

    /** PHY. */
    public static final int PHY = 0x0020;

    /** Ethernet type of a VLAN tag. */
    public static final int VLAN_TYPE = 0x0038;

    /** Interrupt causes; cleared when read. */
    public static final int CAUSE_READ = 0x00C0;

    /** Least time between interrupts, in units of 256 ns; 0 for none. */
    public static final int THROTTLE = 0x00C4;

    /** Sets interrupt causes. */
    public static final int CAUSE_SET = 0x00C8;

    /** Interrupt mask; a bit of 1 written sets it. */
    public static final int MASK_SET = 0x00D0;

    /** A bit of 1 written clears it in the interrupt mask. */
    public static final int MASK_CLEAR = 0x00D8;

    /** Receive control. */
    public static final int RECEIVE_CONTROL = 0x0100;

    /** Transmit control. */
    public static final int TRANSMIT_CONTROL = 0x0400;

    /** Gap between frames. */
    public static final int TRANSMIT_GAP = 0x0410;

    /** Receive ring: low half of its address. */
    public static final int RECEIVE_BASE_LOW = 0x2800;

    /** Receive ring: high half of its address. */
    public static final int RECEIVE_BASE_HIGH = 0x2804;

    /** Receive ring: bytes, a multiple of 128. */
    public static final int RECEIVE_LENGTH = 0x2808;

    /** Receive ring: the chip's descriptor. */
    public static final int RECEIVE_HEAD = 0x2810;

    /** Receive ring: the driver's descriptor. */
    public static final int RECEIVE_TAIL = 0x2818;

    /** Interrupt this long after the last frame received, in units of 1.024 us. */
    public static final int RECEIVE_DELAY = 0x2820;

    /** Interrupt this long after the first frame received, in units of 1.024 us. */
    public static final int RECEIVE_ABSOLUTE_DELAY = 0x282C;

    /** Transmit ring: low half of its address. */
    public static final int TRANSMIT_BASE_LOW = 0x3800;

    /** Transmit ring: high half of its address. */
    public static final int TRANSMIT_BASE_HIGH = 0x3804;

    /** Transmit ring: bytes, a multiple of 128. */
    public static final int TRANSMIT_LENGTH = 0x3808;

    /** Transmit ring: the chip's descriptor. */
    public static final int TRANSMIT_HEAD = 0x3810;

    /** Transmit ring: the driver's descriptor; writing it sends. */
    public static final int TRANSMIT_TAIL = 0x3818;

    /** Interrupt this long after the last frame sent, in units of 1.024 us. */
    public static final int TRANSMIT_DELAY = 0x3820;

    /** Interrupt this long after the first frame sent, in units of 1.024 us. */
    public static final int TRANSMIT_ABSOLUTE_DELAY = 0x382C;

    /** First of the statistics. */
    public static final int STATISTICS = 0x4000;

    /** Frames missed for want of a descriptor. */
    public static final int MISSED = 0x4010;

    /** Good frames received. */
    public static final int RECEIVED = 0x4074;

    /** Good frames sent. */
    public static final int SENT = 0x4080;

    /** Behind the last of the statistics. */
    public static final int STATISTICS_END = 0x4128;

    /** Receive checksum control. */
    public static final int RECEIVE_CHECKSUM = 0x5000;

    /** Multicast table, 128 registers. */
    public static final int MULTICAST_TABLE = 0x5200;

    /** Receive addresses, 16 pairs, low half first. */
    public static final int RECEIVE_ADDRESS = 0x5400;

    /** How many receive addresses there are. */
    public static final int RECEIVE_ADDRESSES = 16;

    private E1000Registers() {}
}
