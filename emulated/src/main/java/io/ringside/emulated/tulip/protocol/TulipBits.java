package io.ringside.emulated.tulip.protocol;

/**
 * The bits of the registers of a DEC 21140.
 *
 * <p>Source: the enums of {@code tulip.h}; DECchip 21140A Hardware Reference Manual, 3.2.
 */
public final class TulipBits {
    // CSR0, bus mode.

    /** Bus mode: reset. */
    public static final int RESET = 0x01;

    /** Bus mode: where stands how many words of 32 bits lie between two descriptors of a ring. */
    public static final int SKIP_SHIFT = 2;

    /** Bus mode: most of those words. */
    public static final int SKIP_MASK = 0x1F;

    /** Bus mode: cache lines of 8, 16, 32 words by these 2 bits. */
    public static final int CACHE_LINE_SHIFT = 14;

    /** Bus mode: may read many cache lines at once. */
    public static final int READ_MULTIPLE = 1 << 21;

    /** Bus mode: may read a cache line at once. */
    public static final int READ_LINE = 1 << 23;

    /** Bus mode: may write a cache line at once. */
    public static final int WRITE_INVALIDATE = 1 << 24;

    // CSR5, status, and CSR7, its mask.

    /** Status: a frame was sent whose descriptor wants this told. */
    public static final int TRANSMITTED = 0x0001;

    /** Status: the transmit process has stopped. */
    public static final int TRANSMIT_STOPPED = 0x0002;

    /** Status: the next transmit descriptor is not the chip's, and the process is suspended. */
    public static final int TRANSMIT_UNAVAILABLE = 0x0004;

    /** Status: a frame without end was cut off. */
    public static final int TRANSMIT_JABBER = 0x0008;

    /** Status: the chip ran out of descriptors in the middle of a frame. */
    public static final int TRANSMIT_UNDERFLOW = 0x0020;

    /** Status: a frame was received. */
    public static final int RECEIVED = 0x0040;

    /** Status: the next receive descriptor is not the chip's, and the process is suspended. */
    public static final int RECEIVE_UNAVAILABLE = 0x0080;

    /** Status: the receive process has stopped. */
    public static final int RECEIVE_STOPPED = 0x0100;

    /** Status: a frame without end was cut off while it was received. */
    public static final int RECEIVE_WATCHDOG = 0x0200;

    /** Status: the general-purpose timer has run out. */
    public static final int TIMER_EXPIRED = 0x0800;

    /** Status: memory that the chip was told to use is not there. */
    public static final int BUS_ERROR = 0x2000;

    /** Status: summary of what is unmasked and ought not to happen. */
    public static final int ABNORMAL = 0x8000;

    /** Status: summary of what is unmasked and daily work. */
    public static final int NORMAL = 0x1_0000;

    /** Status: all bits that a write clears. */
    public static final int STATUS_BITS = 0x1_FFFF;

    /** Status: where the state of the receive process stands. */
    public static final int RECEIVE_STATE_SHIFT = 17;

    /** Status: the state of the receive process. */
    public static final int RECEIVE_STATE_MASK = 7 << RECEIVE_STATE_SHIFT;

    /** Status: where the state of the transmit process stands. */
    public static final int TRANSMIT_STATE_SHIFT = 20;

    /** Status: the state of the transmit process. */
    public static final int TRANSMIT_STATE_MASK = 7 << TRANSMIT_STATE_SHIFT;

    /** Status, with a bus error: nobody has answered. */
    public static final int MASTER_ABORT = 1 << 23;

    /** State of either process: stopped. */
    public static final int STATE_STOPPED = 0;

    /** State of the receive process: waits for a frame. */
    public static final int RECEIVE_WAITING = 3;

    /** State of the receive process: suspended for want of a descriptor. */
    public static final int RECEIVE_SUSPENDED = 4;

    /** State of the transmit process: at its list. */
    public static final int TRANSMIT_FETCHING = 1;

    /** State of the transmit process: waits for a frame to be gone. */
    public static final int TRANSMIT_WAITING = 2;

    /** State of the transmit process: suspended for want of a descriptor. */
    public static final int TRANSMIT_SUSPENDED = 6;

    // CSR6, operation mode.

    /** Mode, read only: multicasts are looked up by their hash. */
    public static final int HASH_FILTER = 0x01;

    /** Mode: the receiver is on. */
    public static final int RECEIVER_ON = 0x02;

    /** Mode, read only: every address is looked up by its hash. */
    public static final int HASH_ONLY = 0x04;

    /** Mode: damaged and short frames are received too. */
    public static final int PASS_BAD = 0x08;

    /** Mode, read only: the addresses of the setup frame are those that are not heard. */
    public static final int INVERSE_FILTER = 0x10;

    /** Mode: every address. */
    public static final int PROMISCUOUS = 0x40;

    /** Mode: every multicast address. */
    public static final int ALL_MULTICAST = 0x80;

    /** Mode: full duplex. */
    public static final int FULL_DUPLEX = 0x200;

    /** Mode: what is sent comes back and does not leave. */
    public static final int INTERNAL_LOOP = 0x400;

    /** Mode: what is sent comes back from outside. */
    public static final int EXTERNAL_LOOP = 0x800;

    /** Mode: the transmitter is on. */
    public static final int TRANSMITTER_ON = 0x2000;

    /** Mode: the station gives way after it has won too often. */
    public static final int CAPTURE_EFFECT = 0x2_0000;

    /** Mode: the MII port rather than the serial one. */
    public static final int MII_PORT = 0x4_0000;

    /** Mode: no heartbeat is expected. */
    public static final int NO_HEARTBEAT = 0x8_0000;

    /** Mode: the MII port runs at 10 Mbit/s. */
    public static final int TEN_MEGABIT = 0x40_0000;

    /** Mode: a bit that is to be 1. */
    public static final int MUST_BE_ONE = 0x200_0000;

    /** Mode: every frame, with the verdict of the filter in its descriptor. */
    public static final int RECEIVE_ALL = 0x4000_0000;

    // CSR8, missed frames.

    /** Missed: how many. */
    public static final int MISSED_MASK = 0xFFFF;

    /** Missed: more than can be counted. */
    public static final int MISSED_OVERFLOW = 0x1_0000;

    // CSR11, general-purpose timer.

    /** Timer: how many units. */
    public static final int TIMER_MASK = 0xFFFF;

    /** Timer: starts again by itself. */
    public static final int TIMER_CONTINUOUS = 0x1_0000;

    // CSR15, watchdogs.

    /** Watchdog: frames are sent however long. */
    public static final int JABBER_OFF = 0x01;

    /** Watchdog: frames are cut off after 2048 bytes rather than after 2.6 ms. */
    public static final int JABBER_SHORT = 0x04;

    /** Watchdog: frames are received however long. */
    public static final int RECEIVE_WATCHDOG_OFF = 0x10;

    private TulipBits() {}
}
