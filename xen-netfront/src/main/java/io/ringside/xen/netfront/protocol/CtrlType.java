package io.ringside.xen.netfront.protocol;

/**
 * What a {@link CtrlRequest} asks for: numbers with names, since a peer may write anything.
 *
 * <pre>
 *                           data 0        data 1           data 2          answer's data
 *  GET_HASH_FLAGS           -             -                -               types known, bits
 *  SET_HASH_FLAGS           types, bits   -                -               -
 *  SET_HASH_KEY             grant         bytes            -               -
 *  GET_HASH_MAPPING_SIZE    -             -                -               most entries
 *  SET_HASH_MAPPING_SIZE    entries       -                -               -
 *  SET_HASH_MAPPING         grant         entries          first entry     -
 *  SET_HASH_ALGORITHM       algorithm     -                -               -
 *  GET_GREF_MAPPING_SIZE    queue         -                -               most entries
 *  ADD_GREF_MAPPING         queue         grant of a list  entries         -
 *  DEL_GREF_MAPPING         queue         grant of a list  entries         entries unmapped
 * </pre>
 *
 * <p>What a grant names begins at the start of its page, and ends in it. A key is bytes, a mapping
 * is 32-bit queue numbers, a list is {@link NetifGref}s.
 *
 * <p>Source: {@code XEN_NETIF_CTRL_TYPE_*}, xen/io/netif.h.
 */
public final class CtrlType {
    /** No request. */
    public static final int INVALID = 0;

    /** Which hash types are known. */
    public static final int GET_HASH_FLAGS = 1;

    /** Which hash types to use; none turns hashing off. */
    public static final int SET_HASH_FLAGS = 2;

    /** The key to hash with. What it leaves of the longest key is zero. */
    public static final int SET_HASH_KEY = 3;

    /** How long the table of queues may be; 0 if there is none. */
    public static final int GET_HASH_MAPPING_SIZE = 4;

    /** How long the table of queues is from now on, all of it zero; 0 for none. */
    public static final int SET_HASH_MAPPING_SIZE = 5;

    /** Some entries of the table of queues: all of them or none. */
    public static final int SET_HASH_MAPPING = 6;

    /** How to hash; comes before all else. */
    public static final int SET_HASH_ALGORITHM = 7;

    /** How many grants of one queue are kept mapped. */
    public static final int GET_GREF_MAPPING_SIZE = 8;

    /** Grants that are to be kept mapped for one queue: all of them or none. */
    public static final int ADD_GREF_MAPPING = 9;

    /** Grants that need not be kept mapped; each entry of the list is told how it went. */
    public static final int DEL_GREF_MAPPING = 10;

    private static final String[] NAMES = {
        "Invalid",
        "GetHashFlags",
        "SetHashFlags",
        "SetHashKey",
        "GetHashMappingSize",
        "SetHashMappingSize",
        "SetHashMapping",
        "SetHashAlgorithm",
        "GetGrefMappingSize",
        "AddGrefMapping",
        "DelGrefMapping"
    };

    private CtrlType() {}

    /** The name of a type, or its number in brackets. */
    public static String name(final int type) {
        return type >= 0 && type < NAMES.length ? NAMES[type] : "[" + type + "]";
    }
}
