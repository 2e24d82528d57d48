package io.ringside.vmbus.guest;

/**
 * A list of pages that a guest shares with its host.
 *
 * <p>The pages belong to whoever asked for the list; they must not be used for anything else until
 * {@link #isGone}. Threads: the client's; the state may be read by any.
 */
public final class GuestGpadl {
    /** How far the host is. */
    public enum State {
        /** It has yet to take all pages. */
        CREATING,
        /** It may use them. */
        CREATED,
        /** It is asked to let go of them. */
        TEARING_DOWN,
        /** It uses them no more, or never did. */
        GONE
    }

    private final int relid;
    private final int handle;
    private final int[] frames;
    private volatile State state = State.CREATING;
    private boolean refused;

    GuestGpadl(final int relid, final int handle, final int[] frames) {
        this.relid = relid;
        this.handle = handle;
        this.frames = frames.clone();
    }

    /** The number by which driver messages name it. */
    public int handle() {
        return handle;
    }

    /** The channel that it was made for. */
    public int relid() {
        return relid;
    }

    /** The pages. */
    public int[] frames() {
        return frames.clone();
    }

    /** How far the host is. */
    public State state() {
        return state;
    }

    /** Whether the host may use the pages. */
    public boolean isCreated() {
        return state == State.CREATED;
    }

    /** Whether the host uses the pages no more. */
    public boolean isGone() {
        return state == State.GONE;
    }

    /** Whether it is gone because the host did not take it. */
    public boolean isRefused() {
        return refused;
    }

    void enter(final State next) {
        state = next;
    }

    void refuse() {
        refused = true;
        state = State.GONE;
    }
}
