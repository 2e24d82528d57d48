package io.ringside.netvsc.backend;

import io.ringside.vmbus.channel.GpadlView;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory that a guest has given for what it sends, in sections of one size.
 *
 * <p>A section is the guest's until it is named in a packet, and the host's until that is answered;
 * but nothing keeps the guest from writing into it meanwhile. Threads: one.
 */
final class SendBuffer {
    private final GpadlView view;
    private final int id;
    private final int sectionBytes;
    private final int sectionCount;

    SendBuffer(final GpadlView view, final int id, final int sectionBytes) {
        this.view = view;
        this.id = id;
        this.sectionBytes = sectionBytes;
        this.sectionCount = view.buffer().capacity() / sectionBytes;
    }

    int id() {
        return id;
    }

    UnsafeBuffer buffer() {
        return view.buffer();
    }

    /** Where a section starts, or -1 if there is none of that number with so many bytes. */
    int offsetOf(final int section, final long usedBytes) {
        return section >= 0 && section < sectionCount && usedBytes > 0 && usedBytes <= sectionBytes
                ? section * sectionBytes
                : -1;
    }

    /** Whether the guest wants its pages back. */
    boolean isTornDown() {
        return view.gpadl().isTornDown();
    }

    void close() {
        view.close();
    }
}
