package io.ringside.xenbus.backend;

import io.ringside.xenbus.protocol.XenbusState;

/**
 * Where a backend stands in the handshake; what may follow is a method of each state.
 *
 * <pre>
 *  Initialising --featuresPublished--&gt; InitWait --connected--&gt; Connected &lt;--&gt; Reconfigured
 *       |                               ^  |                    |  |              |
 *       |                               |  |    disconnected    |  |              |
 *       |                               +--|--------------------+  |              |
 *       +----closing-----------------------+------closing----------+---closing----+
 *                                                   |
 *                                                Closing --closed--&gt; Closed --reopened--&gt; InitWait
 * </pre>
 *
 * <p>Each state carries the number of its connection. Whatever was begun for one connection and
 * ends in another finds another number, and is dropped.
 *
 * <p>Source: the order that xen/io/blkif.h and xen/io/netif.h describe.
 */
public sealed interface BackendState {
    /** Which connection of this device it is, counted from 1. */
    int connection();

    /** The number in the {@code state} key, see {@link XenbusState}. */
    int wireState();

    /** Where a backend begins. */
    static Initialising begin() {
        return new Initialising(1);
    }

    /**
     * Has published nothing yet.
     *
     * @param connection which connection of this device it is
     */
    record Initialising(int connection) implements BackendState {
        @Override
        public int wireState() {
            return XenbusState.INITIALISING;
        }

        /** The frontend can read what this backend is able to do. */
        public InitWait featuresPublished() {
            return new InitWait(connection);
        }

        /** One end wants to stop. */
        public Closing closing() {
            return new Closing(connection);
        }
    }

    /**
     * Waits for the frontend's parameters.
     *
     * @param connection which connection of this device it is
     */
    record InitWait(int connection) implements BackendState {
        @Override
        public int wireState() {
            return XenbusState.INIT_WAIT;
        }

        /** The rings are mapped, the ports bound, and the frontend can read about the device. */
        public Connected connected() {
            return new Connected(connection);
        }

        /** One end wants to stop. */
        public Closing closing() {
            return new Closing(connection);
        }
    }

    /**
     * Usable.
     *
     * @param connection which connection of this device it is
     */
    record Connected(int connection) implements BackendState {
        @Override
        public int wireState() {
            return XenbusState.CONNECTED;
        }

        /** Took the parameters that the frontend changed. */
        public Reconfigured reconfigured() {
            return new Reconfigured(connection);
        }

        /** The frontend begins anew, as after a migration: its old rings are unmapped. */
        public InitWait disconnected() {
            return new InitWait(connection + 1);
        }

        /** One end wants to stop. */
        public Closing closing() {
            return new Closing(connection);
        }
    }

    /**
     * Waits for the frontend to go on with changed parameters.
     *
     * @param connection which connection of this device it is
     */
    record Reconfigured(int connection) implements BackendState {
        @Override
        public int wireState() {
            return XenbusState.RECONFIGURED;
        }

        /** The frontend went on. */
        public Connected connected() {
            return new Connected(connection);
        }

        /** One end wants to stop. */
        public Closing closing() {
            return new Closing(connection);
        }
    }

    /**
     * Takes no more work, and waits for what is under way.
     *
     * @param connection which connection of this device it is
     */
    record Closing(int connection) implements BackendState {
        @Override
        public int wireState() {
            return XenbusState.CLOSING;
        }

        /** Nothing is under way, and nothing of the frontend's is mapped. */
        public Closed closed() {
            return new Closed(connection);
        }
    }

    /**
     * Stopped.
     *
     * @param connection which connection of this device it was
     */
    record Closed(int connection) implements BackendState {
        @Override
        public int wireState() {
            return XenbusState.CLOSED;
        }

        /** The frontend begins the next connection; the features are still published. */
        public InitWait reopened() {
            return new InitWait(connection + 1);
        }
    }
}
