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
 * </pre>
 */
sealed interface Stage {
    /** What the store is told. */
    FrontendState state();

    /** From everywhere: nothing is shared any more. */
    Closed closed();

    /** What is shared with the backend, if anything is. */
    default @Nullable BlkfrontQueue queue() {
        return null;
    }

    /** Nothing is shared; the backend has not yet published what it can do. */
    record Waiting(FrontendState.Initialising state) implements Stage {
        /** The ring is granted, the port allocated, and both are published. */
        Shared shared(final BlkfrontQueue queue) {
            return new Shared(state.parametersPublished(), queue);
        }

        @Override
        public Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /** Everything of ours is published; the backend has not yet connected. */
    record Shared(FrontendState.Initialised state, BlkfrontQueue queue) implements Stage {
        /** The backend has published the disk. */
        Connected connected(final BlockLimits limits) {
            return new Connected(state.connected(), queue, limits);
        }

        @Override
        public Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /** Requests flow. */
    record Connected(FrontendState.Connected state, BlkfrontQueue queue, BlockLimits limits)
            implements Stage {
        /** One of both wants to end it: no more requests. */
        Draining draining() {
            return new Draining(state, queue);
        }

        @Override
        public Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /** No more requests are taken, but some are not answered yet; the backend knows nothing. */
    record Draining(FrontendState.Connected state, BlkfrontQueue queue) implements Stage {
        /** All are answered: the backend is asked to let go. */
        Closing closing() {
            return new Closing(state.closing(), queue);
        }

        @Override
        public Closed closed() {
            return closing().closed();
        }
    }

    /** Nothing is in flight; the backend has not yet let go. */
    record Closing(FrontendState.Closing state, BlkfrontQueue queue) implements Stage {
        @Override
        public Closed closed() {
            return new Closed(state.closed());
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
