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
 * <p>From every state {@link #renewed} leads to the next connection's Initialising: that is how a
 * device outlives its backend, and a suspend. What each state makes of the backend's:
 *
 * <pre>
 *                    the backend's state
 *  ours              gone     1        2        4           5      6       8
 *  Initialising      wait     wait     publish  wait        close  wait    wait
 *  Initialised       lost     wait     wait     connect     close  close   -
 *  Connected, first  lost     wait     wait     connect     close  lost    -
 *  Connected         lost     lost     lost     look again  close  lost    wait
 *  Reconfiguring     lost     lost     lost     wait        close  lost    go on
 *  Closing           finish   finish   finish   wait        finish finish  wait
 *  Closed            wait     wait     wait     wait        wait   wait    wait
 * </pre>
 *
 * <p>What is not listed, and where a dash stands, is refused: a backend is never in state 3 or 7.
 * <i>First</i> is a network's Connected, told before the backend has connected.
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

    /**
     * What to do next. A number that is no state, or one that the backend may not tell now, is
     * {@link FrontendStep#REFUSE}.
     *
     * @param backendState what the backend's {@code state} key says
     */
    FrontendStep step(int backendState);

    /**
     * From everywhere: the backend is another one, or is lost, or our own domain has come back from
     * a suspend. What was shared is void, and the next connection begins.
     */
    default Initialising renewed() {
        return new Initialising(connection() + 1);
    }

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

        @Override
        public FrontendStep step(final int backendState) {
            return switch (backendState) {
                case XenbusState.UNKNOWN,
                        XenbusState.INITIALISING,
                        XenbusState.CONNECTED,
                        XenbusState.CLOSED,
                        XenbusState.RECONFIGURED ->
                        FrontendStep.WAIT;
                case XenbusState.INIT_WAIT -> FrontendStep.PUBLISH;
                case XenbusState.CLOSING -> FrontendStep.CLOSE;
                default -> FrontendStep.REFUSE;
            };
        }

        /** The rings are granted, the ports bound, and the backend can read about them. */
        public Initialised parametersPublished() {
            return new Initialised(connection);
        }

        /** The same where the protocol has no state between, as for a network. */
        public Connected connected() {
            return new Connected(connection, false);
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

        @Override
        public FrontendStep step(final int backendState) {
            return switch (backendState) {
                case XenbusState.INITIALISING, XenbusState.INIT_WAIT -> FrontendStep.WAIT;
                case XenbusState.CONNECTED -> FrontendStep.CONNECT;
                case XenbusState.CLOSING, XenbusState.CLOSED -> FrontendStep.CLOSE;
                case XenbusState.UNKNOWN -> FrontendStep.LOST;
                default -> FrontendStep.REFUSE;
            };
        }

        /** The backend has connected, and the device is usable. */
        public Connected connected() {
            return new Connected(connection, true);
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
     * @param confirmed whether the backend is connected, too
     */
    record Connected(int connection, boolean confirmed) implements FrontendState {
        @Override
        public int wireState() {
            return XenbusState.CONNECTED;
        }

        @Override
        public FrontendStep step(final int backendState) {
            return switch (backendState) {
                case XenbusState.UNKNOWN, XenbusState.CLOSED -> FrontendStep.LOST;
                case XenbusState.INITIALISING, XenbusState.INIT_WAIT ->
                        confirmed ? FrontendStep.LOST : FrontendStep.WAIT;
                case XenbusState.CONNECTED ->
                        confirmed ? FrontendStep.LOOK_AGAIN : FrontendStep.CONNECT;
                case XenbusState.CLOSING -> FrontendStep.CLOSE;
                case XenbusState.RECONFIGURED ->
                        confirmed ? FrontendStep.WAIT : FrontendStep.REFUSE;
                default -> FrontendStep.REFUSE;
            };
        }

        /** The backend is connected, too. */
        public Connected backendConnected() {
            return new Connected(connection, true);
        }

        /** Asks the backend to look at changed parameters; only while it says Connected itself. */
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

        @Override
        public FrontendStep step(final int backendState) {
            return switch (backendState) {
                case XenbusState.CONNECTED -> FrontendStep.WAIT;
                case XenbusState.RECONFIGURED -> FrontendStep.GO_ON;
                case XenbusState.CLOSING -> FrontendStep.CLOSE;
                case XenbusState.UNKNOWN,
                        XenbusState.INITIALISING,
                        XenbusState.INIT_WAIT,
                        XenbusState.CLOSED ->
                        FrontendStep.LOST;
                default -> FrontendStep.REFUSE;
            };
        }

        /** The backend took them. */
        public Connected reconfigured() {
            return new Connected(connection, true);
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

        @Override
        public FrontendStep step(final int backendState) {
            return switch (backendState) {
                case XenbusState.CONNECTED, XenbusState.RECONFIGURED -> FrontendStep.WAIT;
                case XenbusState.UNKNOWN,
                        XenbusState.INITIALISING,
                        XenbusState.INIT_WAIT,
                        XenbusState.CLOSING,
                        XenbusState.CLOSED ->
                        FrontendStep.FINISH;
                default -> FrontendStep.REFUSE;
            };
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

        @Override
        public FrontendStep step(final int backendState) {
            return switch (backendState) {
                case XenbusState.UNKNOWN,
                        XenbusState.INITIALISING,
                        XenbusState.INIT_WAIT,
                        XenbusState.CONNECTED,
                        XenbusState.CLOSING,
                        XenbusState.CLOSED,
                        XenbusState.RECONFIGURED ->
                        FrontendStep.WAIT;
                default -> FrontendStep.REFUSE;
            };
        }

        /** Begins the next connection. */
        public Initialising reopened() {
            return new Initialising(connection + 1);
        }
    }
}
