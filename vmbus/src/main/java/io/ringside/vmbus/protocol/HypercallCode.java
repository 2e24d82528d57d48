package io.ringside.vmbus.protocol;

/**
 * The control word of a hypercall: the code in the low 16 bits, then how its input is passed.
 *
 * <p>Source: asm-generic/hyperv-tlfs.h.
 */
public final class HypercallCode {
    public static final int POST_MESSAGE = 92;
    public static final int SIGNAL_EVENT = 93;

    /** The input is the word itself, not an address. */
    public static final long FAST = 1L << 16;

    /** Where the code is, and the status in the answer. */
    public static final long CODE_MASK = 0xffff;

    private HypercallCode() {}
}
