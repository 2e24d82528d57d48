package io.ringside.device.guest;

/**
 * What a network device can do, once it is ready.
 *
 * @param queues how many queues there are, from one on; each has its own depth
 * @param transmitDepth most frames of one queue under way to the other side
 * @param receiveDepth most received frames of one queue that the workload may hold
 * @param maxSegments most pieces of memory of one frame
 * @param maxSegmentBytes most bytes of one piece
 * @param maxFrameBytes most bytes of a frame that is to be cut, headers and all
 * @param checksumIpv4 whether a blank checksum over IPv4 is taken
 * @param checksumIpv6 whether a blank checksum over IPv6 is taken
 * @param segmentsTcpIpv4 whether a frame to be cut into TCP over IPv4 is taken
 * @param segmentsTcpIpv6 whether a frame to be cut into TCP over IPv6 is taken
 * @param vlanTags whether a VLAN tag may stand beside the bytes
 * @param hashes whether received frames come with a hash
 */
public record NetLimits(
        int queues,
        int transmitDepth,
        int receiveDepth,
        int maxSegments,
        int maxSegmentBytes,
        int maxFrameBytes,
        boolean checksumIpv4,
        boolean checksumIpv6,
        boolean segmentsTcpIpv4,
        boolean segmentsTcpIpv6,
        boolean vlanTags,
        boolean hashes) {}
