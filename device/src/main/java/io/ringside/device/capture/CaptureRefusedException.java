package io.ringside.device.capture;

/**
 * A capture that cannot be read, or written, as asked.
 *
 * <p>The message is one line for whoever named the file: the file, what is wrong with it and where,
 * and what to do about it.
 */
public final class CaptureRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    CaptureRefusedException(final String line) {
        super(line);
    }
}
