package io.ringside.vmbus.host;

import io.ringside.vmbus.channel.Channel;
import io.ringside.vmbus.channel.Gpadl;
import io.ringside.vmbus.protocol.UserData;

/**
 * Where a channel stands, as its host sees it; what may follow is a method of each state.
 *
 * <pre>
 *   Offered --opened--&gt; Open --closing--&gt; Closing --released--&gt; Offered
 *      |                  |                  |
 *      |               revoked            revoked
 *      |                  v                  |
 *      |               Revoking &lt;------------+      until the driver has released it
 *      |                  | released
 *      +---revoked---&gt; Rescinded --relidReleased--&gt; Gone
 * </pre>
 */
public sealed interface HostChannelState {
    /** The guest may open it. */
    record Offered() implements HostChannelState {
        /** The guest has opened it. */
        public Open opened(final OpenRings rings) {
            return new Open(rings);
        }

        /** The host takes it away. */
        public Rescinded revoked() {
            return new Rescinded();
        }
    }

    /** The rings are in use. */
    record Open(OpenRings rings) implements HostChannelState {
        /** The guest has closed it, or is gone. */
        public Closing closing() {
            return new Closing(rings);
        }

        /** The host takes it away. */
        public Revoking revoked() {
            return new Revoking(rings);
        }
    }

    /** The driver is to let go of the rings; the guest may open the channel again then. */
    record Closing(OpenRings rings) implements HostChannelState {
        /** The driver has let go. */
        public Offered released() {
            return new Offered();
        }

        /** The host takes it away. */
        public Revoking revoked() {
            return new Revoking(rings);
        }
    }

    /** The driver is to let go of the rings, and the guest is told then. */
    record Revoking(OpenRings rings) implements HostChannelState {
        /** The driver has let go. */
        public Rescinded released() {
            return new Rescinded();
        }
    }

    /** The guest is to release the number. */
    record Rescinded() implements HostChannelState {
        /** It has. */
        public Gone relidReleased() {
            return new Gone();
        }
    }

    /** There is no such channel any more. */
    record Gone() implements HostChannelState {}

    /**
     * What the guest has opened the channel with.
     *
     * @param channel the host's end of the rings
     * @param gpadl the pages that they lie in
     * @param userData what the guest said
     */
    record OpenRings(Channel channel, Gpadl gpadl, UserData userData) {
        /** Unmaps the rings. */
        void close() {
            channel.close();
            gpadl.release();
        }
    }
}
