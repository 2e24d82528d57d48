package io.ringside.netvsc.frontend;

import io.ringside.netvsc.protocol.NvspVersion;

/** How far the hand-shake is; each step is legal in one stage only. */
sealed interface Stage {
    /** The first channel is not open. */
    record Waiting() implements Stage {
        /** It is. */
        Offering opened(final NvspVersion newest) {
            return new Offering(newest);
        }
    }

    /** A version is offered. */
    record Offering(NvspVersion version) implements Stage {
        /** It is not taken, and an older one is offered. */
        Offering older(final NvspVersion next) {
            return new Offering(next);
        }

        /** It is taken; the receive buffer is told to the bus. */
        SharingReceiveBuffer agreed() {
            return new SharingReceiveBuffer();
        }
    }

    /** The bus has yet to take the receive buffer. */
    record SharingReceiveBuffer() implements Stage {
        /** It has; the host is told of it. */
        GivingReceiveBuffer shared() {
            return new GivingReceiveBuffer();
        }
    }

    /** The host has yet to divide the receive buffer. */
    record GivingReceiveBuffer() implements Stage {
        /** It has; the send buffer is told to the bus. */
        SharingSendBuffer divided() {
            return new SharingSendBuffer();
        }
    }

    /** The bus has yet to take the send buffer. */
    record SharingSendBuffer() implements Stage {
        /** It has; the host is told of it. */
        GivingSendBuffer shared() {
            return new GivingSendBuffer();
        }
    }

    /** The host has yet to divide the send buffer. */
    record GivingSendBuffer() implements Stage {
        /** It has; RNDIS begins. */
        Asking divided() {
            return new Asking(Question.INITIALIZE);
        }
    }

    /** A question is asked, or about to be. */
    record Asking(Question question) implements Stage {
        /** The next one. */
        Asking next(final Question next) {
            return new Asking(next);
        }

        /** More channels are asked for. */
        AddingChannels adding() {
            return new AddingChannels();
        }

        /** That was the last one. */
        Ready ended() {
            return new Ready();
        }
    }

    /** More channels are asked for. */
    record AddingChannels() implements Stage {
        /** They are granted, and are opened as they come. */
        OpeningChannels granted(final int count) {
            return new OpeningChannels(count);
        }

        /** They are not: the first one works by itself. */
        Asking refused() {
            return new Asking(Question.SET_FILTER);
        }
    }

    /** Channels are granted that are not open yet. */
    record OpeningChannels(int granted) implements Stage {
        /** They are, but for those that went again. */
        Asking opened(final int channels) {
            return new Asking(channels > 1 ? Question.SET_SCALING_OFF : Question.SET_FILTER);
        }
    }

    /** Frames flow. */
    record Ready() implements Stage {}

    /** The device is gone, or of no use. */
    record Closed() implements Stage {}
}
