package io.ringside.emulated.ide;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreCompletions;
import io.ringside.device.host.StoreRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A store over an array that answers late, has no room at times, and fails when told to.
 *
 * <p>The data moves when the answer is polled, as late as it can: whoever looks before sees old
 * bytes. Everything that was asked is written down.
 */
public final class MoodyStore implements BlockStore {
    private final byte[] bytes;
    private final SplittableRandom random;
    private final int maxDelay;
    private final List<StoreRequest> waiting = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private int delay;
    private boolean readOnly;
    private boolean failing;
    private boolean held;

    /** A store of so many sectors whose answers take up to {@code maxDelay} polls. */
    public MoodyStore(final int sectors, final int maxDelay, final SplittableRandom random) {
        this.bytes = new byte[sectors * SECTOR_BYTES];
        this.maxDelay = maxDelay;
        this.random = random;
    }

    /** A store that answers at the next poll. */
    public static MoodyStore prompt(final int sectors) {
        return new MoodyStore(sectors, 0, new SplittableRandom(0));
    }

    /** The medium itself. */
    public byte[] bytes() {
        return bytes;
    }

    /** What was asked and answered, for example {@code WRITE 10+2}. */
    public List<String> seen() {
        return seen;
    }

    /** From now on every write is refused. */
    public void readOnly() {
        readOnly = true;
    }

    /** From now on every answer is an error, or no longer. */
    public void failing(final boolean isFailing) {
        failing = isFailing;
    }

    /** From now on nothing is answered, or no longer. */
    public void held(final boolean isHeld) {
        held = isHeld;
    }

    @Override
    public long sectors() {
        return bytes.length / SECTOR_BYTES;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public boolean submit(final StoreRequest request) {
        if (maxDelay > 0 && random.nextInt(8) == 0) {
            return false;
        }
        waiting.add(request);
        delay = maxDelay == 0 ? 0 : random.nextInt(maxDelay);
        return true;
    }

    @Override
    public int poll(final StoreCompletions completions, final int limit) {
        if (held || waiting.isEmpty() || delay-- > 0) {
            return 0;
        }
        final StoreRequest request = waiting.removeFirst();
        seen.add(
                request.operation()
                        + " "
                        + request.sector()
                        + "+"
                        + request.totalBytes() / SECTOR_BYTES);
        request.status(answer(request));
        completions.completed(request);
        return 1;
    }

    private StoreRequest.Status answer(final StoreRequest request) {
        if (failing || !request.fitsIn(sectors())) {
            return StoreRequest.Status.ERROR;
        }
        int at = (int) request.sector() * SECTOR_BYTES;
        for (int i = 0; i < request.segmentCount(); i++) {
            final UnsafeBuffer segment = request.segment(i);
            if (request.operation() == StoreRequest.Operation.WRITE) {
                segment.getBytes(0, bytes, at, segment.capacity());
            } else {
                segment.putBytes(0, bytes, at, segment.capacity());
            }
            at += segment.capacity();
        }
        return StoreRequest.Status.OK;
    }

    @Override
    public void wakeWith(final Runnable wake) {
        // Its answers come by polling alone.
    }

    @Override
    public void close() {
        waiting.clear();
    }
}
