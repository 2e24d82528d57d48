package io.ringside.perf.scenario;

/** What the user asked for cannot be done; the message is one line that says what to do instead. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A refusal in one line: the thing, the value, the remedy. */
    public UsageException(final String message) {
        super(message);
    }
}
