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
 * <p>From every state {@link #renewed} leads back to Initialising. What each state makes of the
 * frontend's:
 *
 * <pre>
 *                    the frontend's state
 *  ours              gone     1           3           4        5      6      7
 *  Initialising      publish  publish     publish     publish  publish ...
 *  InitWait          wait     wait        connect     connect  close  close  -
 *  Connected, first  close    disconnect  wait        confirm  close  close  reconfigure
 *  Connected         close    disconnect  disconnect  confirm  close  close  reconfigure
 *  Reconfigured      close    disconnect  disconnect  go on    close  close  wait
 *  Closing           wait     wait        wait        wait     wait   wait   wait
 *  Closed            wait     reopen      wait        wait     wait   wait   wait
 * </pre>
 *
 * <p>What is not listed, and where a dash stands, is refused: a frontend is never in state 2 or 8.
 * <i>First</i> is Connected before the frontend has told that it is connected, too; after that, a
 * frontend in state 3 has begun anew.
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

    /**
     * What to do next. A number that is no state, or one that the frontend may not tell now, is
     * {@link BackendStep#REFUSE}.
     *
     * @param frontendState what the frontend's {@code state} key says
     */
    BackendStep step(int frontendState);

    /**
     * From everywhere: the toolstack has made the device anew, perhaps for another domain. Nothing
     * of the old connection is mapped, and what it published is gone.
     */
    default Initialising renewed() {
        return new Initialising(connection() + 1);
    }

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

        @Override
        public BackendStep step(final int frontendState) {
            return switch (frontendState) {
                case XenbusState.UNKNOWN,
                        XenbusState.INITIALISING,
                        XenbusState.INITIALISED,
                        XenbusState.CONNECTED,
                        XenbusState.CLOSING,
                        XenbusState.CLOSED,
                        XenbusState.RECONFIGURING ->
                        BackendStep.PUBLISH;
                default -> BackendStep.REFUSE;
            };
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

        @Override
        public BackendStep step(final int frontendState) {
            return switch (frontendState) {
                case XenbusState.UNKNOWN, XenbusState.INITIALISING -> BackendStep.WAIT;
                case XenbusState.INITIALISED, XenbusState.CONNECTED -> BackendStep.CONNECT;
                case XenbusState.CLOSING, XenbusState.CLOSED -> BackendStep.CLOSE;
                default -> BackendStep.REFUSE;
            };
        }

        /** The rings are mapped, the ports bound, and the frontend can read about the device. */
        public Connected connected() {
            return new Connected(connection, false);
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
     * @param confirmed whether the frontend has told that it is connected, too
     */
    record Connected(int connection, boolean confirmed) implements BackendState {
        @Override
        public int wireState() {
            return XenbusState.CONNECTED;
        }

        @Override
        public BackendStep step(final int frontendState) {
            return switch (frontendState) {
                case XenbusState.INITIALISING -> BackendStep.DISCONNECT;
                case XenbusState.INITIALISED ->
                        confirmed ? BackendStep.DISCONNECT : BackendStep.WAIT;
                case XenbusState.CONNECTED -> BackendStep.CONFIRM;
                case XenbusState.UNKNOWN, XenbusState.CLOSING, XenbusState.CLOSED ->
                        BackendStep.CLOSE;
                case XenbusState.RECONFIGURING -> BackendStep.RECONFIGURE;
                default -> BackendStep.REFUSE;
            };
        }

        /** The frontend is connected, too. */
        public Connected frontendConnected() {
            return new Connected(connection, true);
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

        @Override
        public BackendStep step(final int frontendState) {
            return switch (frontendState) {
                case XenbusState.INITIALISING, XenbusState.INITIALISED -> BackendStep.DISCONNECT;
                case XenbusState.CONNECTED -> BackendStep.GO_ON;
                case XenbusState.RECONFIGURING -> BackendStep.WAIT;
                case XenbusState.UNKNOWN, XenbusState.CLOSING, XenbusState.CLOSED ->
                        BackendStep.CLOSE;
                default -> BackendStep.REFUSE;
            };
        }

        /** The frontend begins anew: its old rings are unmapped. */
        public InitWait disconnected() {
            return new InitWait(connection + 1);
        }

        /** The frontend went on. */
        public Connected connected() {
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
    record Closing(int connection) implements BackendState {
        @Override
        public int wireState() {
            return XenbusState.CLOSING;
        }

        @Override
        public BackendStep step(final int frontendState) {
            return switch (frontendState) {
                case XenbusState.UNKNOWN,
                        XenbusState.INITIALISING,
                        XenbusState.INITIALISED,
                        XenbusState.CONNECTED,
                        XenbusState.CLOSING,
                        XenbusState.CLOSED,
                        XenbusState.RECONFIGURING ->
                        BackendStep.WAIT;
                default -> BackendStep.REFUSE;
            };
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

        @Override
        public BackendStep step(final int frontendState) {
            return switch (frontendState) {
                case XenbusState.INITIALISING -> BackendStep.REOPEN;
                case XenbusState.UNKNOWN,
                        XenbusState.INITIALISED,
                        XenbusState.CONNECTED,
                        XenbusState.CLOSING,
                        XenbusState.CLOSED,
                        XenbusState.RECONFIGURING ->
                        BackendStep.WAIT;
                default -> BackendStep.REFUSE;
            };
        }

        /** The frontend begins the next connection; the features are still published. */
        public InitWait reopened() {
            return new InitWait(connection + 1);
        }
    }
}
