package io.ringside.netvsc.backend;

import io.ringside.netvsc.protocol.NvspVersion;

/**
 * What a network device offers.
 *
 * @param newest the newest version that it speaks; it speaks all older ones
 * @param macAddress the guest's address: 48 bits, its first byte on the wire the highest
 * @param mtuBytes most bytes that a frame carries behind its Ethernet header; less if the port
 *     takes less
 * @param linkBitsPerSecond the speed of the link that the guest is told
 * @param maxSubChannels most channels besides the first
 * @param offloads what it does for the guest
 * @param sendSectionBytes bytes of one section of the send buffer
 * @param packetsPerMessage most RNDIS messages in one packet of the guest
 * @param heldFrames most frames of one channel, on either way, that wait for room
 */
public record NetvspOptions(
        NvspVersion newest,
        long macAddress,
        int mtuBytes,
        long linkBitsPerSecond,
        int maxSubChannels,
        NetvspOffloads offloads,
        int sendSectionBytes,
        int packetsPerMessage,
        int heldFrames) {
    /** The newest version, every offload, 10 Gbit/s, seven more channels. */
    public static final NetvspOptions DEFAULTS =
            new NetvspOptions(
                    NvspVersion.V6_1,
                    0x00_15_5D_00_00_01L,
                    1500,
                    10_000_000_000L,
                    7,
                    NetvspOffloads.ALL,
                    6144,
                    8,
                    64);

    private static final long ADDRESS_MASK = 0xFFFF_FFFF_FFFFL;
    private static final int LEAST_MTU_BYTES = 68;
    private static final int MOST_MTU_BYTES = 65_521;
    private static final int MOST_CHANNELS = 63;
    private static final int LEAST_SECTION_BYTES = 256;
    private static final int MOST_SECTION_BYTES = 1 << 16;
    private static final int MOST_PACKETS_PER_MESSAGE = 128;
    private static final int MOST_HELD_FRAMES = 4096;
    private static final long LINK_UNIT = 100;

    /** Refuses what the protocol cannot say. */
    public NetvspOptions {
        if ((macAddress & ~ADDRESS_MASK) != 0
                || macAddress == 0
                || ReceiveFilter.isGroup(macAddress)
                || mtuBytes < LEAST_MTU_BYTES
                || mtuBytes > MOST_MTU_BYTES
                || linkBitsPerSecond < LINK_UNIT
                || linkBitsPerSecond / LINK_UNIT > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "option out of range: macAddress=0x"
                            + Long.toHexString(macAddress)
                            + " mtuBytes="
                            + mtuBytes
                            + " linkBitsPerSecond="
                            + linkBitsPerSecond);
        }
        if (maxSubChannels < 0
                || maxSubChannels > MOST_CHANNELS
                || sendSectionBytes < LEAST_SECTION_BYTES
                || sendSectionBytes > MOST_SECTION_BYTES
                || packetsPerMessage < 1
                || packetsPerMessage > MOST_PACKETS_PER_MESSAGE
                || heldFrames < 1
                || heldFrames > MOST_HELD_FRAMES) {
            throw new IllegalArgumentException(
                    "option out of range: maxSubChannels="
                            + maxSubChannels
                            + " sendSectionBytes="
                            + sendSectionBytes
                            + " packetsPerMessage="
                            + packetsPerMessage
                            + " heldFrames="
                            + heldFrames);
        }
    }

    /** The same with another newest version. */
    public NetvspOptions withNewest(final NvspVersion version) {
        return new NetvspOptions(
                version,
                macAddress,
                mtuBytes,
                linkBitsPerSecond,
                maxSubChannels,
                offloads,
                sendSectionBytes,
                packetsPerMessage,
                heldFrames);
    }

    /** The same with another address. */
    public NetvspOptions withMacAddress(final long address) {
        return new NetvspOptions(
                newest,
                address,
                mtuBytes,
                linkBitsPerSecond,
                maxSubChannels,
                offloads,
                sendSectionBytes,
                packetsPerMessage,
                heldFrames);
    }

    /** The same with another MTU. */
    public NetvspOptions withMtuBytes(final int bytes) {
        return new NetvspOptions(
                newest,
                macAddress,
                bytes,
                linkBitsPerSecond,
                maxSubChannels,
                offloads,
                sendSectionBytes,
                packetsPerMessage,
                heldFrames);
    }

    /** The same with so many channels besides the first. */
    public NetvspOptions withSubChannels(final int most) {
        return new NetvspOptions(
                newest,
                macAddress,
                mtuBytes,
                linkBitsPerSecond,
                most,
                offloads,
                sendSectionBytes,
                packetsPerMessage,
                heldFrames);
    }

    /** The same with other offloads. */
    public NetvspOptions withOffloads(final NetvspOffloads newOffloads) {
        return new NetvspOptions(
                newest,
                macAddress,
                mtuBytes,
                linkBitsPerSecond,
                maxSubChannels,
                newOffloads,
                sendSectionBytes,
                packetsPerMessage,
                heldFrames);
    }

    /** The same with so many RNDIS messages in one packet, and so many frames that wait. */
    public NetvspOptions withBatches(final int packets, final int held) {
        return new NetvspOptions(
                newest,
                macAddress,
                mtuBytes,
                linkBitsPerSecond,
                maxSubChannels,
                offloads,
                sendSectionBytes,
                packets,
                held);
    }

    /** The speed of the link as guests are told it: in units of 100 bit/s. */
    int linkSpeed() {
        return (int) (linkBitsPerSecond / LINK_UNIT);
    }
}
