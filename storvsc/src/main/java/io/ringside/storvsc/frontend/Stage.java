package io.ringside.storvsc.frontend;

import io.ringside.storvsc.protocol.VstorVersion;

/** How far the hand-shake is; each step is legal in one stage only. */
sealed interface Stage {
    /** The first channel is not open. */
    record Waiting() implements Stage {
        /** It is. */
        Beginning opened() {
            return new Beginning();
        }
    }

    /** The first message is sent. */
    record Beginning() implements Stage {
        /** It is answered. */
        Negotiating begun(final VstorVersion newest) {
            return new Negotiating(newest);
        }
    }

    /** A version is offered. */
    record Negotiating(VstorVersion offered) implements Stage {
        /** It is taken. */
        Asking agreed() {
            return new Asking(offered);
        }

        /** It is not, and an older one is offered. */
        Negotiating older(final VstorVersion next) {
            return new Negotiating(next);
        }
    }

    /** The controller is asked what it offers. */
    record Asking(VstorVersion version) implements Stage {
        /** It has told. */
        Ending told(final int maxTransferBytes, final int subChannels) {
            return new Ending(version, maxTransferBytes, subChannels);
        }

        /** It has told, and is asked for its names. */
        Naming naming(final int maxTransferBytes, final int subChannels) {
            return new Naming(version, maxTransferBytes, subChannels);
        }
    }

    /** A fibre channel adapter is asked for its names. */
    record Naming(VstorVersion version, int maxTransferBytes, int subChannels) implements Stage {
        /** It has told them. */
        Ending named() {
            return new Ending(version, maxTransferBytes, subChannels);
        }
    }

    /** The last message is sent. */
    record Ending(VstorVersion version, int maxTransferBytes, int subChannels) implements Stage {
        /** It is answered, and more channels are asked for. */
        AddingChannels adding() {
            return new AddingChannels(version, maxTransferBytes, subChannels);
        }

        /** It is answered, and one channel is enough. */
        Ready ended() {
            return new Ready(version, maxTransferBytes, 0);
        }
    }

    /** More channels are asked for. */
    record AddingChannels(VstorVersion version, int maxTransferBytes, int subChannels)
            implements Stage {
        /** They come, or not: the first one works either way. */
        Ready ended(final boolean agreed) {
            return new Ready(version, maxTransferBytes, agreed ? subChannels : 0);
        }
    }

    /** Commands flow. */
    record Ready(VstorVersion version, int maxTransferBytes, int subChannels) implements Stage {}

    /** The controller is gone, or of no use. */
    record Closed() implements Stage {}
}
