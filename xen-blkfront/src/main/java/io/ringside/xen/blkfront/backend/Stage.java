package io.ringside.xen.blkfront.backend;

import io.ringside.xenbus.backend.BackendState;
import org.jspecify.annotations.Nullable;

/**
 * How far a backend has come with its frontend. Each stage holds what exists in it and nothing
 * else; its methods lead to the stages that may follow.
 *
 * <pre>
 *  Starting --> Waiting --> Connected --> Draining --> Closed
 *                 ^  |        |              ^           | |
 *                 |  |        v              |           | |
 *                 +--|--- Restarting         |           | |
 *                 |  +-----------------------|-----------+ |
 *                 +--------------------------|-------------+
 * </pre>
 */
sealed interface Stage {
    /** What the store is told. */
    BackendState state();

    /** The connection that is served, if any is. */
    default @Nullable BlkbackConnection connection() {
        return null;
    }

    /** Nothing is told yet. */
    record Starting(BackendState.Initialising state) implements Stage {
        /** The frontend may publish its ring. */
        Waiting waiting() {
            return new Waiting(state.featuresPublished());
        }
    }

    /** Nothing is mapped; the frontend has not yet published its ring. */
    record Waiting(BackendState.InitWait state) implements Stage {
        /** The ring is mapped, the port bound, and the disk published. */
        Connected connected(final BlkbackConnection connection) {
            return new Connected(state.connected(), connection, false);
        }

        /** The frontend has gone, or what it published makes no sense. */
        Closed closed() {
            return new Closed(state.closing().closed());
        }
    }

    /**
     * Requests flow.
     *
     * @param state what the store is told
     * @param connection the rings
     * @param seen whether the frontend has told that it is connected, too
     */
    record Connected(BackendState.Connected state, BlkbackConnection connection, boolean seen)
            implements Stage {
        /** The frontend is connected, too. */
        Connected confirmed() {
            return new Connected(state, connection, true);
        }

        /** No more requests are taken: the connection ends. */
        Draining draining() {
            return new Draining(state.closing(), connection);
        }

        /** No more requests are taken: the frontend has begun anew without a word. */
        Restarting restarting() {
            return new Restarting(state, connection);
        }
    }

    /** The store still holds requests of a connection that ends. */
    record Draining(BackendState.Closing state, BlkbackConnection connection) implements Stage {
        /** Nothing of the frontend's is mapped any more. */
        Closed closed() {
            return new Closed(state.closed());
        }
    }

    /** The store still holds requests of a connection that the frontend has forgotten. */
    record Restarting(BackendState.Connected state, BlkbackConnection connection) implements Stage {
        /** Nothing of the old connection is mapped any more. */
        Waiting waiting() {
            return new Waiting(state.disconnected());
        }
    }

    /** The end of a connection. */
    record Closed(BackendState.Closed state) implements Stage {
        /** The frontend begins the next. */
        Waiting waiting() {
            return new Waiting(state.reopened());
        }
    }
}
