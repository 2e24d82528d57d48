package io.ringside.xen.netfront.backend;

import io.ringside.xen.netfront.protocol.NetKeys;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** What a frontend must know to choose its parameters, as keys of the backend's directory. */
final class OfferedKeys {
    private OfferedKeys() {}

    /** The keys, in the order in which Linux's backend writes them. */
    static SequencedMap<String, String> of(final NetbackOptions options) {
        final NetbackOptions.Offers offers = options.offers();
        final SequencedMap<String, String> keys = new LinkedHashMap<>();
        keys.put(NetKeys.FEATURE_SG, flag(offers.scatterGather()));
        keys.put(NetKeys.FEATURE_GSO_TCPV4, flag(offers.gsoTcpIpv4()));
        keys.put(NetKeys.FEATURE_GSO_TCPV6, flag(offers.gsoTcpIpv6()));
        keys.put(NetKeys.FEATURE_IPV6_CSUM_OFFLOAD, flag(offers.ipv6Checksum()));
        keys.put(NetKeys.FEATURE_RX_COPY, flag(true));
        keys.put(NetKeys.FEATURE_XDP_HEADROOM, flag(offers.xdpHeadroom()));
        keys.put(NetKeys.FEATURE_RX_FLIP, flag(false));
        keys.put(NetKeys.FEATURE_MULTICAST_CONTROL, flag(offers.multicastControl()));
        keys.put(NetKeys.FEATURE_DYNAMIC_MULTICAST_CONTROL, flag(offers.multicastControl()));
        keys.put(NetKeys.FEATURE_SPLIT_EVENT_CHANNELS, flag(offers.splitEventChannels()));
        keys.put(NetKeys.MAX_QUEUES, Integer.toString(options.maxQueues()));
        keys.put(NetKeys.FEATURE_CTRL_RING, flag(offers.controlRing()));
        return keys;
    }

    /** Whether there is a link. */
    static SequencedMap<String, String> carrier(final boolean up) {
        final SequencedMap<String, String> keys = new LinkedHashMap<>();
        keys.put(NetKeys.CARRIER, flag(up));
        return keys;
    }

    private static String flag(final boolean on) {
        return on ? "1" : "0";
    }
}
