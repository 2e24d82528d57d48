package io.ringside.device.capture;

/** How a capture is written. */
public enum CaptureFormat {
    /** pcap, its times in microseconds: what every tool reads. */
    PCAP_MICROS,
    /** pcap, its times in nanoseconds. */
    PCAP_NANOS,
    /** pcapng, its times in nanoseconds. */
    PCAPNG
}
