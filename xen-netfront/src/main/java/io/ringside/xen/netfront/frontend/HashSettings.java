package io.ringside.xen.netfront.frontend;

import io.ringside.xen.netfront.protocol.HashControl;

/**
 * How a backend is to spread what it has for us over our queues: by a Toeplitz hash.
 *
 * <p>What the backend cannot do of it is left out: types it does not know, and a table that is too
 * long, which is cut to a power of two of its entries. Without a table the queue is the hash modulo
 * the number of queues.
 *
 * @param types which fields to hash: a sum of the bits of {@link HashControl}
 * @param key 1 to 40 bytes
 * @param mapping queues by the hash modulo its length, 0 to 1024 entries; those that do not exist
 *     are taken modulo the number of queues
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; copied in and out.
public record HashSettings(int types, byte[] key, int[] mapping) {
    /** Most entries of a table: as many as fit into one page. */
    public static final int MAX_MAPPING_ENTRIES = 1024;

    /** Refuses what is out of bounds. */
    public HashSettings {
        key = key.clone();
        mapping = mapping.clone();
        if ((types & ~HashControl.ALL_BITS) != 0
                || key.length == 0
                || key.length > HashControl.MAX_KEY_BYTES
                || mapping.length > MAX_MAPPING_ENTRIES) {
            throw new IllegalArgumentException(
                    "not a hash: types="
                            + types
                            + " keyBytes="
                            + key.length
                            + " mappingEntries="
                            + mapping.length);
        }
        for (final int queue : mapping) {
            if (queue < 0) {
                throw new IllegalArgumentException("no such queue: mapping=" + queue);
            }
        }
    }

    @Override
    public byte[] key() {
        return key.clone();
    }

    @Override
    public int[] mapping() {
        return mapping.clone();
    }
}
