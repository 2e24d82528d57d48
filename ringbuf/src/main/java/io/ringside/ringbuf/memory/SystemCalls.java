package io.ringside.ringbuf.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few system calls that mapping pages takes, by the Foreign Function and Memory API.
 *
 * <p>A failure is our own (no memory, no descriptors): an {@link IllegalStateException} that names
 * the call and its errno. Numbers are those of Linux on x86-64 and AArch64.
 */
final class SystemCalls {
    static final int PROT_NONE = 0;
    static final int PROT_READ_WRITE = 3;
    static final int MAP_SHARED = 0x01;
    static final int MAP_PRIVATE = 0x02;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_NORESERVE = 0x4000;
    static final int NO_DESCRIPTOR = -1;

    private static final int O_RDWR_CREAT = 0x42;
    private static final int OWNER_READ_WRITE = 0b110_000_000;
    private static final int MFD_CLOEXEC = 1;
    private static final long MAP_FAILED = -1L;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final AddressLayout POINTER = ADDRESS;

    private static final MethodHandle MMAP =
            function(
                    "mmap",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle MUNMAP =
            function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MEMFD_CREATE =
            function("memfd_create", FunctionDescriptor.of(JAVA_INT, POINTER, JAVA_INT));
    private static final MethodHandle FTRUNCATE =
            function("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle OPEN =
            function(
                    "open",
                    FunctionDescriptor.of(JAVA_INT, POINTER, JAVA_INT, JAVA_INT),
                    Linker.Option.firstVariadicArg(2));

    private SystemCalls() {}

    /** Maps {@code lengthBytes} of a descriptor and returns the address. */
    static long map(
            final long wantedAddress,
            final long lengthBytes,
            final int protection,
            final int flags,
            final int descriptor,
            final long offsetBytes) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CALL_STATE);
            final long address =
                    (long)
                            MMAP.invokeExact(
                                    state,
                                    wantedAddress,
                                    lengthBytes,
                                    protection,
                                    flags,
                                    descriptor,
                                    offsetBytes);
            if (address == MAP_FAILED) {
                throw failure("mmap", state);
            }
            return address;
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    static void unmap(final long address, final long lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CALL_STATE);
            final int result = (int) MUNMAP.invokeExact(state, address, lengthBytes);
            if (result != 0) {
                throw failure("munmap", state);
            }
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** A descriptor of memory that has no name in any file system, {@code lengthBytes} long. */
    static int anonymousFile(final long lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CALL_STATE);
            final int descriptor =
                    (int)
                            MEMFD_CREATE.invokeExact(
                                    state, arena.allocateFrom("ringside"), MFD_CLOEXEC);
            if (descriptor < 0) {
                throw failure("memfd_create", state);
            }
            resize(descriptor, lengthBytes, state);
            return descriptor;
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    /** A descriptor of a file, made if missing, grown or cut to {@code lengthBytes}. */
    static int namedFile(final String path, final long lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CALL_STATE);
            final int descriptor =
                    (int)
                            OPEN.invokeExact(
                                    state,
                                    arena.allocateFrom(path),
                                    O_RDWR_CREAT,
                                    OWNER_READ_WRITE);
            if (descriptor < 0) {
                throw failure("open " + path, state);
            }
            resize(descriptor, lengthBytes, state);
            return descriptor;
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    static void close(final int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CALL_STATE);
            final int result = (int) CLOSE.invokeExact(state, descriptor);
            if (result != 0) {
                throw failure("close", state);
            }
        } catch (final Throwable e) {
            throw rethrow(e);
        }
    }

    private static void resize(
            final int descriptor, final long lengthBytes, final MemorySegment state)
            throws Throwable {
        final int result = (int) FTRUNCATE.invokeExact(state, descriptor, lengthBytes);
        if (result != 0) {
            close(descriptor);
            throw failure("ftruncate", state);
        }
    }

    private static MethodHandle function(
            final String name,
            final FunctionDescriptor descriptor,
            final Linker.Option... options) {
        final Linker.Option[] all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = CAPTURE_ERRNO;
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
    }

    private static IllegalStateException failure(final String call, final MemorySegment state) {
        return new IllegalStateException(
                "system call failed: call=" + call + " errno=" + (int) ERRNO.get(state, 0L));
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
