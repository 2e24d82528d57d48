package io.ringside.netvsc.frontend;

import java.util.EnumMap;
import org.agrona.collections.MutableLong;

/**
 * What a frontend has done.
 *
 * <p>Threads: one writer, the driver's; others may read figures that lag behind.
 */
public final class NetvscCounters {
    private final EnumMap<NetvscRefusal, MutableLong> refusals = new EnumMap<>(NetvscRefusal.class);
    long transmitted;
    long transmittedBytes;
    long failures;
    long copied;
    long copiedBytes;
    long messages;
    long received;
    long receivedBytes;
    long receivedPackets;
    long coalesced;
    long parked;
    long vfAssociations;
    long indications;
    long connections;

    NetvscCounters() {
        for (final NetvscRefusal reason : NetvscRefusal.values()) {
            refusals.put(reason, new MutableLong());
        }
    }

    void refused(final NetvscRefusal reason) {
        final MutableLong count = refusals.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    /** How often something was refused for this reason. */
    public long refusals(final NetvscRefusal reason) {
        final MutableLong count = refusals.get(reason);
        return count == null ? 0 : count.get();
    }

    /** How often anything was refused. */
    public long refusals() {
        long sum = 0;
        for (final MutableLong count : refusals.values()) {
            sum += count.get();
        }
        return sum;
    }

    /** Frames that a caller handed over to be sent. */
    public long transmitted() {
        return transmitted;
    }

    /** Bytes of those frames. */
    public long transmittedBytes() {
        return transmittedBytes;
    }

    /** Frames to be sent that did not end well, whoever's fault it was. */
    public long failures() {
        return failures;
    }

    /** Frames to be sent that went by the send buffer. */
    public long copied() {
        return copied;
    }

    /** Bytes of those frames. */
    public long copiedBytes() {
        return copiedBytes;
    }

    /** Messages with frames: fewer than frames where several went together. */
    public long messages() {
        return messages;
    }

    /** Frames handed to the workload. */
    public long received() {
        return received;
    }

    /** Bytes of those frames. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** Packets with received frames taken off the rings. */
    public long receivedPackets() {
        return receivedPackets;
    }

    /** Received frames that were joined from several pieces. */
    public long coalesced() {
        return coalesced;
    }

    /** Ranges that had to wait, since the workload held all frames. */
    public long parked() {
        return parked;
    }

    /** Times the host said that a pass-through function came or went: this frontend uses none. */
    public long vfAssociations() {
        return vfAssociations;
    }

    /** Things that the host told unasked: of the link, or a reset. */
    public long indications() {
        return indications;
    }

    /** Hand-shakes that were finished. */
    public long connections() {
        return connections;
    }
}
