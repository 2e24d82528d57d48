package io.ringside.xen.netfront.frontend;

import io.ringside.xen.netfront.protocol.NetifLimits;

/**
 * What a frontend has done, over all connections.
 *
 * <p>Threads: one writer, the driver's; others may read figures that lag behind.
 */
@SuppressWarnings("EnumOrdinal") // An index into an array of this object, never stored.
public final class NetfrontCounters {
    private final long[] refusals = new long[NetfrontRefusal.values().length];
    long framesSent;
    long bytesSent;
    long framesAnswered;
    long transmitErrors;
    long framesReceived;
    long bytesReceived;
    long receiveErrors;
    long grants;
    long keptHits;
    long bytesCopied;
    long extras;
    long controlRequests;
    long controlFailures;
    long multicastFailures;
    final long[] kicks = new long[NetifLimits.QUEUES];
    long wakeups;
    long needlessWakeups;
    long connections;

    void refused(final NetfrontRefusal reason) {
        refusals[reason.ordinal()]++;
    }

    /** How often something was refused for this reason. */
    public long refusals(final NetfrontRefusal reason) {
        return refusals[reason.ordinal()];
    }

    /** How often anything was refused. */
    public long refusals() {
        long sum = 0;
        for (final long count : refusals) {
            sum += count;
        }
        return sum;
    }

    /** Packets put on a ring. */
    public long framesSent() {
        return framesSent;
    }

    /** Bytes of these packets. */
    public long bytesSent() {
        return bytesSent;
    }

    /** Packets sent whose every piece was answered. */
    public long framesAnswered() {
        return framesAnswered;
    }

    /** Packets sent that did not end well, whoever's fault it was. */
    public long transmitErrors() {
        return transmitErrors;
    }

    /** Packets handed to the workload. */
    public long framesReceived() {
        return framesReceived;
    }

    /** Bytes of these packets. */
    public long bytesReceived() {
        return bytesReceived;
    }

    /** Packets received that were dropped here, whoever's fault it was. */
    public long receiveErrors() {
        return receiveErrors;
    }

    /** Grants issued for pages of packets. */
    public long grants() {
        return grants;
    }

    /** Pieces of packets sent from a page that was granted already. */
    public long keptHits() {
        return keptHits;
    }

    /** Bytes copied to pages of our own. */
    public long bytesCopied() {
        return bytesCopied;
    }

    /** Extra records put on a ring. */
    public long extras() {
        return extras;
    }

    /** Requests put on the control ring. */
    public long controlRequests() {
        return controlRequests;
    }

    /** Requests of these that the backend would not do. */
    public long controlFailures() {
        return controlFailures;
    }

    /** Multicast addresses that the backend would not take or give up. */
    public long multicastFailures() {
        return multicastFailures;
    }

    /** Notifications sent. */
    public long kicks() {
        long sum = 0;
        for (final long ofQueue : kicks) {
            sum += ofQueue;
        }
        return sum;
    }

    /** Notifications sent for one queue, 0 to 15. */
    public long kicks(final int queue) {
        return kicks[queue];
    }

    /** Notifications received. */
    public long wakeups() {
        return wakeups;
    }

    /** Notifications received that found neither answer nor packet. */
    public long needlessWakeups() {
        return needlessWakeups;
    }

    /** Connections made. */
    public long connections() {
        return connections;
    }
}
