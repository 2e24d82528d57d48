package io.ringside.device.media;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls on a file that block, by the Foreign Function and Memory API.
 *
 * <p>They take the address of the guest's own memory, so that nothing is copied on the way; memory
 * that has gone meanwhile is the kernel's {@code EFAULT} and not a crash of ours, and an interrupt
 * of the thread does not close the file, as it would a {@code FileChannel}.
 *
 * <p>Every call returns what the system returns, or the negative errno. Nothing is allocated.
 * Numbers are those of Linux on x86-64 and AArch64. Threads: one for each instance.
 */
final class FileCalls implements AutoCloseable {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;
    static final int LOCK_SHARED_NOW = 1 | 4;
    static final int LOCK_EXCLUSIVE_NOW = 2 | 4;
    static final int EPERM = 1;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EROFS = 30;
    static final int EOPNOTSUPP = 95;

    private static final int SEEK_END = 2;

    /** {@code FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE}. */
    private static final int PUNCH_HOLE = 1 | 2;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN =
            function(
                    "open",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FLOCK =
            function("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle LSEEK =
            function("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle FDATASYNC =
            function("fdatasync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FALLOCATE =
            function(
                    "fallocate",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PREADV = function("preadv", vectorCall());
    private static final MethodHandle PWRITEV = function("pwritev", vectorCall());

    private final Arena arena;
    private final MemorySegment state;

    /** Calls by one thread, which any other may {@link #close}. */
    FileCalls() {
        this(Arena.ofShared());
    }

    private FileCalls(final Arena arena) {
        this.arena = arena;
        this.state = arena.allocate(CALL_STATE);
    }

    /** Calls by this thread, which only it may {@link #close}: that is cheaper by far. */
    static FileCalls ofThisThread() {
        return new FileCalls(Arena.ofConfined());
    }

    /** Opens an existing file and returns its descriptor. */
    int open(final String path, final int flags) {
        try (Arena forPath = Arena.ofConfined()) {
            final MemorySegment name = forPath.allocateFrom(path);
            return outcome((int) OPEN.invokeExact(state, name, flags));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Locks a whole file for its descriptor, or fails at once with {@link #EAGAIN}. */
    int lock(final int descriptor, final int operation) {
        try {
            return outcome((int) FLOCK.invokeExact(state, descriptor, operation));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Length of a file in bytes. */
    long size(final int descriptor) {
        try {
            return outcome((long) LSEEK.invokeExact(state, descriptor, 0L, SEEK_END));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Reads into so many vectors; fewer bytes than asked, and 0 at the end of the file. */
    long read(final int descriptor, final long vectors, final int count, final long offset) {
        try {
            return outcome((long) PREADV.invokeExact(state, descriptor, vectors, count, offset));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Writes from so many vectors, possibly fewer bytes than asked. */
    long write(final int descriptor, final long vectors, final int count, final long offset) {
        try {
            return outcome((long) PWRITEV.invokeExact(state, descriptor, vectors, count, offset));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Returns when the data written so far, and what it takes to find it, is on stable storage. */
    int syncData(final int descriptor) {
        try {
            return outcome((int) FDATASYNC.invokeExact(state, descriptor));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * Makes a range read as zeros and gives its storage back; the file stays as long as it is.
     * {@link #EOPNOTSUPP} where the file system cannot.
     */
    int punchHole(final int descriptor, final long offset, final long lengthBytes) {
        try {
            return outcome(
                    (int)
                            FALLOCATE.invokeExact(
                                    state, descriptor, PUNCH_HOLE, offset, lengthBytes));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Closes a descriptor; its lock goes with it. */
    int close(final int descriptor) {
        try {
            return outcome((int) CLOSE.invokeExact(state, descriptor));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Lets go of the place where the system leaves its errno. */
    @Override
    public void close() {
        arena.close();
    }

    private int outcome(final int result) {
        return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    }

    private long outcome(final long result) {
        return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    }

    private static FunctionDescriptor vectorCall() {
        return FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG);
    }

    private static MethodHandle function(
            final String name,
            final FunctionDescriptor descriptor,
            final Linker.Option... options) {
        final Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.captureCallState("errno");
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
    }

    private static RuntimeException rethrow(final Throwable e) {
        if (e instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(e);
    }
}
