package io.ringside.perf.calibrate;

/** The kernel's virtual machine monitor is not to be had; the message is one line that says why. */
public final class KvmRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    KvmRefusedException(final String message) {
        super(message);
    }
}
