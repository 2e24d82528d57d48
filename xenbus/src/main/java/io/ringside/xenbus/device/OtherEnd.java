package io.ringside.xenbus.device;

import io.ringside.xenbus.protocol.DomainId;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a device, as our own directory names it.
 *
 * @param path its directory, from the root
 * @param domain its domain
 */
record OtherEnd(String path, int domain) {
    /** The end that two keys name, or null if they name none. */
    static @Nullable OtherEnd named(final @Nullable String path, final @Nullable String domain) {
        if (path == null || domain == null || !path.startsWith("/")) {
            return null;
        }
        final long number = StoreNumber.parse(domain);
        return number >= 0 && number < DomainId.FIRST_RESERVED
                ? new OtherEnd(path, (int) number)
                : null;
    }

    /** The path of a key of its directory. */
    String key(final String name) {
        return path + "/" + name;
    }
}
