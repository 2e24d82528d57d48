package io.ringside.xen.netfront.frontend;

import io.ringside.xen.netfront.protocol.CtrlStatus;
import io.ringside.xen.netfront.protocol.CtrlType;
import io.ringside.xen.netfront.protocol.HashControl;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Tells a backend how to spread packets over our queues.
 *
 * <pre>
 *   algorithm --&gt; types that it knows --&gt; key --&gt; size of the table that it takes
 *             --&gt; size of ours --&gt; the table --&gt; types that we want
 * </pre>
 *
 * <p>Without algorithm, types or key there is no hash, and the algorithm is taken back; without a
 * table there is one all the same. Threads: one.
 */
final class HashTask implements ControlRing.Task {
    /** Hears what comes of it. */
    interface Outcome {
        /** From now on packets may come with a hash. */
        void asked();

        /** Whether they do. */
        void ended(boolean hashes);
    }

    private enum Step {
        ALGORITHM,
        KNOWN_TYPES,
        KEY,
        MOST_ENTRIES,
        ENTRIES,
        MAPPING,
        TYPES,
        OFF,
        DONE
    }

    private final @Nullable HashSettings settings;
    private final int queues;
    private final Outcome outcome;
    private Step step;
    private int types;
    private int entries;

    /**
     * A task for a connection of so many queues.
     *
     * @param settings what is wanted; null for no hash
     */
    HashTask(final @Nullable HashSettings settings, final int queues, final Outcome outcome) {
        this.settings = settings;
        this.queues = queues;
        this.outcome = outcome;
        this.step = settings == null || settings.types() == 0 ? Step.OFF : Step.ALGORITHM;
    }

    @Override
    public boolean next(final ControlRing ring) {
        final int page = ring.page().reference();
        switch (step) {
            case ALGORITHM ->
                    ring.send(CtrlType.SET_HASH_ALGORITHM, HashControl.ALGORITHM_TOEPLITZ, 0, 0);
            case KNOWN_TYPES -> ring.send(CtrlType.GET_HASH_FLAGS, 0, 0, 0);
            case KEY -> ring.send(CtrlType.SET_HASH_KEY, page, putKey(ring.page().buffer()), 0);
            case MOST_ENTRIES -> ring.send(CtrlType.GET_HASH_MAPPING_SIZE, 0, 0, 0);
            case ENTRIES -> ring.send(CtrlType.SET_HASH_MAPPING_SIZE, entries, 0, 0);
            case MAPPING -> {
                putMapping(ring.page().buffer());
                ring.send(CtrlType.SET_HASH_MAPPING, page, entries, 0);
            }
            case TYPES -> {
                outcome.asked();
                ring.send(CtrlType.SET_HASH_FLAGS, types, 0, 0);
            }
            case OFF -> ring.send(CtrlType.SET_HASH_ALGORITHM, HashControl.ALGORITHM_NONE, 0, 0);
            case DONE -> {
                return false;
            }
        }
        return true;
    }

    private int putKey(final UnsafeBuffer page) {
        final byte[] key = settings == null ? new byte[0] : settings.key();
        page.putBytes(0, key);
        return key.length;
    }

    private void putMapping(final UnsafeBuffer page) {
        final int[] mapping = mapping();
        for (int i = 0; i < entries; i++) {
            page.putInt(i * Integer.BYTES, mapping[i] % queues, ByteOrder.LITTLE_ENDIAN);
        }
    }

    private int[] mapping() {
        return settings == null ? new int[0] : settings.mapping();
    }

    @Override
    public void answered(final int status, final int data) {
        final boolean done = status == CtrlStatus.SUCCESS;
        step =
                switch (step) {
                    case ALGORITHM -> done ? Step.KNOWN_TYPES : end(false);
                    case KNOWN_TYPES -> {
                        types = settings == null ? 0 : settings.types() & data;
                        yield done && types != 0 ? Step.KEY : Step.OFF;
                    }
                    case KEY -> done ? Step.MOST_ENTRIES : Step.OFF;
                    case MOST_ENTRIES -> {
                        entries = done ? fitting(data) : 0;
                        yield done ? Step.ENTRIES : Step.TYPES;
                    }
                    case ENTRIES -> done && entries != 0 ? Step.MAPPING : Step.TYPES;
                    case MAPPING -> Step.TYPES;
                    case TYPES -> done ? end(true) : Step.OFF;
                    case OFF, DONE -> end(false);
                };
    }

    /** All of the table, or as much of it as the backend takes. */
    private int fitting(final int most) {
        final int wanted = mapping().length;
        return Integer.compareUnsigned(wanted, most) <= 0 ? wanted : Integer.highestOneBit(most);
    }

    private Step end(final boolean hashes) {
        outcome.ended(hashes);
        return Step.DONE;
    }
}
