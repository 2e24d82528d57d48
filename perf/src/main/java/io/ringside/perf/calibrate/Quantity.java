package io.ringside.perf.calibrate;

/** What is measured; the key names it in JSON for ever. */
public enum Quantity {
    COPY_1500_HOT("copy-1500-hot", 1500, "copy 1,500 bytes, both ends in the first cache"),
    COPY_1500_COLD("copy-1500-cold", 1500, "copy 1,500 bytes, both ends in memory only"),
    COPY_4096_HOT("copy-4096-hot", 4096, "copy 4 KiB, both ends in the first cache"),
    COPY_4096_COLD("copy-4096-cold", 4096, "copy 4 KiB, both ends in memory only"),
    LINE_ROUND_TRIP("line-round-trip", 0, "a cache line to another processor and back"),
    LINE_TRANSFER("line-transfer", 0, "the same one way: half of it"),
    WAKE_ROUND_TRIP("wake-round-trip", 0, "two sleeping threads wake each other in turn"),
    WAKE("wake", 0, "the same one way: half of it"),
    INSTRUCTION_REAL("instruction-real", 0, "one instruction of a real-mode guest, no exit"),
    INSTRUCTION_64("instruction-64", 0, "one instruction of a 64-bit guest, no exit"),
    PORT_OUT("port-out", 0, "guest's OUT, answered by this process, and back"),
    PORT_IN("port-in", 0, "guest's IN, answered by this process, and back"),
    STRING_IN("string-in", 0, "guest's rep insw of 256 words, answered by this process"),
    MMIO_WRITE("mmio-write", 0, "guest's store to a device's memory, answered by this process"),
    MMIO_READ("mmio-read", 0, "guest's load from a device's memory, answered by this process"),
    CONTROLLER_OUT("controller-out", 0, "guest's OUT to the interrupt controller in the kernel"),
    EVENT_OUT("event-out", 0, "guest's OUT that the kernel turns into an event: a kick"),
    HYPERCALL("hypercall", 0, "guest's hypercall that the kernel knows not, and back");

    private final String key;
    private final int bytes;
    private final String meaning;

    Quantity(final String key, final int bytes, final String meaning) {
        this.key = key;
        this.bytes = bytes;
        this.meaning = meaning;
    }

    /** Its name in words joined by hyphens. */
    public String key() {
        return key;
    }

    /** Bytes moved at once; 0 where none are. */
    public int bytes() {
        return bytes;
    }

    /** One line that says what the figure means. */
    public String meaning() {
        return meaning;
    }
}
