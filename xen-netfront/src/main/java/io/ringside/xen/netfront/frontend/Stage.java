package io.ringside.xen.netfront.frontend;

import io.ringside.xenbus.frontend.FrontendState;
import org.jspecify.annotations.Nullable;

/**
 * How far a frontend has come with its backend. Each stage holds what exists in it and nothing
 * else; its methods lead to the stages that may follow.
 *
 * <pre>
 *  Waiting --> Shared --> Connected --> Draining --> Closing --> Closed --> Waiting ...
 *     |           |         ^  v  |         |                      ^
 *     |           |  Reconfiguring+---------+                      |
 *     +-----------+--------------+----------+----------------------+
 *     +-----------+--------------+--> Suspended --> Closed ...
 * </pre>
 */
sealed interface Stage {
    /** What the store is told. */
    FrontendState state();

    /** From everywhere: nothing is shared any more. */
    Closed closed();

    /** The rings that are shared with the backend, if any are. */
    default Shares shares() {
        return Shares.NONE;
    }

    /** What frames flow through, if they do. */
    default @Nullable NetConnection connection() {
        return null;
    }

    /** Whether it leads to the end of the connection and nowhere else. */
    default boolean isEnding() {
        return this instanceof Draining || this instanceof Closing || this instanceof Closed;
    }

    /** Nothing is shared; the backend has not yet published what it can do. */
    record Waiting(FrontendState.Initialising state) implements Stage {
        /** Rings are granted, ports allocated, and all of them published. */
        Shared shared(final NetAgreement agreed, final Shares shares) {
            return new Shared(state.connected(), agreed, shares);
        }

        @Override
        public Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /** Everything of ours is published; the backend has not yet connected. */
    record Shared(FrontendState.Connected state, NetAgreement agreed, Shares shares)
            implements Stage {
        /** The backend has joined. */
        Connected connected(final NetConnection connection) {
            return new Connected(state.backendConnected(), shares, connection);
        }

        @Override
        public Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /** Frames flow. */
    record Connected(FrontendState.Connected state, Shares shares, NetConnection connection)
            implements Stage {
        /** The backend is asked to look at changed keys. */
        Reconfiguring reconfiguring() {
            return new Reconfiguring(state.reconfiguring(), shares, connection);
        }

        /** One of both wants to end it: no more frames are taken. */
        Draining draining() {
            return new Draining(state, state.closing(), shares, connection);
        }

        @Override
        public Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /** Frames flow, and the backend has not yet taken what was changed. */
    record Reconfiguring(FrontendState.Reconfiguring state, Shares shares, NetConnection connection)
            implements Stage {
        /** It has. */
        Connected reconfigured() {
            return new Connected(state.reconfigured(), shares, connection);
        }

        /** One of both wants to end it: no more frames are taken. */
        Draining draining() {
            return new Draining(state, state.closing(), shares, connection);
        }

        @Override
        public Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /** No more frames are taken, but some are not answered yet; the backend knows nothing. */
    record Draining(
            FrontendState state,
            FrontendState.Closing next,
            Shares shares,
            NetConnection connection)
            implements Stage {
        /** All are answered: the backend is asked to let go. */
        Closing closing() {
            return new Closing(next, shares, connection);
        }

        @Override
        public Closed closed() {
            return new Closed(next.closed());
        }
    }

    /** Nothing is in flight; the backend has not yet let go. */
    record Closing(FrontendState.Closing state, Shares shares, NetConnection connection)
            implements Stage {
        @Override
        public Closed closed() {
            return new Closed(state.closed());
        }
    }

    /** Nothing is shared, and the store is told nothing. */
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
