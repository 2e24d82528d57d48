package io.ringside.xenbus.sim;

/**
 * What a domain may use of the hypervisor.
 *
 * @param grantFrames most pages of a domain's grant table, 512 entries each in version 1
 * @param mapHandles most pages of others that a domain may have mapped at once
 * @param grantVersion highest version of the grant table, 1 or 2
 */
public record XenLimits(int grantFrames, int mapHandles, int grantVersion) {
    /** Xen's own default for the table, and fewer handles than Xen's 262144. */
    public static final XenLimits DEFAULTS = new XenLimits(64, 32_768);

    /** Refuses limits that allow nothing. */
    public XenLimits {
        if (grantFrames < 1 || mapHandles < 1 || grantVersion < 1 || grantVersion > 2) {
            throw new IllegalArgumentException(
                    "limit out of range: grantFrames="
                            + grantFrames
                            + " mapHandles="
                            + mapHandles
                            + " grantVersion="
                            + grantVersion);
        }
    }

    /** Limits with both versions of the grant table. */
    public XenLimits(final int grantFrames, final int mapHandles) {
        this(grantFrames, mapHandles, 2);
    }
}
