package io.ringside.storvsc.frontend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.protocol.VstorVersion;
import io.ringside.storvsc.protocol.Wakeups;
import io.ringside.vmbus.channel.Channel;

/**
 * How a frontend uses a controller.
 *
 * @param newest the newest version that it offers; it goes down from there
 * @param ringPages pages of each ring, its control page among them
 * @param subChannels most channels besides the first that it asks for
 * @param processors processors of the guest, over which channels are spread
 * @param queueDepth most requests of one disk in flight
 * @param wakeups how it learns of answers
 * @param timeoutTicks calls of {@link Storvsc#tick} that a command may be with the host before the
 *     bus is reset
 */
public record StorvscOptions(
        VstorVersion newest,
        int ringPages,
        int subChannels,
        int processors,
        int queueDepth,
        Wakeups wakeups,
        int timeoutTicks) {
    /**
     * The newest version, 128 KiB for each ring, one channel, 64 requests; it sleeps, and resets
     * the bus after 180 ticks: with one a second, as Linux does.
     */
    public static final StorvscOptions DEFAULTS =
            new StorvscOptions(VstorVersion.WIN10, 32, 0, 1, 64, Wakeups.ARMED, 180);

    private static final int MAX_DEPTH = 256;

    /** Pages of one request for each page of a ring: it takes a quarter of the ring at most. */
    private static final int REQUEST_PAGES = GuestMemory.PAGE_BYTES / 64;

    /** Refuses what cannot be. */
    public StorvscOptions {
        if (ringPages < Channel.LEAST_RING_PAGES
                || subChannels < 0
                || processors < 1
                || queueDepth < 1
                || queueDepth > MAX_DEPTH
                || timeoutTicks < 1) {
            throw new IllegalArgumentException(
                    "option out of range: ringPages="
                            + ringPages
                            + " subChannels="
                            + subChannels
                            + " processors="
                            + processors
                            + " queueDepth="
                            + queueDepth
                            + " timeoutTicks="
                            + timeoutTicks);
        }
    }

    /** Most pages of one request that the rings have room for. */
    int mostPages() {
        return (ringPages - 1) * REQUEST_PAGES;
    }

    /** The same with rings of so many pages, each with its control page. */
    public StorvscOptions withRingPages(final int pages) {
        return new StorvscOptions(
                newest, pages, subChannels, processors, queueDepth, wakeups, timeoutTicks);
    }

    /** The same with so many channels besides the first, over so many processors. */
    public StorvscOptions withSubChannels(final int count, final int overProcessors) {
        return new StorvscOptions(
                newest, ringPages, count, overProcessors, queueDepth, wakeups, timeoutTicks);
    }

    /** The same with another newest version. */
    public StorvscOptions withNewest(final VstorVersion version) {
        return new StorvscOptions(
                version, ringPages, subChannels, processors, queueDepth, wakeups, timeoutTicks);
    }

    /** The same with another depth. */
    public StorvscOptions withQueueDepth(final int depth) {
        return new StorvscOptions(
                newest, ringPages, subChannels, processors, depth, wakeups, timeoutTicks);
    }

    /** The same with another way to learn of answers. */
    public StorvscOptions withWakeups(final Wakeups newWakeups) {
        return new StorvscOptions(
                newest, ringPages, subChannels, processors, queueDepth, newWakeups, timeoutTicks);
    }

    /** The same with another patience. */
    public StorvscOptions withTimeoutTicks(final int ticks) {
        return new StorvscOptions(
                newest, ringPages, subChannels, processors, queueDepth, wakeups, ticks);
    }
}
