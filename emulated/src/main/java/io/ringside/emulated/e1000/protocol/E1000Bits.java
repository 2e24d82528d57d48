package io.ringside.emulated.e1000.protocol;

/**
 * The bits of the registers of an 82540EM.
 *
 * <p>Source: {@code e1000_hw.h}; Intel Software Developer's Manual, 13.
 */
public final class E1000Bits {
    /** Control: the link is to be up. */
    public static final int CONTROL_LINK_UP = 0x40;

    /** Control: reset; clears itself. */
    public static final int CONTROL_RESET = 1 << 26;

    /** Control: VLAN tags are stripped and inserted. */
    public static final int CONTROL_VLAN = 1 << 30;

    /** Status: full duplex. */
    public static final int STATUS_FULL_DUPLEX = 0x01;

    /** Status: the link is up. */
    public static final int STATUS_LINK_UP = 0x02;

    /** Status: 1000 Mbit/s. */
    public static final int STATUS_GIGABIT = 0x80;

    /** EEPROM pins: clock. */
    public static final int EEPROM_CLOCK = 0x01;

    /** EEPROM pins: chip select. */
    public static final int EEPROM_SELECT = 0x02;

    /** EEPROM pins: the bit towards the EEPROM. */
    public static final int EEPROM_IN = 0x04;

    /** EEPROM pins: the bit from the EEPROM. */
    public static final int EEPROM_OUT = 0x08;

    /** EEPROM pins: access wanted. */
    public static final int EEPROM_REQUEST = 0x40;

    /** EEPROM pins: access granted. */
    public static final int EEPROM_GRANT = 0x80;

    /** EEPROM pins: there is one. */
    public static final int EEPROM_PRESENT = 0x100;

    /** EEPROM read: start. */
    public static final int EEPROM_START = 0x01;

    /** EEPROM read: done. */
    public static final int EEPROM_DONE = 0x10;

    /** EEPROM read: where the number of the word stands. */
    public static final int EEPROM_ADDRESS_SHIFT = 8;

    /** EEPROM read: where the word stands. */
    public static final int EEPROM_DATA_SHIFT = 16;

    /** PHY: where the number of its register stands. */
    public static final int PHY_REGISTER_SHIFT = 16;

    /** PHY: where the number of the PHY stands; there is only number 1. */
    public static final int PHY_NUMBER_SHIFT = 21;

    /** PHY: write. */
    public static final int PHY_WRITE = 1 << 26;

    /** PHY: read. */
    public static final int PHY_READ = 1 << 27;

    /** PHY: done. */
    public static final int PHY_READY = 1 << 28;

    /** PHY: done, and there is no such PHY. */
    public static final int PHY_ERROR = 1 << 30;

    /** Cause: descriptors were written back. */
    public static final int CAUSE_TRANSMIT_DONE = 0x01;

    /** Cause: the transmit ring is empty. */
    public static final int CAUSE_TRANSMIT_EMPTY = 0x02;

    /** Cause: the link came or went. */
    public static final int CAUSE_LINK = 0x04;

    /** Cause: the receive ring is running low. */
    public static final int CAUSE_RECEIVE_LOW = 0x10;

    /** Cause: a frame was missed for want of a descriptor. */
    public static final int CAUSE_RECEIVE_OVERRUN = 0x40;

    /** Cause: frames were received. */
    public static final int CAUSE_RECEIVED = 0x80;

    /** Cause: the line is asserted. */
    public static final int CAUSE_ASSERTED = 1 << 31;

    /** Receive control: on. */
    public static final int RECEIVE_ON = 0x02;

    /** Receive control: every station address. */
    public static final int RECEIVE_ALL = 0x08;

    /** Receive control: every multicast address. */
    public static final int RECEIVE_ALL_MULTICAST = 0x10;

    /** Receive control: frames longer than 1522 bytes. */
    public static final int RECEIVE_LONG = 0x20;

    /** Receive control: where stands at how many free descriptors the ring is running low. */
    public static final int RECEIVE_LOW_SHIFT = 8;

    /** Receive control: where stands which bits of an address the multicast table looks at. */
    public static final int RECEIVE_MULTICAST_SHIFT = 12;

    /** Receive control: broadcasts. */
    public static final int RECEIVE_BROADCAST = 0x8000;

    /** Receive control: buffer size, 2048 bytes shifted right by these 2 bits. */
    public static final int RECEIVE_SIZE_SHIFT = 16;

    /** Receive control: the buffer size is 16 times as large. */
    public static final int RECEIVE_SIZE_EXTENDED = 1 << 25;

    /** Receive control: the frame check sequence is left out. */
    public static final int RECEIVE_STRIP_CHECK = 1 << 26;

    /** Transmit control: on. */
    public static final int TRANSMIT_ON = 0x02;

    /** Transmit control: short frames are padded. */
    public static final int TRANSMIT_PAD = 0x08;

    /** Receive delay: what is being delayed is told now. */
    public static final int RECEIVE_DELAY_FLUSH = 1 << 31;

    /** Receive checksum: IPv4 headers are checked. */
    public static final int CHECKSUM_IP = 0x100;

    /** Receive checksum: TCP and UDP are checked. */
    public static final int CHECKSUM_TRANSPORT = 0x200;

    /** Receive address, high half: in use. */
    public static final int ADDRESS_VALID = 1 << 31;

    private E1000Bits() {}
}
