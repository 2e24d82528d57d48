package io.ringside.perf.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A number that some devices let their users choose, with what each of them takes. */
public enum TuningKey {
    /** Pages of each ring; a Hyper-V ring's control page is one of them. */
    RING_PAGES(
            "ring-pages",
            Map.of(
                    DiskDevices.XEN_BLKFRONT, new Values(1, 16, true),
                    DiskDevices.STORVSC, new Values(2, 64, false),
                    NetDevices.NETVSC, new Values(2, 256, false))),
    /** Rings of a disk, or channels of its controller. */
    QUEUES(
            "queues",
            Map.of(
                    DiskDevices.XEN_BLKFRONT, new Values(1, 4, false),
                    DiskDevices.STORVSC, new Values(1, 8, false))),
    /** Whether pages of a disk stay mapped: 0 or 1. */
    PERSISTENT("persistent", Map.of(DiskDevices.XEN_BLKFRONT, new Values(0, 1, false))),
    /** Most segments of one request; 11 and fewer need no page of their own. */
    INDIRECT_SEGMENTS(
            "indirect-segments", Map.of(DiskDevices.XEN_BLKFRONT, new Values(0, 256, false))),
    /** Frames of up to so many bytes are copied into the send buffer; 0 for none. */
    COPYBREAK("copybreak", Map.of(NetDevices.NETVSC, new Values(0, 9014, false))),
    /** Most frames of one message. */
    BATCH("batch", Map.of(NetDevices.NETVSC, new Values(1, 128, false))),
    /** Least time between two interrupts, in units of 256 ns; 0 for none. */
    MODERATION("moderation", Map.of(NetDevices.E1000, new Values(0, 65_535, false))),
    /** Pages that each queue has to receive into. */
    RECEIVE_BUFFERS(
            "receive-buffers", Map.of(NetDevices.XEN_NETFRONT, new Values(256, 4096, false))),
    /**
     * How many answers must be there before a frontend that sleeps is woken; 1 for each at once.
     */
    HOLD_OFF(
            "hold-off",
            Map.of(
                    DiskDevices.XEN_BLKFRONT, new Values(1, 512, false),
                    NetDevices.XEN_NETFRONT, new Values(1, 256, false)));

    /**
     * What a device takes.
     *
     * @param least the least
     * @param most the most
     * @param isPowerOfTwo whether only powers of two will do
     */
    record Values(int least, int most, boolean isPowerOfTwo) {
        boolean has(final int value) {
            return value >= least
                    && value <= most
                    && (!isPowerOfTwo || Integer.bitCount(value) == 1);
        }

        private String text() {
            return (isPowerOfTwo ? "a power of two from " : "") + least + " to " + most;
        }
    }

    private final String label;
    private final Map<String, Values> devices;

    TuningKey(final String label, final Map<String, Values> devices) {
        this.label = label;
        this.devices = new LinkedHashMap<>();
        final List<String> order = new ArrayList<>(DiskDevices.ALL.devices());
        order.addAll(NetDevices.ALL.devices());
        for (final String device : order) {
            final Values values = devices.get(device);
            if (values != null) {
                this.devices.put(device, values);
            }
        }
    }

    /** The name on the command line and in reports. */
    public String label() {
        return label;
    }

    /** Whether a device lets its users choose it. */
    public boolean isOf(final String device) {
        return devices.containsKey(device);
    }

    /** The devices that let their users choose it. */
    public List<String> devices() {
        return List.copyOf(devices.keySet());
    }

    /** What each device takes, in words. */
    public String text() {
        final List<String> parts = new ArrayList<>();
        devices.forEach((device, values) -> parts.add(device + " takes " + values.text()));
        return String.join(", ", parts);
    }

    /** Whether a device takes a value; one that has no such number takes any. */
    boolean takes(final String device, final int value) {
        final Values values = devices.get(device);
        return values == null || values.has(value);
    }

    /** The key of a label; null if there is none. */
    public static @Nullable TuningKey of(final String label) {
        for (final TuningKey key : values()) {
            if (key.label.equals(label)) {
                return key;
            }
        }
        return null;
    }

    /** Every label, in the order of every list. */
    public static List<String> labels() {
        final List<String> labels = new ArrayList<>();
        for (final TuningKey key : values()) {
            labels.add(key.label);
        }
        return labels;
    }
}
