package io.ringside.netvsc.backend;

import java.util.EnumMap;
import org.agrona.collections.MutableLong;

/**
 * What a backend has done, over all connections.
 *
 * <p>Threads: one writer, the driver's; others may read figures that lag behind.
 */
public final class NetvspCounters {
    private final EnumMap<NetvspRefusal, MutableLong> refusals = new EnumMap<>(NetvspRefusal.class);
    long packets;
    long requests;
    long framesSent;
    long bytesSent;
    long framesRefusedByPort;
    long framesReceived;
    long bytesReceived;
    long framesUnwanted;
    long framesDropped;
    long deliveries;
    long deliveriesFailed;
    long suspensions;
    long indications;
    long needlessSignals;

    NetvspCounters() {
        for (final NetvspRefusal reason : NetvspRefusal.values()) {
            refusals.put(reason, new MutableLong());
        }
    }

    void refused(final NetvspRefusal reason) {
        final MutableLong count = refusals.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    /** How often something was refused for this reason. */
    public long refusals(final NetvspRefusal reason) {
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

    /** Packets taken off the rings. */
    public long packets() {
        return packets;
    }

    /** RNDIS requests that were answered. */
    public long requests() {
        return requests;
    }

    /** Frames of the guest that the port took: one to be cut counts once. */
    public long framesSent() {
        return framesSent;
    }

    /** Bytes of those frames. */
    public long bytesSent() {
        return bytesSent;
    }

    /** Frames of the guest that were dropped since the port had no room for too long. */
    public long framesRefusedByPort() {
        return framesRefusedByPort;
    }

    /** Frames handed over to the guest: one that was cut counts once. */
    public long framesReceived() {
        return framesReceived;
    }

    /** Bytes of those frames. */
    public long bytesReceived() {
        return bytesReceived;
    }

    /** Frames that came for a guest that did not want them, or was not there. */
    public long framesUnwanted() {
        return framesUnwanted;
    }

    /** Frames for the guest that were dropped here, since its channel had no room for too long. */
    public long framesDropped() {
        return framesDropped;
    }

    /** Transfer-page packets sent, each with one frame or more. */
    public long deliveries() {
        return deliveries;
    }

    /** Transfer-page packets of which the guest says that it could not take all. */
    public long deliveriesFailed() {
        return deliveriesFailed;
    }

    /** How often nothing was taken from the port since the guest held all receive buffers. */
    public long suspensions() {
        return suspensions;
    }

    /** Packets that told something unasked. */
    public long indications() {
        return indications;
    }

    /** Signals of the guest that told nothing new. */
    public long needlessSignals() {
        return needlessSignals;
    }
}
