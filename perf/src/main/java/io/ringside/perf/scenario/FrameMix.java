package io.ringside.perf.scenario;

import java.util.Arrays;
import java.util.List;

/**
 * The frame sizes of a network workload, in bytes on the wire with the frame check sequence, as RFC
 * 2544 counts them.
 */
public enum FrameMix {
    /** The shortest frames of Ethernet. */
    SMALL("64", 64),
    /** Seven short frames, four of 594 bytes and one of 1518: "simple IMIX". */
    IMIX("imix", 64, 594, 64, 64, 594, 64, 1518, 64, 594, 64, 594, 64),
    /** What fits an MTU of 1500 bytes. */
    ETHERNET("1500", 1500),
    /** Jumbo frames. */
    JUMBO("9000", 9000);

    private final String label;
    private final int[] wireBytes;

    FrameMix(final String label, final int... wireBytes) {
        this.label = label;
        this.wireBytes = wireBytes;
    }

    /** The name on the command line and in reports. */
    public String label() {
        return label;
    }

    /** The sizes of one round, which is repeated. */
    public List<Integer> wireBytes() {
        return Arrays.stream(wireBytes).boxed().toList();
    }

    /** The mix of a name; every name is listed in the error. */
    public static FrameMix of(final String name) throws UsageException {
        for (final FrameMix mix : values()) {
            if (mix.label.equals(name)) {
                return mix;
            }
        }
        throw new UsageException(
                "--frame '" + name + "' is unknown: it must be 64, imix, 1500 or 9000");
    }
}
