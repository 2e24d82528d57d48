package io.ringside.device.media;

import java.nio.file.Path;
import java.util.Arrays;

final class VhdDifferencingTest extends VhdContract {
    /** Half from a fixed image, a quarter from one between, and the rest from the child. */
    @Override
    Path image(final byte[] bytes) throws Exception {
        final Path fixed = directory.resolve("fixed.vhd");
        NewVhd.fixed(fixed, bytes.length, VhdFiles.ID, VhdFiles.CREATED);
        VhdFiles.write(fixed, 0, Arrays.copyOf(bytes, bytes.length / 2));
        final Path between = VhdFiles.differencing(directory.resolve("between.vhd"), fixed);
        final int from = bytes.length / 2;
        final int to = from + bytes.length / 4;
        VhdFiles.write(between, from / 512, Arrays.copyOfRange(bytes, from, to));
        final Path child = VhdFiles.differencing(directory.resolve("child.vhd"), between);
        VhdFiles.write(child, to / 512, Arrays.copyOfRange(bytes, to, bytes.length));
        return child;
    }
}
