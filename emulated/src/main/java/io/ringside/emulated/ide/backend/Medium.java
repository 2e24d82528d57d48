package io.ringside.emulated.ide.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import io.ringside.emulated.ide.protocol.PrdEntry;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The store behind the drive: one request at a time, and the drive's own buffer.
 *
 * <p>The answer comes in {@link #doWork}, after the store's poll has returned, so that whoever gets
 * it may ask again at once.
 */
final class Medium implements StoreCompletions {
    /** Sectors that the buffer holds. */
    static final int BUFFER_SECTORS = 128;

    /** Who asked. */
    interface User {
        /** The store is done with the request and everything that it named. */
        void answered(boolean ok);

        /** The same, after {@link Medium#drop}: the answer itself does not matter any more. */
        default void dropped() {}
    }

    private final BlockStore store;
    private final StoreRequest request = new StoreRequest(PrdEntry.MAX_ENTRIES, 0);
    private final UnsafeBuffer buffer =
            new UnsafeBuffer(ByteBuffer.allocateDirect(BUFFER_SECTORS * BlockStore.SECTOR_BYTES));
    private @Nullable User user;
    private boolean accepted;
    private boolean finished;
    private boolean dropped;

    Medium(final BlockStore store) {
        this.store = store;
    }

    long sectors() {
        return store.sectors();
    }

    boolean isReadOnly() {
        return store.isReadOnly();
    }

    /** Whether a request is out: until it has come back there is no other. */
    boolean isBusy() {
        return user != null;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    void readToBuffer(final User newUser, final long sector, final int sectors) {
        begin(StoreRequest.Operation.READ, sector);
        addBuffer(sectors);
        issue(newUser);
    }

    void writeFromBuffer(final User newUser, final long sector, final int sectors) {
        begin(StoreRequest.Operation.WRITE, sector);
        addBuffer(sectors);
        issue(newUser);
    }

    void flush(final User newUser) {
        begin(StoreRequest.Operation.FLUSH, 0);
        issue(newUser);
    }

    private void addBuffer(final int sectors) {
        request.nextSegment().wrap(buffer, 0, sectors * BlockStore.SECTOR_BYTES);
        request.added();
    }

    /** The request, to be filled with segments and then {@link #issue}d. */
    StoreRequest begin(final StoreRequest.Operation operation, final long sector) {
        return request.reset(operation, sector);
    }

    void issue(final User newUser) {
        user = newUser;
        finished = false;
        dropped = false;
        accepted = store.submit(request);
    }

    /** Whoever asked does not want the answer any more; what is out still has to come back. */
    void drop() {
        dropped = true;
    }

    /** Hands over the answer, if there is one. */
    int doWork() {
        final User asked = user;
        if (asked == null) {
            return 0;
        }
        if (!accepted) {
            if (dropped) {
                user = null;
                asked.dropped();
                return 1;
            }
            accepted = store.submit(request);
        }
        store.poll(this, 1);
        if (!finished) {
            return 0;
        }
        user = null;
        if (dropped) {
            asked.dropped();
        } else {
            asked.answered(request.status() == StoreRequest.Status.OK);
        }
        return 1;
    }

    @Override
    public void completed(final StoreRequest completedRequest) {
        finished = true;
    }
}
