package io.ringside.vmbus.protocol;

/** The status in an answer of the host; any other than {@link #SUCCESS} is a refusal. */
public final class ReplyStatus {
    public static final int SUCCESS = 0;

    /** Refused, without more to say. */
    public static final int UNSUCCESSFUL = 0x8000_ffff;

    /** {@code STATUS_CONNECTION_REFUSED}, for TL_CONNECT_RESULT. */
    public static final int CONNECTION_REFUSED = 0xc000_0236;

    private ReplyStatus() {}
}
