package io.ringside.perf.calibrate;

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
 * The system calls that drive a virtual machine, by the Foreign Function and Memory API.
 *
 * <p>Every call returns what the system returns, or the negative errno. Numbers are those of Linux
 * on x86-64. Threads: the one that made it.
 */
final class KvmCalls {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENOTTY = 25;

    private static final int READ_WRITE_CLOSE_ON_EXEC = 2 | 0x80000;
    private static final int PROTECTION_READ_WRITE = 1 | 2;
    private static final int MAP_SHARED = 1;
    private static final int EVENT_NEVER_BLOCKS = 0x800 | 0x80000;

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
    private static final MethodHandle IOCTL =
            function(
                    "ioctl",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle MMAP =
            function(
                    "mmap",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle MUNMAP =
            function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle EVENTFD =
            function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private final MemorySegment state;

    /** Calls that leave their errno in memory of an arena, and live as long. */
    KvmCalls(final Arena arena) {
        state = arena.allocate(CALL_STATE);
    }

    /** Opens a file for reading and writing. */
    int open(final MemorySegment path) {
        try {
            return outcome((int) OPEN.invokeExact(state, path, READ_WRITE_CLOSE_ON_EXEC));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Closes a descriptor. */
    int close(final int descriptor) {
        try {
            return outcome((int) CLOSE.invokeExact(state, descriptor));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** A request to a device, with a number or an address. */
    int control(final int descriptor, final long request, final long argument) {
        try {
            return outcome((int) IOCTL.invokeExact(state, descriptor, request, argument));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Maps the beginning of what a descriptor stands for; its address. */
    long map(final int descriptor, final long bytes) {
        try {
            return outcome(
                    (long)
                            MMAP.invokeExact(
                                    state,
                                    0L,
                                    bytes,
                                    PROTECTION_READ_WRITE,
                                    MAP_SHARED,
                                    descriptor,
                                    0L));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Takes a mapping away. */
    int unmap(final long address, final long bytes) {
        try {
            return outcome((int) MUNMAP.invokeExact(state, address, bytes));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** A new counter of events that starts at 0. */
    int event() {
        try {
            return outcome((int) EVENTFD.invokeExact(state, 0, EVENT_NEVER_BLOCKS));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** Reads into memory; bytes read. */
    long read(final int descriptor, final MemorySegment into) {
        try {
            return outcome((long) READ.invokeExact(state, descriptor, into, into.byteSize()));
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    private int outcome(final int result) {
        return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
    }

    private long outcome(final long result) {
        return result >= 0 ? result : -(int) ERRNO.get(state, 0L);
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
