package io.ringside.vmbus.guest;

/**
 * Where a guest stands with its host; what may follow is a method of each state.
 *
 * <pre>
 *   Disconnected --contacting--&gt; Contacting --accepted--&gt; Listing --listed--&gt; Connected
 *      ^   ^                      |      ^ |                 |                    |
 *      |   +------gaveUp----------+      +-+ declined        +-----unloading------+
 *      |                                                     v
 *      +-----------------unloaded----------------------- Unloading
 * </pre>
 */
public sealed interface ClientState {
    /** The version that is tried, or in use; 0 if there is none. */
    int version();

    /** Nobody speaks with us. */
    record Disconnected() implements ClientState {
        @Override
        public int version() {
            return 0;
        }

        /** A version is proposed. */
        public Contacting contacting(final int version) {
            return new Contacting(version);
        }
    }

    /** Waits for the host to accept a version. */
    record Contacting(int version) implements ClientState {
        /** It does; offers are asked for. */
        public Listing accepted() {
            return new Listing(version);
        }

        /** It does not; another version is proposed. */
        public Contacting declined(final int nextVersion) {
            return new Contacting(nextVersion);
        }

        /** It accepts none. */
        public Disconnected gaveUp() {
            return new Disconnected();
        }
    }

    /** Hears of the channels that there are. */
    record Listing(int version) implements ClientState {
        /** These were all. */
        public Connected listed() {
            return new Connected(version);
        }

        /** The guest leaves. */
        public Unloading unloading() {
            return new Unloading(version);
        }
    }

    /** Knows every channel; more may come. */
    record Connected(int version) implements ClientState {
        /** The guest leaves. */
        public Unloading unloading() {
            return new Unloading(version);
        }
    }

    /** Waits for the host to let go of everything. */
    record Unloading(int version) implements ClientState {
        /** It has. */
        public Disconnected unloaded() {
            return new Disconnected();
        }
    }
}
