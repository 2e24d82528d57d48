package io.ringside.xenbus.frontend;

import io.ringside.xenbus.protocol.XenbusState;

/**
 * Where a frontend stands in the handshake; what may follow is a method of each state.
 *
 * <pre>
 *  Initialising --parametersPublished--&gt; Initialised --connected--&gt; Connected &lt;--&gt; Reconfiguring
 *       |  \                                 |                       |  |              |
 *       |   +------------connected-----------|-----------------------+  |              |
 *       |                                    |                          |              |
 *       +----closing-------------------------+-------closing------------+---closing----+
 *                                                      |
 *                                                   Closing --closed--&gt; Closed --reopened--&gt;
 *                                                                            Initialising
 * </pre>
 *
 * <p>Each state carries the number of its connection. Whatever was begun for one connection and
 * ends in another finds another number, and is dropped.
 *
 * <p>Source: the order that xen/io/blkif.h and xen/io/netif.h describe.
 */
public sealed interface FrontendState {
    /** Which connection of this device it is, counted from 1. */
    int connection();

    /** The number in the {@code state} key, see {@link XenbusState}. */
    int wireState();

    /** Where a frontend begins. */
    static Initialising begin() {
        return new Initialising(1);
    }

    /**
     * Waits for the backend's features.
     *
     * @param connection which connection of this device it is
     */
    record Initialising(int connection) implements FrontendState {
        @Override
        public int wireState() {
            return XenbusState.INITIALISING;
        }

        /** The rings are granted, the ports bound, and the backend can read about them. */
        public Initialised parametersPublished() {
            return new Initialised(connection);
        }

        /** The same where the protocol has no state between, as for a network. */
        public Connected connected() {
            return new Connected(connection);
        }

        /** One end wants to stop. */
        public Closing closing() {
            return new Closing(connection);
        }
    }

    /**
     * Waits for the backend to connect.
     *
     * @param connection which connection of this device it is
     */
    record Initialised(int connection) implements FrontendState {
        @Override
        public int wireState() {
            return XenbusState.INITIALISED;
        }

        /** The backend has connected, and the device is usable. */
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
    record Connected(int connection) implements FrontendState {
        @Override
        public int wireState() {
            return XenbusState.CONNECTED;
        }

        /** Asks the backend to look at changed parameters. */
        public Reconfiguring reconfiguring() {
            return new Reconfiguring(connection);
        }

        /** One end wants to stop. */
        public Closing closing() {
            return new Closing(connection);
        }
    }

    /**
     * Waits for the backend to take changed parameters.
     *
     * @param connection which connection of this device it is
     */
    record Reconfiguring(int connection) implements FrontendState {
        @Override
        public int wireState() {
            return XenbusState.RECONFIGURING;
        }

        /** The backend took them. */
        public Connected reconfigured() {
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
    record Closing(int connection) implements FrontendState {
        @Override
        public int wireState() {
            return XenbusState.CLOSING;
        }

        /** Nothing is under way, and what was shared is taken back. */
        public Closed closed() {
            return new Closed(connection);
        }
    }

    /**
     * Stopped.
     *
     * @param connection which connection of this device it was
     */
    record Closed(int connection) implements FrontendState {
        @Override
        public int wireState() {
            return XenbusState.CLOSED;
        }

        /** Begins the next connection. */
        public Initialising reopened() {
            return new Initialising(connection + 1);
        }
    }
}
