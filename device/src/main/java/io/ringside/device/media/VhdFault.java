package io.ringside.device.media;

import java.nio.file.Path;

/**
 * What is wrong with the bytes of a VHD image.
 *
 * @param what the rule that is broken, and the name of the field
 * @param offset where in the file the field lies
 * @param value what it holds
 */
record VhdFault(String what, long offset, long value) {
    private static final String BACKUP = "restore the image from a backup";

    /** The refusal of a file for it. */
    MediumRefusedException of(final Path file) {
        return of(file, BACKUP);
    }

    /** The refusal of a file for it, with something better to do about it than a backup. */
    MediumRefusedException of(final Path file, final String remedy) {
        return new MediumRefusedException(
                file
                        + ": "
                        + what
                        + ": offset="
                        + offset
                        + " value=0x"
                        + Long.toHexString(value)
                        + "; "
                        + remedy);
    }
}
