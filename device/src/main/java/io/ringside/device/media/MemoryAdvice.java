package io.ringside.device.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Gives memory back to the system while it stays mapped, by madvise(2).
 *
 * <p>{@code MADV_REMOVE} punches a hole into the file behind a shared mapping, with a name or
 * without, so that the range reads as zeros. Threads: any.
 */
final class MemoryAdvice {
    private static final int MADV_REMOVE = 9;

    private static final MethodHandle MADVISE =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("madvise"),
                            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private MemoryAdvice() {}

    /**
     * Makes whole pages zero by giving them back.
     *
     * @return false if the system does not do that for this memory, which is then as it was
     */
    static boolean remove(final long address, final long lengthBytes) {
        try {
            return (int) MADVISE.invokeExact(address, lengthBytes, MADV_REMOVE) == 0;
        } catch (final Throwable e) {
            throw new IllegalStateException("madvise: lengthBytes=" + lengthBytes, e);
        }
    }
}
