package io.ringside.perf.workload;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What every block of the medium must hold: the original image, and over it what was written.
 *
 * <p>A written block is not stored: its bytes follow from the seed, its number and how often it was
 * written. So the model of a large image is one number a block. Blocks in flight are marked, so
 * that no two requests race for one block and the outcome is never open.
 *
 * <p>Threads: one at a time.
 */
public final class DiskModel {
    /** What a workload does to the medium. */
    public enum Writes {
        /** Nothing: it only reads. */
        NONE,
        /** It writes bytes that follow from the seed, the block and how often it was written. */
        PATTERN,
        /** It writes every block as the original has it: the medium becomes a copy. */
        ORIGINAL,
        /** The same, but blocks of zeros are discarded: the medium is a copy if it was all zero. */
        ORIGINAL_DISCARDING_ZEROS
    }

    private final MemorySegment original;
    private final int blockBytes;
    private final long blocks;
    private final long seed;
    private final Writes writes;
    private final MemorySegment zeros;
    private final int @Nullable [] versions;
    private final BitSet inFlight;

    /**
     * Makes a model.
     *
     * @param original the image as it was, at least one block long
     * @param writes what will be written
     */
    public DiskModel(
            final MemorySegment original,
            final int blockBytes,
            final long seed,
            final Writes writes) {
        this.original = original;
        this.blockBytes = blockBytes;
        this.blocks = original.byteSize() / blockBytes;
        this.seed = seed;
        final boolean tracked = writes == Writes.PATTERN;
        this.writes = writes;
        this.zeros = MemorySegment.ofArray(new byte[blockBytes]).asReadOnly();
        this.versions = tracked ? new int[Math.toIntExact(blocks)] : null;
        this.inFlight = new BitSet(tracked ? Math.toIntExact(blocks) : 0);
    }

    /** How many whole blocks the image has. */
    public long blocks() {
        return blocks;
    }

    /** Marks a block as in flight; false if it already is. */
    boolean begin(final long block) {
        if (versions == null) {
            return true; // Reads never race, nor do writes of the same bytes.
        }
        if (inFlight.get((int) block)) {
            return false;
        }
        inFlight.set((int) block);
        return true;
    }

    /** The block is no longer in flight. */
    void end(final long block) {
        if (versions != null) {
            inFlight.clear((int) block);
        }
    }

    /** Whether the block is to be discarded in place of a write of zeros. */
    boolean isToBeDiscarded(final long block) {
        final long from = block * blockBytes;
        return writes == Writes.ORIGINAL_DISCARDING_ZEROS
                && MemorySegment.mismatch(original, from, from + blockBytes, zeros, 0, blockBytes)
                        < 0;
    }

    /** Fills memory with the block's next content, which counts from now on. */
    void fillNext(final long block, final MemorySegment memory) {
        if (writes == Writes.ORIGINAL || writes == Writes.ORIGINAL_DISCARDING_ZEROS) {
            MemorySegment.copy(original, block * blockBytes, memory, 0, blockBytes);
            return;
        }
        if (versions == null) {
            throw new IllegalStateException("a model for reading only: block=" + block);
        }
        versions[(int) block]++;
        final long base = base(block);
        for (long at = 0; at < blockBytes; at += Long.BYTES) {
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at, base + at);
        }
    }

    /** Whether memory holds what the block must hold. */
    boolean matches(final long block, final MemorySegment memory) {
        if (versions == null || versions[(int) block] == 0) {
            final long from = block * blockBytes;
            return MemorySegment.mismatch(original, from, from + blockBytes, memory, 0, blockBytes)
                    < 0;
        }
        final long base = base(block);
        for (long at = 0; at < blockBytes; at += Long.BYTES) {
            if (memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at) != base + at) {
                return false;
            }
        }
        return true;
    }

    /** Whether a whole medium, read by another path, holds what it must; -1, or the first block. */
    public long firstMismatch(final MemorySegment medium) {
        for (long block = 0; block < blocks; block++) {
            if (!matches(block, medium.asSlice(block * blockBytes, blockBytes))) {
                return block;
            }
        }
        final long tail = blocks * blockBytes;
        return MemorySegment.mismatch(
                                original,
                                tail,
                                original.byteSize(),
                                medium,
                                tail,
                                original.byteSize())
                        < 0
                ? -1
                : blocks;
    }

    private long base(final long block) {
        return Mixing.mix(seed ^ Mixing.mix(block * 0x9e3779b97f4a7c15L + version(block)));
    }

    private int version(final long block) {
        return versions == null ? 0 : versions[(int) block];
    }
}
