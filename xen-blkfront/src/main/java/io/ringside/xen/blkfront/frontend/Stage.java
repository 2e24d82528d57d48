package io.ringside.xen.blkfront.frontend;

import io.ringside.device.guest.BlockLimits;
import io.ringside.xenbus.frontend.FrontendState;
import org.jspecify.annotations.Nullable;

/**
 * How far a frontend has come with its backend. Each stage holds what exists in it and nothing
 * else; its methods lead to the stages that may follow.
 *
 * <pre>
 *  Waiting --> Shared --> Connected --> Draining --> Closing --> Closed --> Waiting ...
 *     |           |           |             |                      ^
 *     +-----------+-----------+-------------+----------------------+
 *     |           |           |
 *     +-----------+-----------+--> Suspended --> Closed ...
 * </pre>
 */
sealed interface Stage {
    /** What the store is told. */
    FrontendState state();

    /** From everywhere: nothing is shared any more. */
    Closed closed();

    /** The rings that are shared with the backend, if any are. */
    default RingShare[] rings() {
        return NO_RINGS;
    }

    /** The queues that requests flow through, if any do. */
    default @Nullable QueueSet queues() {
        return null;
    }

    /** What requests that are under way may be, if any are. */
    default @Nullable BlockLimits limits() {
        return null;
    }

    /** Nothing is shared. */
    RingShare[] NO_RINGS = {};

    /** Nothing is shared; the backend has not yet published what it can do. */
    record Waiting(FrontendState.Initialising state) implements Stage {
        /** The rings are granted, the ports allocated, and all of them published. */
        Shared shared(final RingShare[] rings) {
            return new Shared(state.parametersPublished(), rings);
        }

        @Override
        public Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /** Everything of ours is published; the backend has not yet connected. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Shared(FrontendState.Initialised state, RingShare[] rings) implements Stage {
        /** The backend has published the disk. */
        Connected connected(final QueueSet queues, final BlockLimits limits) {
            return new Connected(state.connected(), rings, queues, limits);
        }

        @Override
        public Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /** Requests flow. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Connected(
            FrontendState.Connected state, RingShare[] rings, QueueSet queues, BlockLimits limits)
            implements Stage {
        /** The backend turned out to know less than it said. */
        Connected with(final BlockLimits newLimits) {
            return new Connected(state, rings, queues, newLimits);
        }

        /** One of both wants to end it: no more requests. */
        Draining draining() {
            return new Draining(state, rings, queues, limits);
        }

        @Override
        public Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /** No more requests are taken, but some are not answered yet; the backend knows nothing. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Draining(
            FrontendState.Connected state, RingShare[] rings, QueueSet queues, BlockLimits limits)
            implements Stage {
        /** All are answered: the backend is asked to let go. */
        Closing closing() {
            return new Closing(state.closing(), rings, queues);
        }

        @Override
        public Closed closed() {
            return closing().closed();
        }
    }

    /** Nothing is in flight; the backend has not yet let go. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Closing(FrontendState.Closing state, RingShare[] rings, QueueSet queues)
            implements Stage {
        @Override
        public Closed closed() {
            return new Closed(state.closed());
        }
    }

    /**
     * Nothing is shared, and the store is told nothing: requests that were in flight wait for the
     * next connection.
     */
    record Suspended(Closed last) implements Stage {
        @Override
        public FrontendState state() {
            return last.state();
        }

        @Override
        public Closed closed() {
            return last;
        }
    }

    /** The end of a connection. */
    record Closed(FrontendState.Closed state) implements Stage {
        /** A new connection begins. */
        Waiting waiting() {
            return new Waiting(state.reopened());
        }

        @Override
        public Closed closed() {
            return this;
        }
    }
}
