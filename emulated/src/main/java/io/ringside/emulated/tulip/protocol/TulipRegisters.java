package io.ringside.emulated.tulip.protocol;

/**
 * The registers of a DEC 21140, CSR0 to CSR15, as offsets from its I/O base. Each has 32 bits and
 * stands alone in 8 bytes; only whole registers are accessed.
 *
 * <pre>
 *   CSR   offset
 *    0    0x00    bus mode, and reset
 *    1    0x08    transmit poll demand: a write has the chip look at its transmit list
 *    2    0x10    receive poll demand
 *    3    0x18    receive list, guest-physical address
 *    4    0x20    transmit list, guest-physical address
 *    5    0x28    status: interrupts (a bit of 1 written clears it), states of both processes
 *    6    0x30    operation mode: starts and stops both processes
 *    7    0x38    interrupt mask
 *    8    0x40    frames missed; a read clears it
 *    9    0x48    the wires of the serial ROM and of the PHY
 *   10    0x50    boot ROM, which there is not
 *   11    0x58    general-purpose timer
 *   12    0x60    general-purpose pins
 *   15    0x78    watchdogs
 * </pre>
 *
 * <p>Source: {@code enum tulip_offsets}; DECchip 21140A Hardware Reference Manual, 3.2.
 */
public final class TulipRegisters {
    /** How many ports the chip takes. */
    public static final int PORTS = 128;

    /** Bytes from one register to the next. */
    public static final int STEP_BYTES = 8;

    /** CSR0. */
    public static final int BUS_MODE = 0x00;

    /** CSR1. */
    public static final int TRANSMIT_POLL = 0x08;

    /** CSR2. */
    public static final int RECEIVE_POLL = 0x10;

    /** CSR3. */
    public static final int RECEIVE_LIST = 0x18;

    /** CSR4. */
    public static final int TRANSMIT_LIST = 0x20;

    /** CSR5. */
    public static final int STATUS = 0x28;

    /** CSR6. */
    public static final int MODE = 0x30;

    /** CSR7. */
    public static final int INTERRUPT_MASK = 0x38;

    /** CSR8. */
    public static final int MISSED = 0x40;

    /** CSR9. */
    public static final int SERIAL = 0x48;

    /** CSR11. */
    public static final int TIMER = 0x58;

    /** CSR12. */
    public static final int PINS = 0x60;

    /** CSR15. */
    public static final int WATCHDOG = 0x78;

    private TulipRegisters() {}
}
