package io.ringside.vmbus.guest;

/** Hears of the channels that the host offers. Threads: the client's. */
@FunctionalInterface
public interface OfferListener {
    /** Listens to nothing: whoever wants channels looks at {@link VmbusClient#channels}. */
    OfferListener NONE = channel -> {};

    /** A channel was offered: a device, or another channel of one. It must not throw. */
    void offered(GuestChannel channel);
}
