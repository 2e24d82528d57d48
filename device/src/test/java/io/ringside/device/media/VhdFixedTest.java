package io.ringside.device.media;

import java.nio.file.Path;

final class VhdFixedTest extends VhdContract {
    @Override
    Path image(final byte[] bytes) throws Exception {
        final Path file = directory.resolve("fixed.vhd");
        NewVhd.fixed(file, bytes.length, VhdFiles.ID, VhdFiles.CREATED);
        VhdFiles.write(file, 0, bytes);
        return file;
    }
}
