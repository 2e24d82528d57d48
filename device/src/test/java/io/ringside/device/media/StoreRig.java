package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Drives a store as a backend would, and keeps what it hands back. */
final class StoreRig implements StoreCompletions {
    private final BlockStore store;
    private final List<StoreRequest> completed = new ArrayList<>();

    StoreRig(final BlockStore store) {
        this.store = store;
    }

    @Override
    public void completed(final StoreRequest request) {
        completed.add(request);
    }

    /** What has come back, in its order. */
    List<StoreRequest> completed() {
        return completed;
    }

    /** Carries out one request, with nothing else in flight. */
    StoreRequest.Status run(final StoreRequest request) {
        assertThat(store.submit(request)).as("submitted").isTrue();
        awaitCompletions(completed.size() + 1);
        assertThat(completed.getLast()).isSameAs(request);
        return request.status();
    }

    /** Polls until so many have come back in all. */
    void awaitCompletions(final int count) {
        while (completed.size() < count) {
            if (store.poll(this, Integer.MAX_VALUE) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** Writes bytes in one piece. */
    StoreRequest.Status write(final long sector, final byte[] bytes) {
        final UnsafeBuffer memory = memory(bytes.length);
        memory.putBytes(0, bytes);
        return run(request(StoreRequest.Operation.WRITE, sector, memory));
    }

    /** Reads bytes in one piece; it must succeed. */
    byte[] read(final long sector, final int lengthBytes) {
        final UnsafeBuffer memory = memory(lengthBytes);
        assertThat(run(request(StoreRequest.Operation.READ, sector, memory)))
                .as("read of sector %d", sector)
                .isEqualTo(StoreRequest.Status.OK);
        final byte[] bytes = new byte[lengthBytes];
        memory.getBytes(0, bytes);
        return bytes;
    }

    StoreRequest.Status flush() {
        return run(request(StoreRequest.Operation.FLUSH, 0));
    }

    StoreRequest.Status discard(final long sector, final long sectors) {
        return run(new StoreRequest(0, 0).resetToDiscard(sector, sectors));
    }

    StoreRequest.Status erase(final long sector, final long sectors) {
        return run(new StoreRequest(0, 0).resetToErase(sector, sectors));
    }

    /** A request over pieces of memory as they are. */
    static StoreRequest request(
            final StoreRequest.Operation operation,
            final long sector,
            final UnsafeBuffer... pieces) {
        final StoreRequest request = new StoreRequest(pieces.length + 1, 0);
        request.reset(operation, sector);
        for (final UnsafeBuffer piece : pieces) {
            request.nextSegment().wrap(piece);
            request.added();
        }
        return request;
    }

    /** Memory outside of the heap. */
    static UnsafeBuffer memory(final int lengthBytes) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(lengthBytes));
    }
}
