package io.ringside.xenbus.store;

/** A xenstore request was refused; the message begins with the wire's name of the error. */
public final class XenStoreException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String error;

    /**
     * Makes a refusal.
     *
     * @param error the name on the wire, for example {@code ENOENT}
     * @param what the request and its path
     */
    public XenStoreException(final String error, final String what) {
        super(error + ": " + what);
        this.error = error;
    }

    /** The name on the wire. */
    public String error() {
        return error;
    }
}
