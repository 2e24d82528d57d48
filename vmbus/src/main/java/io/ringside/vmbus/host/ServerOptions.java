package io.ringside.vmbus.host;

import io.ringside.vmbus.protocol.ConnectionId;
import io.ringside.vmbus.protocol.VmbusVersion;

/**
 * What a host speaks, and how much it does for one guest.
 *
 * @param oldestVersion the oldest version that it speaks
 * @param newestVersion the newest version that it speaks
 * @param messageConnectionId where a guest of 5.0 or newer posts its messages
 * @param gpadls most lists of pages that a guest may have at once, unfinished ones among them
 * @param gpadlPages most pages of all of them together
 */
public record ServerOptions(
        int oldestVersion, int newestVersion, int messageConnectionId, int gpadls, int gpadlPages) {
    /** Every version; 1024 lists of 1 GiB together. */
    public static final ServerOptions DEFAULTS =
            new ServerOptions(
                    VmbusVersion.V0_13, VmbusVersion.NEWEST, ConnectionId.MESSAGE_5, 1024, 1 << 18);

    /** Refuses what is no version, or allows nothing. */
    public ServerOptions {
        if (!VmbusVersion.isPublished(oldestVersion)
                || !VmbusVersion.isPublished(newestVersion)
                || oldestVersion > newestVersion) {
            throw new IllegalArgumentException(
                    "no such versions: oldest=" + oldestVersion + " newest=" + newestVersion);
        }
        if (gpadls < 1 || gpadlPages < 1) {
            throw new IllegalArgumentException(
                    "limit out of range: gpadls=" + gpadls + " gpadlPages=" + gpadlPages);
        }
    }

    /** The same with another newest version. */
    public ServerOptions withNewest(final int version) {
        return new ServerOptions(oldestVersion, version, messageConnectionId, gpadls, gpadlPages);
    }
}
