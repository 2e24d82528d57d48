package io.ringside.vmbus.synic;

/**
 * What a guest asks of the hypervisor: hypercalls, and the SynIC of each of its processors.
 *
 * <p>Messages and event flags arrive in pages of the guest's own memory, whose addresses it writes
 * to the registers of a processor ({@link io.ringside.vmbus.protocol.SynicRegister}). Errors are
 * answers, never exceptions, except for a processor that does not exist.
 *
 * <p>Threads: one for each processor, which makes its hypercalls, accesses its registers and takes
 * its interrupts.
 */
public interface SynIc {
    /** How many processors the guest has; they are numbered from 0. */
    int processorCount();

    /**
     * One hypercall: HvPostMessage or HvSignalEvent.
     *
     * @param processor which one calls
     * @param control code and flags, see {@link io.ringside.vmbus.protocol.HypercallCode}
     * @param input guest address of the input, 8-byte aligned and within one page; of a fast call
     *     the input itself
     * @return a {@link io.ringside.vmbus.protocol.HvStatus} in the low 16 bits
     */
    long hypercall(int processor, long control, long input);

    /** Reads a register; 0 for one that does not exist. */
    long readRegister(int processor, int register);

    /** Writes a register; false where real hardware raises a general protection fault. */
    boolean writeRegister(int processor, int register, long value);

    /**
     * Takes the interrupt of a processor, if there is one: its pages are to be looked at. What
     * comes from then on interrupts anew. Counted as one interrupt.
     */
    boolean takeInterrupt(int processor);

    /** Whether {@link #takeInterrupt} would find one. */
    boolean isInterruptPending(int processor);
}
