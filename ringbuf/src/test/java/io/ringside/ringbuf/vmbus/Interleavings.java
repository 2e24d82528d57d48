package io.ringside.ringbuf.vmbus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Runs two sides over one control page in every order that their accesses to it can take.
 *
 * <p>No threads: a side is stopped before an access by an exception, and later run again from its
 * start with what it had already read. A side must therefore depend on nothing but what it reads.
 * The data area is left as it is: the sides must never write a place twice with different bytes.
 *
 * <p>With {@code delayed} stores a store waits in a queue of its side, as in the store buffer of a
 * processor, and a fence drains nothing: what goes wrong then is what the fences are for.
 */
final class Interleavings {
    /** One side, from its start to its end. */
    interface Script {
        void run(SteppedPage page);
    }

    /** A word outside the page's own: a side may wait until the other rings it. */
    static final int CONSUMER_BELL = 1024;

    /** The bell of the other direction. */
    static final int PRODUCER_BELL = 1028;

    private record Store(int offset, int value) {}

    /** Everything that decides what can happen from here on. */
    private record State(List<Integer> words, List<Side> sides) {}

    private record Side(List<Integer> reads, List<Store> queue, boolean ended) {}

    private static final int[] OFFSETS = {
        ControlPage.WRITE_INDEX_OFFSET,
        ControlPage.READ_INDEX_OFFSET,
        ControlPage.INTERRUPT_MASK_OFFSET,
        ControlPage.PENDING_SEND_OFFSET,
        ControlPage.FEATURE_BITS_OFFSET,
        CONSUMER_BELL,
        PRODUCER_BELL
    };

    private final UnsafeBuffer control;
    private final List<Script> scripts;
    private final boolean delayed;
    private final Set<State> seen = new HashSet<>();

    Interleavings(
            final UnsafeBuffer control,
            final Script producer,
            final Script consumer,
            final boolean delayed) {
        this.control = control;
        this.scripts = List.of(producer, consumer);
        this.delayed = delayed;
    }

    /**
     * Explores from what the page holds now. For every state in which nothing can go on, puts the
     * page as it is then and calls {@code atEnd}.
     *
     * @return how many states there were in all
     */
    int explore(final Consumer<UnsafeBuffer> atEnd) {
        final List<Integer> words = new ArrayList<>();
        for (final int offset : OFFSETS) {
            words.add(control.getInt(offset));
        }
        final Side fresh = new Side(List.of(), List.of(), false);
        final List<State> open = new ArrayList<>();
        open.add(new State(words, List.of(fresh, fresh)));
        seen.add(open.getFirst());
        while (!open.isEmpty()) {
            final State state = open.removeLast();
            boolean moves = false;
            for (int side = 0; side < scripts.size(); side++) {
                moves |= add(open, flushed(state, side));
                moves |= add(open, stepped(state, side));
            }
            if (!moves) {
                load(state.words);
                atEnd.accept(control);
            }
        }
        return seen.size();
    }

    private boolean add(final List<State> open, final @Nullable State next) {
        if (next == null) {
            return false;
        }
        if (seen.add(next)) {
            open.add(next);
        }
        return true;
    }

    /** The oldest store of a side reaches the page. */
    private @Nullable State flushed(final State state, final int which) {
        final Side side = state.sides.get(which);
        if (side.queue.isEmpty()) {
            return null;
        }
        load(state.words);
        final Store oldest = side.queue.getFirst();
        control.putInt(oldest.offset, oldest.value);
        final List<Store> rest = List.copyOf(side.queue.subList(1, side.queue.size()));
        return with(state, which, new Side(side.reads, rest, side.ended));
    }

    /** A side makes its next access, and goes on to just before the one after. */
    private @Nullable State stepped(final State state, final int which) {
        final Side side = state.sides.get(which);
        if (side.ended) {
            return null;
        }
        load(state.words);
        final SteppedPage page = new SteppedPage(control, side, delayed);
        boolean ended = true;
        try {
            scripts.get(which).run(page);
        } catch (final Stopped stopped) {
            ended = false;
        }
        if (!page.hasMoved && !ended) {
            return null;
        }
        return with(
                state, which, new Side(List.copyOf(page.reads), List.copyOf(page.queue), ended));
    }

    private State with(final State state, final int which, final Side side) {
        final List<Integer> words = new ArrayList<>();
        for (final int offset : OFFSETS) {
            words.add(control.getInt(offset));
        }
        final List<Side> sides = new ArrayList<>(state.sides);
        sides.set(which, side);
        return new State(words, List.copyOf(sides));
    }

    private void load(final List<Integer> words) {
        for (int i = 0; i < OFFSETS.length; i++) {
            control.putInt(OFFSETS[i], words.get(i));
        }
    }

    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super(null, null, false, false);
        }
    }

    /** The control page as one side sees it: what it did before, one new access, then a stop. */
    static final class SteppedPage extends UnsafeBuffer {
        private final List<Integer> reads;
        private final List<Store> queue;
        private final boolean delayed;
        private final int replayed;
        private int accesses;
        private boolean hasMoved;

        SteppedPage(final UnsafeBuffer control, final Side side, final boolean delayed) {
            super(control);
            this.reads = new ArrayList<>(side.reads);
            this.queue = new ArrayList<>(side.queue);
            this.delayed = delayed;
            this.replayed = side.reads.size();
        }

        /** Waits until the other side rings, and takes the ring. */
        void await(final int bell) {
            if (!replays() && super.getInt(bell) == 0) {
                throw new Stopped();
            }
            if (accesses < replayed) {
                accesses++;
                return;
            }
            move(1);
            super.putInt(bell, 0);
        }

        /** Rings the other side. A doorbell is no plain store: it is never delayed. */
        void ring(final int bell) {
            if (replays()) {
                accesses++;
                return;
            }
            move(0);
            super.putInt(bell, 1);
        }

        @Override
        public void putIntRelease(final int index, final int value) {
            if (replays()) {
                accesses++;
                return;
            }
            move(0);
            if (delayed) {
                queue.add(new Store(index, value));
            } else {
                super.putInt(index, value);
            }
        }

        @Override
        public void putIntOpaque(final int index, final int value) {
            putIntRelease(index, value);
        }

        @Override
        public int getIntAcquire(final int index) {
            if (replays()) {
                return reads.get(accesses++);
            }
            int value = super.getInt(index);
            for (final Store store : queue) {
                value = store.offset == index ? store.value : value;
            }
            move(value);
            return value;
        }

        @Override
        public int getIntOpaque(final int index) {
            return getIntAcquire(index);
        }

        private boolean replays() {
            if (accesses == reads.size() && hasMoved) {
                throw new Stopped();
            }
            return accesses < replayed;
        }

        private void move(final int value) {
            reads.add(value);
            accesses++;
            hasMoved = true;
        }
    }
}
