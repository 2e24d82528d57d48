package io.ringside.vmbus.host;

import io.ringside.vmbus.protocol.ChannelMessage.InitiateContact;
import org.jspecify.annotations.Nullable;

/**
 * Where a host stands with its guest; what may follow is a method of each state.
 *
 * <pre>
 *   Disconnected --contacted--&gt; Connected --offersRequested--&gt; Connected
 *        ^                          |
 *        |                       resetting (UNLOAD, or INITIATE_CONTACT anew)
 *        |                          v
 *        +--------ended-------- Resetting   until no half uses the guest's memory any more
 * </pre>
 */
public sealed interface ServerState {
    /** Nobody speaks with us. */
    record Disconnected() implements ServerState {
        /** The guest speaks a version that we speak. */
        public Connected contacted(final Contact contact) {
            return new Connected(contact, false);
        }
    }

    /**
     * A guest is there.
     *
     * @param contact what it told us
     * @param offersRequested whether it wants to hear of channels
     */
    record Connected(Contact contact, boolean offersRequested) implements ServerState {
        /** It wants to hear of channels. */
        public Connected listing() {
            return new Connected(contact, true);
        }

        /** It leaves, or begins anew. */
        public Resetting resetting(final @Nullable InitiateContact next) {
            return new Resetting(contact, next);
        }
    }

    /**
     * The halves let go of a guest's memory.
     *
     * @param contact what it had told us
     * @param next how it begins anew; null if it only leaves
     */
    record Resetting(Contact contact, @Nullable InitiateContact next) implements ServerState {
        /** It begins anew in another way. */
        public Resetting replaced(final @Nullable InitiateContact newNext) {
            return new Resetting(contact, newNext);
        }

        /** Nothing of it is in use. */
        public Disconnected ended() {
            return new Disconnected();
        }
    }

    /**
     * What a guest told when it made contact.
     *
     * @param version the version in use
     * @param messageVp the processor that gets messages
     * @param sint the SINT that gets messages and events
     * @param interruptPage address of the interrupt page; 0 from 5.0 on
     * @param monitorPage2 address of the guest-to-host monitor page, or 0
     */
    record Contact(int version, int messageVp, int sint, long interruptPage, long monitorPage2) {}
}
