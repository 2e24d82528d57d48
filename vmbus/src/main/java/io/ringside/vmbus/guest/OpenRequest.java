package io.ringside.vmbus.guest;

import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.protocol.UserData;

/**
 * How a driver wants a channel opened.
 *
 * @param outgoingPages pages of the guest-to-host ring, its control page among them: at least 2
 * @param incomingPages pages of the host-to-guest ring, its control page among them: at least 2
 * @param targetVp the processor that is interrupted
 * @param userData what the host's driver is told
 */
public record OpenRequest(int outgoingPages, int incomingPages, int targetVp, UserData userData) {
    /** Refuses rings that hold nothing. */
    public OpenRequest {
        if (outgoingPages < Channel.LEAST_RING_PAGES
                || incomingPages < Channel.LEAST_RING_PAGES
                || targetVp < 0) {
            throw new IllegalArgumentException(
                    "open request out of range: outgoingPages="
                            + outgoingPages
                            + " incomingPages="
                            + incomingPages
                            + " targetVp="
                            + targetVp);
        }
    }

    /** Rings of so many pages each, interrupts on processor 0. */
    public static OpenRequest ofPages(final int outgoingPages, final int incomingPages) {
        return new OpenRequest(outgoingPages, incomingPages, 0, UserData.NONE);
    }
}
