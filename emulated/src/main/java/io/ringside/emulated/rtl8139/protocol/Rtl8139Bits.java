package io.ringside.emulated.rtl8139.protocol;

/**
 * The bits of the registers and of the frame headers in the receive ring.
 *
 * <pre>
 *   a frame in the ring, from a multiple of 4 on:
 *     +0  2  status     RECEIVED_...
 *     +2  2  length     with the 4 bytes of frame check sequence
 *     +4     the frame, then its check sequence; the next header at the next multiple of 4
 * </pre>
 *
 * <p>Source: the enums of {@code 8139too.c}; Realtek RTL8139C(L) data sheet.
 */
public final class Rtl8139Bits {
    // Command.

    /** Command: reset, and reads 1 while it lasts. */
    public static final int RESET = 0x10;

    /** Command: the receiver is on. */
    public static final int RECEIVER_ON = 0x08;

    /** Command: the transmitter is on. */
    public static final int TRANSMITTER_ON = 0x04;

    /** Command, read: there is nothing in the receive ring. */
    public static final int RING_EMPTY = 0x01;

    // Interrupt status and mask.

    /** Interrupt: a frame was received. */
    public static final int RECEIVE_OK = 0x0001;

    /** Interrupt: a frame came with an error. */
    public static final int RECEIVE_ERROR = 0x0002;

    /** Interrupt: a frame was sent. */
    public static final int TRANSMIT_OK = 0x0004;

    /** Interrupt: a frame was given up. */
    public static final int TRANSMIT_ERROR = 0x0008;

    /** Interrupt: the receive ring is full. */
    public static final int RING_FULL = 0x0010;

    /** Interrupt: the link came or went, or the driver ran ahead of the chip. */
    public static final int LINK_CHANGE = 0x0020;

    /** Interrupt: the chip's own memory overflowed. */
    public static final int FIFO_FULL = 0x0040;

    /** Interrupt: memory that the chip was told to use is not there. */
    public static final int BUS_ERROR = 0x8000;

    // Transmit status.

    /** Transmit status: the driver may fill the slot. */
    public static final int HOST_OWNS = 1 << 13;

    /** Transmit status: sent. */
    public static final int SENT = 1 << 15;

    /** Transmit status: given up. */
    public static final int ABORTED = 1 << 30;

    /** Transmit status: how many bytes. */
    public static final int TRANSMIT_LENGTH_MASK = 0x1FFF;

    /** Transmit status: bytes in the chip before it begins to send, in units of 32. */
    public static final int THRESHOLD_SHIFT = 16;

    // Transmit configuration.

    /** Transmit configuration: what is sent comes back. */
    public static final int LOOPBACK = 3 << 17;

    /** Transmit configuration: most bytes of one access to memory, as a power of 2 less 4. */
    public static final int TRANSMIT_BURST_SHIFT = 8;

    /** Transmit configuration: the standard gap between frames. */
    public static final int STANDARD_GAP = 3 << 24;

    /** Transmit configuration, read: which chip it is. */
    public static final int VERSION_MASK = 0x7CC0_0000;

    /** The version of an RTL8139C. */
    public static final int VERSION_C = 0x7400_0000;

    // Receive configuration.

    /** Receive configuration: every address. */
    public static final int ACCEPT_ALL = 0x01;

    /** Receive configuration: the station's address. */
    public static final int ACCEPT_STATION = 0x02;

    /** Receive configuration: multicast addresses that the filter lets through. */
    public static final int ACCEPT_MULTICAST = 0x04;

    /** Receive configuration: broadcasts. */
    public static final int ACCEPT_BROADCAST = 0x08;

    /** Receive configuration: a frame may run past the ring's end rather than wrap. */
    public static final int NO_WRAP = 0x80;

    /** Receive configuration: no limit to one access to memory. */
    public static final int UNLIMITED_BURST = 7 << 8;

    /** Receive configuration: ring of 8 KiB shifted left by these 2 bits. */
    public static final int RING_SIZE_SHIFT = 11;

    /** Receive configuration: hand over whole frames only. */
    public static final int WHOLE_FRAMES = 7 << 13;

    // Status of a received frame.

    /** Received: intact. */
    public static final int RECEIVED_OK = 0x0001;

    /** Received: the check sequence was wrong. */
    public static final int RECEIVED_BAD = 0x0004;

    /** Received: a broadcast. */
    public static final int RECEIVED_BROADCAST = 0x2000;

    /** Received: to the station's address. */
    public static final int RECEIVED_STATION = 0x4000;

    /** Received: a multicast. */
    public static final int RECEIVED_MULTICAST = 0x8000;

    /** Bytes of the header of a received frame. */
    public static final int HEADER_BYTES = 4;

    /** Bytes of the frame check sequence. */
    public static final int CHECK_BYTES = 4;

    /** Media status: there is no link. */
    public static final int LINK_DOWN = 0x04;

    /** PHY status: there is a link. */
    public static final int PHY_LINK_UP = 0x0004;

    /** PHY status: negotiated; can negotiate; 10 and 100 Mbit/s, half and full duplex. */
    public static final int PHY_ABILITIES = 0x7829;

    /** EEPROM register: configuration registers can be written. */
    public static final int UNLOCK = 0xC0;

    /** EEPROM register: they cannot. */
    public static final int LOCK = 0x00;

    private Rtl8139Bits() {}
}
