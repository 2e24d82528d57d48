package io.ringside.vmbus.host;

import io.ringside.vmbus.protocol.EventFlags;
import io.ringside.vmbus.protocol.Offer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The channels that a host offers to one guest, by their numbers: 1 to 2047, the lowest free one
 * first. Threads: the server's.
 */
final class ChannelTable {
    /** There is no free number. */
    static final int NONE = 0;

    private final @Nullable HostChannel[] channels = new HostChannel[EventFlags.COUNT];

    /** A free number, or {@link #NONE}. */
    int freeRelid() {
        for (int relid = 1; relid < channels.length; relid++) {
            if (channels[relid] == null) {
                return relid;
            }
        }
        return NONE;
    }

    void put(final HostChannel channel) {
        channels[channel.relid()] = channel;
    }

    void remove(final HostChannel channel) {
        channels[channel.relid()] = null;
    }

    /** The channel of a number; any number is safe. */
    @Nullable HostChannel find(final int relid) {
        return relid > 0 && relid < channels.length ? channels[relid] : null;
    }

    /** Whether a device has channels beside its first one. */
    boolean hasSubChannels(final ChannelOffer offer) {
        for (final HostChannel channel : all()) {
            final Offer other = channel.offer();
            if (other.deviceType().equals(offer.deviceType())
                    && other.instance().equals(offer.instance())
                    && other.subChannelIndex() != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a device has a channel of that index. */
    boolean contains(final ChannelOffer offer) {
        for (final HostChannel channel : all()) {
            final Offer other = channel.offer();
            if (other.deviceType().equals(offer.deviceType())
                    && other.instance().equals(offer.instance())
                    && other.subChannelIndex() == offer.subChannelIndex()) {
                return true;
            }
        }
        return false;
    }

    /** All channels, by their numbers. */
    List<HostChannel> all() {
        final List<HostChannel> all = new ArrayList<>();
        for (final HostChannel channel : channels) {
            if (channel != null) {
                all.add(channel);
            }
        }
        return all;
    }
}
