package io.ringside.xenbus.toolstack;

import io.ringside.xenbus.protocol.XenbusKeys;

/**
 * A virtual block device as a configuration names it.
 *
 * @param frontendDomain who uses the disk
 * @param backendDomain who serves it
 * @param virtualDevice the number that encodes the disk's name, 51712 for {@code xvda}
 * @param params what stands behind it, for example the name of a file
 * @param readOnly whether it may only be read
 */
public record VbdConfig(
        int frontendDomain, int backendDomain, int virtualDevice, String params, boolean readOnly) {
    private static final String KIND = "vbd";

    /** The same disk for another frontend's domain: the number that a guest has after a suspend. */
    public VbdConfig withFrontendDomain(final int domain) {
        return new VbdConfig(domain, backendDomain, virtualDevice, params, readOnly);
    }

    /** The same disk, served by another domain. */
    public VbdConfig withBackendDomain(final int domain) {
        return new VbdConfig(frontendDomain, domain, virtualDevice, params, readOnly);
    }

    /** The frontend's directory. */
    public String frontendPath() {
        return XenbusKeys.frontendPath(frontendDomain, KIND, virtualDevice);
    }

    /** The backend's directory. */
    public String backendPath() {
        return XenbusKeys.backendPath(backendDomain, KIND, frontendDomain, virtualDevice);
    }
}
