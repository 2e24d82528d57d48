package io.ringside.netvsc.frontend;

import io.ringside.device.guest.NetFrame;
import io.ringside.vmbus.channel.RequestIds;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one channel that the host has yet to answer, by their numbers, and the frames in
 * each.
 *
 * <p>Peer's faults: a number that is not in flight finds nothing. Threads: one.
 */
final class TransmitTable {
    /** There is no such message, or no room for one. */
    static final int NONE = RequestIds.NONE;

    /** Room for messages without frames, besides those with some. */
    static final int OWN = 8;

    /** The message carries frames. */
    static final byte FRAMES = 0;

    /** The message is one of NVSP. */
    static final byte MESSAGE = 1;

    /** The message carries something else of RNDIS. */
    static final byte CONTROL = 2;

    private final RequestIds ids;
    private final int mostFrames;
    private final @Nullable NetFrame[] frames;
    private final int[] firsts;
    private final int[] counts;
    private final int[] sections;
    private final int[] headers;
    private final byte[] kinds;

    TransmitTable(final int messages, final int mostFrames) {
        final int slots = messages + OWN;
        this.ids = new RequestIds(slots);
        this.mostFrames = mostFrames;
        this.frames = new NetFrame[slots * mostFrames];
        this.firsts = new int[slots];
        this.counts = new int[slots];
        this.sections = new int[slots];
        this.headers = new int[slots];
        this.kinds = new byte[slots];
    }

    /** How many there may be. */
    int slots() {
        return kinds.length;
    }

    int inFlight() {
        return ids.inFlightCount();
    }

    /** Starts a message without frames, section or header. */
    int take(final byte kind) {
        final int slot = ids.take();
        if (slot != NONE) {
            kinds[slot] = kind;
            firsts[slot] = 0;
            counts[slot] = 0;
            sections[slot] = Slots.NONE;
            headers[slot] = Slots.NONE;
        }
        return slot;
    }

    long id(final int slot) {
        return ids.idOf(slot);
    }

    /** The message of a number that the host told. */
    int slotOf(final long id) {
        return ids.slotOf(id);
    }

    boolean isInFlight(final int slot) {
        return ids.slotOf(ids.idOf(slot)) != NONE;
    }

    void release(final int slot) {
        ids.release(slot);
    }

    byte kind(final int slot) {
        return kinds[slot];
    }

    /** The section of the send buffer that it lies in. */
    int section(final int slot) {
        return sections[slot];
    }

    void section(final int slot, final int section) {
        sections[slot] = section;
    }

    /** The piece of memory that its header lies in. */
    int header(final int slot) {
        return headers[slot];
    }

    void header(final int slot, final int header) {
        headers[slot] = header;
    }

    /** How many frames it has. */
    int count(final int slot) {
        return counts[slot] - firsts[slot];
    }

    void add(final int slot, final NetFrame frame) {
        frames[slot * mostFrames + counts[slot]] = frame;
        counts[slot]++;
    }

    /** Takes its first frame out; null if there is none. */
    @Nullable NetFrame next(final int slot) {
        if (firsts[slot] == counts[slot]) {
            return null;
        }
        final int at = slot * mostFrames + firsts[slot];
        firsts[slot]++;
        final NetFrame frame = frames[at];
        frames[at] = null;
        return frame;
    }
}
