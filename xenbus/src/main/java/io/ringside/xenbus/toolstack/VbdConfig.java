package io.ringside.xenbus.toolstack;

import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.protocol.XenbusState;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

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
        int frontendDomain, int backendDomain, int virtualDevice, String params, boolean readOnly)
        implements DeviceConfig {
    private static final String KIND = "vbd";
    private static final String DISK = "disk";

    /** The same disk for another frontend's domain: the number that a guest has after a suspend. */
    public VbdConfig withFrontendDomain(final int domain) {
        return new VbdConfig(domain, backendDomain, virtualDevice, params, readOnly);
    }

    /** The same disk, served by another domain. */
    public VbdConfig withBackendDomain(final int domain) {
        return new VbdConfig(frontendDomain, domain, virtualDevice, params, readOnly);
    }

    @Override
    public String frontendPath() {
        return XenbusKeys.frontendPath(frontendDomain, KIND, virtualDevice);
    }

    @Override
    public String backendPath() {
        return XenbusKeys.backendPath(backendDomain, KIND, frontendDomain, virtualDevice);
    }

    @Override
    public SequencedMap<String, String> frontendKeys() {
        final String device = Integer.toString(virtualDevice);
        final SequencedMap<String, String> keys = new LinkedHashMap<>();
        keys.put(XenbusKeys.BACKEND, backendPath());
        keys.put(XenbusKeys.BACKEND_ID, Integer.toString(backendDomain));
        keys.put(XenbusKeys.STATE, Integer.toString(XenbusState.INITIALISING));
        keys.put(XenbusKeys.HANDLE, device);
        keys.put(XenbusKeys.VIRTUAL_DEVICE, device);
        keys.put(XenbusKeys.DEVICE_TYPE, DISK);
        return keys;
    }

    @Override
    public SequencedMap<String, String> backendKeys() {
        final SequencedMap<String, String> keys = new LinkedHashMap<>();
        keys.put(XenbusKeys.FRONTEND, frontendPath());
        keys.put(XenbusKeys.PARAMS, params);
        keys.put(XenbusKeys.FRONTEND_ID, Integer.toString(frontendDomain));
        keys.put(XenbusKeys.ONLINE, "1");
        keys.put(XenbusKeys.STATE, Integer.toString(XenbusState.INITIALISING));
        keys.put(XenbusKeys.HANDLE, Integer.toString(virtualDevice));
        keys.put(XenbusKeys.MODE, readOnly ? "r" : "w");
        keys.put(XenbusKeys.DEVICE_TYPE, DISK);
        return keys;
    }
}
