package io.ringside.xenbus.protocol;

/**
 * Keys and directories by which both ends of a device meet, whatever the device is.
 *
 * <p>Source: xen/io/xenbus.h, xen/io/blkif.h, and the keys that xl writes.
 */
public final class XenbusKeys {
    /** The state of the end that owns the directory, see {@link XenbusState}. */
    public static final String STATE = "state";

    /** In a backend's directory: the path of the frontend's. */
    public static final String FRONTEND = "frontend";

    /** In a backend's directory: the frontend's domain. */
    public static final String FRONTEND_ID = "frontend-id";

    /** In a frontend's directory: the path of the backend's. */
    public static final String BACKEND = "backend";

    /** In a frontend's directory: the backend's domain. */
    public static final String BACKEND_ID = "backend-id";

    /** In a backend's directory: 0 when the device is not to come back. */
    public static final String ONLINE = "online";

    /** In a backend's directory: the hotplug script that makes ready what stands behind it. */
    public static final String SCRIPT = "script";

    /** In a backend's directory: how far the script has come, {@code connected} or an error. */
    public static final String HOTPLUG_STATUS = "hotplug-status";

    /** The number of the device among those of its frontend. */
    public static final String HANDLE = "handle";

    /** In a frontend's directory: the number that encodes the disk's name. */
    public static final String VIRTUAL_DEVICE = "virtual-device";

    /** The kind of disk: {@code disk}, {@code cdrom}. */
    public static final String DEVICE_TYPE = "device-type";

    /** In a backend's directory: {@code r} or {@code w}. */
    public static final String MODE = "mode";

    /** In a backend's directory: what stands behind the device. */
    public static final String PARAMS = "params";

    private XenbusKeys() {}

    /** The home of a domain: where its relative paths begin. */
    public static String home(final int domain) {
        return "/local/domain/" + domain;
    }

    /**
     * The directory of a frontend.
     *
     * @param domain the frontend's domain
     * @param kind the kind of device, for example {@code vbd}
     * @param device the device's number
     */
    public static String frontendPath(final int domain, final String kind, final int device) {
        return home(domain) + "/device/" + kind + "/" + device;
    }

    /**
     * The directory of a backend.
     *
     * @param domain the backend's domain
     * @param kind the kind of device, for example {@code vbd}
     * @param frontendDomain the frontend's domain
     * @param device the device's number
     */
    public static String backendPath(
            final int domain, final String kind, final int frontendDomain, final int device) {
        return home(domain) + "/backend/" + kind + "/" + frontendDomain + "/" + device;
    }
}
