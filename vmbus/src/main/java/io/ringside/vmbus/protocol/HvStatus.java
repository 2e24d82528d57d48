package io.ringside.vmbus.protocol;

/** What a hypercall answers, in the low 16 bits. Source: asm-generic/hyperv-tlfs.h. */
public final class HvStatus {
    public static final int SUCCESS = 0;
    public static final int INVALID_HYPERCALL_CODE = 2;
    public static final int INVALID_HYPERCALL_INPUT = 3;
    public static final int INVALID_ALIGNMENT = 4;
    public static final int INVALID_PARAMETER = 5;
    public static final int ACCESS_DENIED = 6;
    public static final int OPERATION_DENIED = 8;
    public static final int INSUFFICIENT_MEMORY = 11;
    public static final int INVALID_PORT_ID = 17;
    public static final int INVALID_CONNECTION_ID = 18;
    public static final int INSUFFICIENT_BUFFERS = 19;

    private HvStatus() {}

    /** Whether the same call may succeed later. */
    public static boolean isTransient(final int status) {
        return status == INSUFFICIENT_BUFFERS || status == INSUFFICIENT_MEMORY;
    }
}
