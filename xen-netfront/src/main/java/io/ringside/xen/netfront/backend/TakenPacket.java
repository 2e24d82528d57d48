package io.ringside.xen.netfront.backend;

import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.NetifLimits;
import org.jspecify.annotations.Nullable;

/**
 * One packet of the frontend, as its slots said once: nothing here is read again.
 *
 * <p>Allocated once, filled anew for every use. Threads: one.
 */
final class TakenPacket {
    /** Most pieces of a packet that is not refused. */
    static final int MAX_PIECES = 1 + NetifLimits.PACKET_SLOTS;

    private static final int MAX_DATA_SLOTS = 1 + NetifLimits.REFUSED_PACKET_SLOTS;

    private final int[] ids = new int[MAX_DATA_SLOTS];
    private final int[] references = new int[MAX_PIECES];
    private final int[] offsets = new int[MAX_PIECES];
    private final int[] lengths = new int[MAX_PIECES];
    private int dataSlots;
    private int extraSlots;
    private int pieces;
    private int totalBytes;
    private int flags;
    private int gsoType;
    private int gsoBytes;
    private boolean isGso;
    private int hashType;
    private int hash;
    private boolean isHashed;
    private int multicastType;
    private long multicastAddress;
    private @Nullable NetbackRefusal refusal;

    /** Where its bytes lie in the memory of its queue. */
    int stagedAt;

    /** The first of its copies, and how many there are. */
    int firstCopy;

    int copies;

    /** Begins with the first request of a packet; its own piece is added at last. */
    void begin(
            final int reference,
            final int offsetBytes,
            final int newFlags,
            final int id,
            final int sizeBytes) {
        ids[0] = id;
        dataSlots = 1;
        extraSlots = 0;
        references[0] = reference;
        offsets[0] = offsetBytes;
        lengths[0] = 0;
        pieces = 1;
        totalBytes = sizeBytes;
        flags = newFlags;
        isGso = false;
        isHashed = false;
        multicastType = ExtraInfo.NONE;
        refusal = null;
        firstCopy = 0;
        copies = 0;
    }

    /** Takes one record; false if there is no such type. */
    boolean addExtra(final ExtraInfo extra) {
        extraSlots++;
        switch (extra.type()) {
            case ExtraInfo.GSO -> {
                isGso = true;
                gsoType = extra.gsoType();
                gsoBytes = extra.gsoSegmentBytes();
            }
            case ExtraInfo.MULTICAST_ADD, ExtraInfo.MULTICAST_DELETE -> {
                multicastType = extra.type();
                multicastAddress = extra.multicastAddress();
            }
            case ExtraInfo.HASH -> {
                isHashed = true;
                hashType = extra.hashType();
                hash = extra.hashValue();
            }
            case ExtraInfo.XDP -> {} // Of use only where the frontend receives.
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Whether one slot more would be more than the frontend can mean. */
    boolean isFlood() {
        return dataSlots == MAX_DATA_SLOTS;
    }

    /** Counts in a slot behind the first, whatever becomes of it. */
    void addSlot(final int id) {
        ids[dataSlots++] = id;
        if (dataSlots > MAX_PIECES) {
            refuse(NetbackRefusal.PIECE_COUNT);
        }
    }

    /** Adds a piece behind the first; one without bytes is none. */
    void addPiece(final int reference, final int offsetBytes, final int lengthBytes) {
        if (lengthBytes == 0 || refusal != null) {
            return;
        }
        references[pieces] = reference;
        offsets[pieces] = offsetBytes;
        lengths[pieces] = lengthBytes;
        pieces++;
    }

    /** The first piece is what the others have left of the whole. */
    void firstLength(final int lengthBytes) {
        lengths[0] = lengthBytes;
    }

    /** Refuses it, for the first reason that was found. */
    void refuse(final NetbackRefusal reason) {
        if (refusal == null) {
            refusal = reason;
        }
    }

    /** Why it is refused, or null. */
    @Nullable NetbackRefusal refusal() {
        return refusal;
    }

    /** Slots that hold a piece of it, even if it is refused. */
    int dataSlots() {
        return dataSlots;
    }

    /** What the frontend calls one of them. */
    int id(final int index) {
        return ids[index];
    }

    /** Slots that hold a record, all of them behind the first. */
    int extraSlots() {
        return extraSlots;
    }

    /** Pieces, the first among them even if it has no bytes. */
    int pieces() {
        return pieces;
    }

    /** Grant reference of one piece. */
    int reference(final int piece) {
        return references[piece];
    }

    /** Where one piece begins in its page. */
    int offset(final int piece) {
        return offsets[piece];
    }

    /** Bytes of one piece. */
    int length(final int piece) {
        return lengths[piece];
    }

    /** Bytes of all pieces. */
    int totalBytes() {
        return totalBytes;
    }

    /** Flags of the first request. */
    int flags() {
        return flags;
    }

    /** Whether it is to be cut. */
    boolean isGso() {
        return isGso;
    }

    /** How it is to be cut, as sent. */
    int gsoType() {
        return gsoType;
    }

    /** Most payload of what it is cut into, as sent. */
    int gsoBytes() {
        return gsoBytes;
    }

    /** Whether it comes with a hash. */
    boolean isHashed() {
        return isHashed;
    }

    /** What kind of hash, as sent. */
    int hashType() {
        return hashType;
    }

    /** The hash. */
    int hash() {
        return hash;
    }

    /** {@link ExtraInfo#NONE}, or what is asked for instead of sending a packet. */
    int multicastType() {
        return multicastType;
    }

    /** For which address. */
    long multicastAddress() {
        return multicastAddress;
    }
}
