package io.ringside.vmbus.guest;

import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.protocol.UserData;

/**
 * Where a channel stands, as its guest sees it; what may follow is a method of each state.
 *
 * <pre>
 *   Offered --sharing--&gt; Sharing --shared--&gt; Opening --opened--&gt; Open
 *      ^                    |                  |                   |
 *      |                 refused            refused             closing
 *      +--------------------+                  v                   |
 *      +-------------------closed----------- Closing &lt;-------------+
 *
 *   any --rescinded--&gt; Rescinded --released--&gt; Released
 * </pre>
 */
public sealed interface GuestChannelState {
    /** It may be opened. */
    record Offered() implements GuestChannelState {
        /** The pages of its rings are told to the host. */
        public Sharing sharing(final RingPages rings) {
            return new Sharing(rings);
        }
    }

    /** Waits for the host to take the pages. */
    record Sharing(RingPages rings) implements GuestChannelState {
        /** It has; it is asked to open the channel. */
        public Opening shared() {
            return new Opening(rings);
        }

        /** It has not. */
        public Offered refused() {
            return new Offered();
        }
    }

    /** Waits for the host to open the channel. */
    record Opening(RingPages rings) implements GuestChannelState {
        /** It has. */
        public Open opened() {
            return new Open(rings);
        }

        /** It has not; the pages are asked back. */
        public Closing refused() {
            return new Closing(rings);
        }
    }

    /** The rings are in use. */
    record Open(RingPages rings) implements GuestChannelState {
        /** The driver needs it no more; the pages are asked back. */
        public Closing closing() {
            return new Closing(rings);
        }
    }

    /** Waits for the host to let go of the pages. */
    record Closing(RingPages rings) implements GuestChannelState {
        /** It has. */
        public Offered closed() {
            return new Offered();
        }
    }

    /** The host has taken it away, or the connection has ended; the driver is to release it. */
    record Rescinded() implements GuestChannelState {
        /** It has. */
        public Released released() {
            return new Released();
        }
    }

    /** There is no such channel any more. */
    record Released() implements GuestChannelState {}

    /**
     * The pages that both rings lie in.
     *
     * @param gpadl the host's knowledge of them
     * @param channel the guest's end of the rings
     * @param downstreamPage where the second ring starts
     * @param userData what the host's driver is told
     */
    record RingPages(GuestGpadl gpadl, Channel channel, int downstreamPage, UserData userData) {}
}
