package io.ringside.storvsc.backend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.protocol.VstorVersion;
import io.ringside.storvsc.protocol.Wakeups;

/**
 * What a controller offers.
 *
 * @param newest the newest version that it speaks; it speaks all older ones
 * @param maxTransferBytes most bytes of data in one request, a multiple of 4096
 * @param maxSubChannels most channels besides the first
 * @param wakeups how it learns of requests
 */
public record StorvspOptions(
        VstorVersion newest, int maxTransferBytes, int maxSubChannels, Wakeups wakeups) {
    /** The newest version, 512 KiB, seven more channels; it sleeps. */
    public static final StorvspOptions DEFAULTS =
            new StorvspOptions(VstorVersion.WIN10, 1 << 19, 7, Wakeups.ARMED);

    private static final int MAX_CHANNELS = 0xffff;
    private static final int MAX_TRANSFER_BYTES = 1 << 26;

    /** Refuses what the protocol cannot say. */
    public StorvspOptions {
        if (maxTransferBytes < GuestMemory.PAGE_BYTES
                || maxTransferBytes > MAX_TRANSFER_BYTES
                || maxTransferBytes % GuestMemory.PAGE_BYTES != 0
                || maxSubChannels < 0
                || maxSubChannels > MAX_CHANNELS) {
            throw new IllegalArgumentException(
                    "option out of range: maxTransferBytes="
                            + maxTransferBytes
                            + " maxSubChannels="
                            + maxSubChannels);
        }
    }

    /** The same with another newest version. */
    public StorvspOptions withNewest(final VstorVersion version) {
        return new StorvspOptions(version, maxTransferBytes, maxSubChannels, wakeups);
    }

    /** The same with another way to learn of requests. */
    public StorvspOptions withWakeups(final Wakeups newWakeups) {
        return new StorvspOptions(newest, maxTransferBytes, maxSubChannels, newWakeups);
    }
}
