package io.ringside.xen.netfront.backend;

import java.util.EnumMap;
import org.agrona.collections.MutableLong;

/**
 * What a backend has done, over all connections. {@code Transmit} and {@code receive} are the
 * frontend's words: what it sends, and what it is sent.
 *
 * <p>Threads: one writer, the backend's; others may read figures that lag behind.
 */
public final class NetbackCounters {
    private final EnumMap<NetbackRefusal, MutableLong> refusals =
            new EnumMap<>(NetbackRefusal.class);
    long connections;
    long transmitPackets;
    long transmitBytes;
    long transmitSlots;
    long transmitErrors;
    long transmitWaits;
    long creditWaits;
    long receivePackets;
    long receiveBytes;
    long receiveSlots;
    long receiveDropped;
    long multicastFiltered;
    long expired;
    long stalls;
    long controlRequests;
    long staticGrantHits;
    long staticGrantBytes;
    long kicks;
    long wakeups;
    long needlessWakeups;

    NetbackCounters() {
        for (final NetbackRefusal reason : NetbackRefusal.values()) {
            refusals.put(reason, new MutableLong());
        }
    }

    void refused(final NetbackRefusal reason) {
        final MutableLong count = refusals.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    /** How often something was refused for this reason. */
    public long refusals(final NetbackRefusal reason) {
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

    /** Connections made. */
    public long connections() {
        return connections;
    }

    /** Packets of the frontend that the network took, those that are still to be cut whole. */
    public long transmitPackets() {
        return transmitPackets;
    }

    /** Bytes of those packets. */
    public long transmitBytes() {
        return transmitBytes;
    }

    /** Slots taken off the rings on which the frontend sends, each answered once. */
    public long transmitSlots() {
        return transmitSlots;
    }

    /** Packets of the frontend that were answered with an error. */
    public long transmitErrors() {
        return transmitErrors;
    }

    /** How often a packet of the frontend had to wait for the network. */
    public long transmitWaits() {
        return transmitWaits;
    }

    /** How often a packet of the frontend had to wait since it had sent too much. */
    public long creditWaits() {
        return creditWaits;
    }

    /** Packets that the frontend was given, each piece of one that was cut for it. */
    public long receivePackets() {
        return receivePackets;
    }

    /** Bytes of those packets. */
    public long receiveBytes() {
        return receiveBytes;
    }

    /** Slots used on the rings on which the frontend receives. */
    public long receiveSlots() {
        return receiveSlots;
    }

    /** Packets from the network that the frontend was not given, for whatever reason. */
    public long receiveDropped() {
        return receiveDropped;
    }

    /** Those of them that went to a multicast address that it did not ask for. */
    public long multicastFiltered() {
        return multicastFiltered;
    }

    /** Those of them that had waited too long. */
    public long expired() {
        return expired;
    }

    /** How often a queue was given up since the frontend offered too few pages. */
    public long stalls() {
        return stalls;
    }

    /** Control requests answered. */
    public long controlRequests() {
        return controlRequests;
    }

    /** Pieces that were copied by way of a grant that is kept mapped. */
    public long staticGrantHits() {
        return staticGrantHits;
    }

    /** Bytes of those pieces. */
    public long staticGrantBytes() {
        return staticGrantBytes;
    }

    /** Notifications sent. */
    public long kicks() {
        return kicks;
    }

    /** Notifications received. */
    public long wakeups() {
        return wakeups;
    }

    /** Notifications received that found nothing to do. */
    public long needlessWakeups() {
        return needlessWakeups;
    }
}
