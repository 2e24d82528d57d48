package io.ringside.xenbus.protocol;

/**
 * What a message of the xenstore asks for. A reply repeats the number of its request, or is an
 * {@link #ERROR}.
 *
 * <p>Source: {@code xsd_sockmsg_type}, xen/io/xs_wire.h; the last four are newer than Xen 4.17.
 */
public final class StoreMessageType {
    /** Words for the daemon itself; privileged. */
    public static final int CONTROL = 0;

    /** Path to the names of its children. */
    public static final int DIRECTORY = 1;

    /** Path to its value. */
    public static final int READ = 2;

    /** Path to its permissions. */
    public static final int GET_PERMS = 3;

    /** Path and token, with a depth if wanted: an event for each change from now on. */
    public static final int WATCH = 4;

    /** Path and token: no more events. */
    public static final int UNWATCH = 5;

    /** Begins a transaction; its number comes back. */
    public static final int TRANSACTION_START = 6;

    /** {@code T} commits, {@code F} drops. */
    public static final int TRANSACTION_END = 7;

    /** Domain, frame of its ring, event channel; privileged. */
    public static final int INTRODUCE = 8;

    /** Domain that is gone; privileged. */
    public static final int RELEASE = 9;

    /** Domain to its home. */
    public static final int GET_DOMAIN_PATH = 10;

    /** Path and value. */
    public static final int WRITE = 11;

    /** Path of a node to make. */
    public static final int MKDIR = 12;

    /** Path of a node to remove, with all below it. */
    public static final int RM = 13;

    /** Path and permissions. */
    public static final int SET_PERMS = 14;

    /** From the daemon: changed path and token. */
    public static final int WATCH_EVENT = 15;

    /** From the daemon: the name of an error. */
    public static final int ERROR = 16;

    /** Domain to {@code T} or {@code F}. */
    public static final int IS_DOMAIN_INTRODUCED = 17;

    /** Domain that lives on after all; privileged. */
    public static final int RESUME = 18;

    /** Domain and the one whose rights it gets; privileged. */
    public static final int SET_TARGET = 19;

    /** Drops the caller's watches and transactions. */
    public static final int RESET_WATCHES = 21;

    /** Path and offset to a generation and some of the names. */
    public static final int DIRECTORY_PART = 22;

    /** Domain, or none, to the features of its ring. */
    public static final int GET_FEATURE = 23;

    /** Domain and the features of its ring; privileged. */
    public static final int SET_FEATURE = 24;

    /** Domain if wanted, and name of a quota, to its value. */
    public static final int GET_QUOTA = 25;

    /** Domain if wanted, name of a quota, and value; privileged. */
    public static final int SET_QUOTA = 26;

    private static final String[] NAMES = {
        "CONTROL",
        "DIRECTORY",
        "READ",
        "GET_PERMS",
        "WATCH",
        "UNWATCH",
        "TRANSACTION_START",
        "TRANSACTION_END",
        "INTRODUCE",
        "RELEASE",
        "GET_DOMAIN_PATH",
        "WRITE",
        "MKDIR",
        "RM",
        "SET_PERMS",
        "WATCH_EVENT",
        "ERROR",
        "IS_DOMAIN_INTRODUCED",
        "RESUME",
        "SET_TARGET",
        "[20]",
        "RESET_WATCHES",
        "DIRECTORY_PART",
        "GET_FEATURE",
        "SET_FEATURE",
        "GET_QUOTA",
        "SET_QUOTA"
    };

    private StoreMessageType() {}

    /** The name in the header, without its prefix; the number in brackets if it has none. */
    public static String name(final int type) {
        return type >= 0 && type < NAMES.length ? NAMES[type] : "[" + type + "]";
    }
}
