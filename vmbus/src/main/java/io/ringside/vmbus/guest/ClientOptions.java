package io.ringside.vmbus.guest;

import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.VmbusVersion;
import java.util.Set;

/**
 * What a guest speaks, and whom it trusts.
 *
 * @param oldestVersion the last version that it tries
 * @param newestVersion the version that it tries first
 * @param features feature flags that it asks for from 6.0 on
 * @param clientId who it says it is, with the feature for that
 * @param allowedTypes the classes of device that it uses; empty for all. A guest that does not
 *     trust its host names those whose drivers are fit for it
 */
public record ClientOptions(
        int oldestVersion, int newestVersion, int features, Guid clientId, Set<Guid> allowedTypes) {
    /** Every version, no features, every device. */
    public static final ClientOptions DEFAULTS =
            new ClientOptions(VmbusVersion.V0_13, VmbusVersion.NEWEST, 0, Guid.NONE, Set.of());

    /** Refuses what is no version. */
    public ClientOptions {
        if (!VmbusVersion.isPublished(oldestVersion)
                || !VmbusVersion.isPublished(newestVersion)
                || oldestVersion > newestVersion) {
            throw new IllegalArgumentException(
                    "no such versions: oldest=" + oldestVersion + " newest=" + newestVersion);
        }
        allowedTypes = Set.copyOf(allowedTypes);
    }

    /** The same with another newest version. */
    public ClientOptions withNewest(final int version) {
        return new ClientOptions(oldestVersion, version, features, clientId, allowedTypes);
    }

    /** Whether channels of a class are used. */
    boolean allows(final Guid deviceType) {
        return allowedTypes.isEmpty() || allowedTypes.contains(deviceType);
    }
}
