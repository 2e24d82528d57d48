package io.ringside.perf.scenario;

import io.ringside.device.host.BlockStore;
import io.ringside.device.media.Access;
import io.ringside.device.media.MediumRefusedException;
import io.ringside.device.media.RawImage;
import io.ringside.device.media.VhdImage;
import java.nio.file.Path;

/** How a disk lies in its image file. */
public enum ImageFormat {
    /** Its sectors, one after the other, and nothing else. */
    RAW,
    /** Microsoft's VHD: fixed, dynamic or differencing. */
    VHD;

    /** The format of a name; every name is listed in the error. */
    public static ImageFormat of(final String name) throws UsageException {
        return switch (name) {
            case "raw" -> RAW;
            case "vhd" -> VHD;
            default -> throw new UsageException("unknown format '" + name + "': use raw or vhd");
        };
    }

    /** Opens an image of this format as a medium, with workers of its own. */
    public BlockStore open(final Path file, final Access access) throws UsageException {
        try {
            return switch (this) {
                case RAW -> RawImage.open(file, access, Thread::new);
                case VHD -> VhdImage.open(file, access, Thread::new);
            };
        } catch (final MediumRefusedException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
