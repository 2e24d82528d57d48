package io.ringside.emulated.ide.backend;

import io.ringside.emulated.ide.protocol.Addressing;

/**
 * What a drive is sold as.
 *
 * @param model up to 40 ASCII characters
 * @param serial up to 20 ASCII characters
 * @param firmware up to 8 ASCII characters
 * @param addressing the newest form of addresses that it takes
 */
public record DriveIdentity(String model, String serial, String firmware, Addressing addressing) {
    /** A drive of this bench, with 48-bit addresses. */
    public static final DriveIdentity RINGSIDE =
            new DriveIdentity("RINGSIDE IDE DISK", "RS000001", "1.0", Addressing.LBA48);
}
