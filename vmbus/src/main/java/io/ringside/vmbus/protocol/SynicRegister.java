package io.ringside.vmbus.protocol;

/** The registers of a processor's SynIC. Source: asm-generic/hyperv-tlfs.h. */
public final class SynicRegister {
    public static final int CONTROL = 0x4000_0080;
    public static final int VERSION = 0x4000_0081;

    /** Address of the event flag page. */
    public static final int EVENT_PAGE = 0x4000_0082;

    /** Address of the message page. */
    public static final int MESSAGE_PAGE = 0x4000_0083;

    public static final int END_OF_MESSAGE = 0x4000_0084;
    public static final int SINT0 = 0x4000_0090;

    /** How many SINTs a processor has. */
    public static final int SINT_COUNT = 16;

    /** The SINT of VMBus. */
    public static final int VMBUS_SINT = 2;

    /** Bit 0 of {@link #CONTROL}, {@link #EVENT_PAGE} and {@link #MESSAGE_PAGE}. */
    public static final long ENABLE = 1;

    /** Bit of a SINT register: no interrupt. */
    public static final long SINT_MASKED = 1 << 16;

    /** Bits of a SINT register. */
    public static final long SINT_VECTOR_MASK = 0xff;

    /** The least vector that a SINT may have. */
    public static final int FIRST_VECTOR = 16;

    private SynicRegister() {}
}
