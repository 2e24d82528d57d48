package io.ringside.netvsc.backend;

import io.ringside.device.host.PacketPort;
import io.ringside.netvsc.protocol.NvspCapability;

/**
 * The network card as RNDIS tells of it: what the guest has set, and what it is told.
 *
 * <p>Threads: one.
 */
final class Adapter {
    static final int ETHERNET_BYTES = 14;
    static final int VLAN_TAG_BYTES = 4;

    private final NetvspOptions options;
    private final PacketPort port;
    private final NetvspCounters counters;
    private final ReceiveFilter filter;
    private final ReceiveSpread spread = new ReceiveSpread();
    private final OffloadState offloads;
    private boolean initialised;
    private boolean takesVlanTags;
    private int ndisMinor;

    Adapter(final NetvspOptions options, final PacketPort port, final NetvspCounters counters) {
        this.options = options;
        this.port = port;
        this.counters = counters;
        this.filter = new ReceiveFilter(options.macAddress());
        this.offloads = new OffloadState(options.offloads());
    }

    /** The guest starts RNDIS; what it can do was agreed on before. */
    void initialise(final NvspStage.Agreed agreed) {
        halt();
        offloads.reset(agreed.version().hasReceiveCoalescing() && agreed.can(NvspCapability.RSC));
        takesVlanTags = agreed.can(NvspCapability.IEEE_8021Q);
        ndisMinor = agreed.ndisMinor();
        initialised = true;
    }

    /** The guest has ended RNDIS, or is gone: nothing that it has set is left. */
    void halt() {
        initialised = false;
        filter.reset(options.macAddress());
        spread.reset();
        offloads.reset(false);
    }

    /** The guest has asked for a reset: it sets its filters anew. */
    void reset() {
        filter.reset(filter.ownAddress());
    }

    boolean isInitialised() {
        return initialised;
    }

    NetvspOptions options() {
        return options;
    }

    NetvspCounters counters() {
        return counters;
    }

    ReceiveFilter filter() {
        return filter;
    }

    ReceiveSpread spread() {
        return spread;
    }

    OffloadState offloads() {
        return offloads;
    }

    /** Whether a VLAN tag may travel beside a received frame. */
    boolean takesVlanTags() {
        return takesVlanTags;
    }

    /** The guest's NDIS: 6 point this. */
    int ndisMinor() {
        return ndisMinor;
    }

    boolean isLinkUp() {
        return port.isLinkUp();
    }

    /** Frames that came for the guest, and were lost before or here. */
    long framesLost() {
        return port.dropped() + counters.framesDropped;
    }

    /** Most bytes behind the Ethernet header. */
    int mtuBytes() {
        return Math.min(options.mtuBytes(), port.maxFrameBytes() - ETHERNET_BYTES);
    }

    /** Most bytes of a frame that is not to be cut, its tag among them. */
    int mostFrameBytes() {
        return mtuBytes() + ETHERNET_BYTES + VLAN_TAG_BYTES;
    }

    /** How many channels a table of the guest may name. */
    int channels() {
        return options.maxSubChannels() + 1;
    }
}
