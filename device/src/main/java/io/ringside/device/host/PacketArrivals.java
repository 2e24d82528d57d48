package io.ringside.device.host;

/** Where a port hands over what came from the network. */
@FunctionalInterface
public interface PacketArrivals {
    /** The packet is lent until {@link PacketPort#giveBack}. Called by {@link PacketPort#take}. */
    void arrived(Packet packet);
}
