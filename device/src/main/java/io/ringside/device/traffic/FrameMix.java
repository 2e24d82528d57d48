package io.ringside.device.traffic;

import java.util.List;

/**
 * Which lengths of frames follow each other, over and over.
 *
 * @param name what reports call it
 * @param cycle the lengths in bytes, from the destination address to the last byte before the frame
 *     check sequence
 */
public record FrameMix(String name, List<Integer> cycle) {
    /** Bytes of the frame check sequence, which no frame here has and every name counts. */
    public static final int FCS_BYTES = 4;

    /** The shortest frames, 64 bytes on the wire. */
    public static final FrameMix BYTES_64 = FrameMix.of(60);

    /** Full packets of an MTU of 1500. */
    public static final FrameMix MTU_1500 = new FrameMix("mtu-1500", List.of(1514));

    /** Full packets of an MTU of 9000. */
    public static final FrameMix MTU_9000 = new FrameMix("mtu-9000", List.of(9014));

    /**
     * Seven frames of 64 bytes on the wire, four of 594 and one of 1518: IP packets of up to 46, of
     * 576 and of 1500 bytes.
     */
    public static final FrameMix IMIX =
            new FrameMix("imix", List.of(60, 590, 60, 60, 590, 60, 1514, 60, 590, 60, 60, 590));

    private static final int MIN_APART_BYTES = 8;

    /** Checks the lengths. */
    public FrameMix {
        cycle = List.copyOf(cycle);
        if (cycle.isEmpty()) {
            throw new IllegalArgumentException("no frames: name=" + name);
        }
        for (final int lengthBytes : cycle) {
            if (lengthBytes < Traffic.MIN_FRAME_BYTES || lengthBytes > Traffic.MAX_FRAME_BYTES) {
                throw new IllegalArgumentException(
                        "no such frame: name=" + name + " lengthBytes=" + lengthBytes);
            }
            for (final int other : cycle) {
                if (other != lengthBytes && Math.abs(other - lengthBytes) < MIN_APART_BYTES) {
                    throw new IllegalArgumentException(
                            "lengths too near: " + lengthBytes + " and " + other);
                }
            }
        }
    }

    /** Frames of one length, without the frame check sequence. */
    public static FrameMix of(final int lengthBytes) {
        return new FrameMix(lengthBytes + FCS_BYTES + "-bytes", List.of(lengthBytes));
    }

    /** Length of the longest frame. */
    public int maxFrameBytes() {
        int max = 0;
        for (final int lengthBytes : cycle) {
            max = Math.max(max, lengthBytes);
        }
        return max;
    }
}
