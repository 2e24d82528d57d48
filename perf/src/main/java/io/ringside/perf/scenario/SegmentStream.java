package io.ringside.perf.scenario;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The bytes of a memory segment as a stream. Threads: one. */
final class SegmentStream extends InputStream {
    private final MemorySegment segment;
    private long position;

    SegmentStream(final MemorySegment segment) {
        this.segment = segment;
    }

    @Override
    public int read() {
        return position == segment.byteSize()
                ? -1
                : segment.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
    }

    @Override
    public int read(final byte[] into, final int offset, final int length) {
        final int count = (int) Math.min(length, segment.byteSize() - position);
        if (count == 0 && length > 0) {
            return -1;
        }
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, into, offset, count);
        position += count;
        return count;
    }
}
