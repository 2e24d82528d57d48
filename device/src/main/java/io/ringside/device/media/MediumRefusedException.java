package io.ringside.device.media;

/**
 * A medium that cannot be opened as asked.
 *
 * <p>The message is one line for whoever named the medium: the file, what is wrong with it, with
 * its value, and what to do about it.
 */
public final class MediumRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    MediumRefusedException(final String line) {
        super(line);
    }
}
