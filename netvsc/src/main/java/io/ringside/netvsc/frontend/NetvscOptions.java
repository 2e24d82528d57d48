package io.ringside.netvsc.frontend;

import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.vmbus.channel.Channel;

/**
 * How a frontend uses a card.
 *
 * @param newest the newest version that it offers; it goes down from there
 * @param features what it uses if the host has it
 * @param mtuBytes most bytes behind the Ethernet header, unless the host has less
 * @param subChannels most channels besides the first that it asks for
 * @param processors processors of the guest, over which channels are spread
 * @param ringPages pages of each ring, its control page among them
 * @param receiveBufferBytes memory for what is received; whole pages are taken
 * @param sendBufferBytes memory for small frames to be sent; whole pages are taken
 * @param transmitDepth most frames of one queue under way
 * @param receiveDepth most received frames of one queue that the workload may hold
 * @param copyBytes longest frame that is copied into the send buffer; longer ones are named by
 *     their pages
 * @param mostAggregated most frames in one message, unless the host takes fewer
 * @param splitsHeaders whether the header of a frame that is named by its pages lies in the send
 *     buffer, and not in a page of its own
 * @param polls whether the host never wakes the guest, since it looks all the time
 */
public record NetvscOptions(
        NvspVersion newest,
        NetvscFeatures features,
        int mtuBytes,
        int subChannels,
        int processors,
        int ringPages,
        int receiveBufferBytes,
        int sendBufferBytes,
        int transmitDepth,
        int receiveDepth,
        int copyBytes,
        int mostAggregated,
        boolean splitsHeaders,
        boolean polls) {
    /** Most frames of one queue under way, or held. */
    public static final int MOST_DEPTH = 1 << 14;

    /** As Linux does, with one channel; but messages are longer where the host lets them. */
    public static final NetvscOptions DEFAULTS =
            new NetvscOptions(
                    NvspVersion.V6_1,
                    NetvscFeatures.ALL,
                    1500,
                    0,
                    1,
                    128,
                    16 << 20,
                    1 << 20,
                    1024,
                    2048,
                    2048,
                    64,
                    false,
                    false);

    private static final int LEAST_MTU = 68;
    private static final int MOST_MTU = 65521;
    private static final int LEAST_BUFFER = 16 * 1024;
    private static final int MOST_SEND_BUFFER = 15 << 20;
    private static final int MOST_CHANNELS = 63;
    private static final int MOST_AGGREGATED = 256;

    /** Refuses what cannot be. */
    public NetvscOptions {
        require("mtuBytes", mtuBytes, LEAST_MTU, MOST_MTU);
        require("subChannels", subChannels, 0, MOST_CHANNELS);
        require("processors", processors, 1, Integer.MAX_VALUE);
        require("ringPages", ringPages, Channel.LEAST_RING_PAGES, 1 << 11);
        require(
                "receiveBufferBytes",
                receiveBufferBytes,
                LEAST_BUFFER,
                NvspVersion.V6_1.mostReceiveBufferBytes());
        require("sendBufferBytes", sendBufferBytes, LEAST_BUFFER, MOST_SEND_BUFFER);
        require("transmitDepth", transmitDepth, 1, MOST_DEPTH);
        require("receiveDepth", receiveDepth, 1, MOST_DEPTH);
        require("copyBytes", copyBytes, 0, MOST_MTU);
        require("mostAggregated", mostAggregated, 1, MOST_AGGREGATED);
    }

    private static void require(
            final String what, final int value, final int least, final int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("option out of range: " + what + "=" + value);
        }
    }

    /** The same with another newest version. */
    public NetvscOptions withNewest(final NvspVersion version) {
        return new NetvscOptions(
                version,
                features,
                mtuBytes,
                subChannels,
                processors,
                ringPages,
                receiveBufferBytes,
                sendBufferBytes,
                transmitDepth,
                receiveDepth,
                copyBytes,
                mostAggregated,
                splitsHeaders,
                polls);
    }

    /** The same with other features. */
    public NetvscOptions withFeatures(final NetvscFeatures wanted) {
        return new NetvscOptions(
                newest,
                wanted,
                mtuBytes,
                subChannels,
                processors,
                ringPages,
                receiveBufferBytes,
                sendBufferBytes,
                transmitDepth,
                receiveDepth,
                copyBytes,
                mostAggregated,
                splitsHeaders,
                polls);
    }

    /** The same with another MTU. */
    public NetvscOptions withMtu(final int wantedBytes) {
        return new NetvscOptions(
                newest,
                features,
                wantedBytes,
                subChannels,
                processors,
                ringPages,
                receiveBufferBytes,
                sendBufferBytes,
                transmitDepth,
                receiveDepth,
                copyBytes,
                mostAggregated,
                splitsHeaders,
                polls);
    }

    /** The same with so many channels besides the first, over so many processors. */
    public NetvscOptions withSubChannels(final int count, final int overProcessors) {
        return new NetvscOptions(
                newest,
                features,
                mtuBytes,
                count,
                overProcessors,
                ringPages,
                receiveBufferBytes,
                sendBufferBytes,
                transmitDepth,
                receiveDepth,
                copyBytes,
                mostAggregated,
                splitsHeaders,
                polls);
    }

    /** The same with other rings and buffers. */
    public NetvscOptions withMemory(
            final int pagesOfRing, final int receiveBytes, final int sendBytes) {
        return new NetvscOptions(
                newest,
                features,
                mtuBytes,
                subChannels,
                processors,
                pagesOfRing,
                receiveBytes,
                sendBytes,
                transmitDepth,
                receiveDepth,
                copyBytes,
                mostAggregated,
                splitsHeaders,
                polls);
    }

    /** The same with other depths. */
    public NetvscOptions withDepths(final int transmit, final int receive) {
        return new NetvscOptions(
                newest,
                features,
                mtuBytes,
                subChannels,
                processors,
                ringPages,
                receiveBufferBytes,
                sendBufferBytes,
                transmit,
                receive,
                copyBytes,
                mostAggregated,
                splitsHeaders,
                polls);
    }

    /** The same with another way to put frames into messages. */
    public NetvscOptions withCopying(
            final int upToBytes, final int aggregated, final boolean splitHeaders) {
        return new NetvscOptions(
                newest,
                features,
                mtuBytes,
                subChannels,
                processors,
                ringPages,
                receiveBufferBytes,
                sendBufferBytes,
                transmitDepth,
                receiveDepth,
                upToBytes,
                aggregated,
                splitHeaders,
                polls);
    }

    /** The same, looking all the time or not. */
    public NetvscOptions withPolling(final boolean always) {
        return new NetvscOptions(
                newest,
                features,
                mtuBytes,
                subChannels,
                processors,
                ringPages,
                receiveBufferBytes,
                sendBufferBytes,
                transmitDepth,
                receiveDepth,
                copyBytes,
                mostAggregated,
                splitsHeaders,
                always);
    }
}
