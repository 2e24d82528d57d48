package io.ringside.storvsc.backend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.protocol.ControllerKind;
import io.ringside.storvsc.protocol.VstorVersion;
import io.ringside.storvsc.protocol.Wakeups;
import io.ringside.storvsc.protocol.WorldWideNames;

/**
 * What a controller offers.
 *
 * @param newest the newest version that it speaks; it speaks all older ones
 * @param maxTransferBytes most bytes of data in one request, a multiple of 4096
 * @param maxSubChannels most channels besides the first
 * @param wakeups how it learns of requests
 * @param kind which class of device it is; an IDE disk has no channel but the first
 * @param names those of a fibre channel adapter
 */
public record StorvspOptions(
        VstorVersion newest,
        int maxTransferBytes,
        int maxSubChannels,
        Wakeups wakeups,
        ControllerKind kind,
        WorldWideNames names) {
    /** A SCSI controller: the newest version, 512 KiB, seven more channels; it sleeps. */
    public static final StorvspOptions DEFAULTS =
            new StorvspOptions(
                    VstorVersion.WIN10,
                    1 << 19,
                    7,
                    Wakeups.ARMED,
                    ControllerKind.SCSI,
                    WorldWideNames.NONE);

    private static final int MAX_CHANNELS = 0xffff;
    private static final int MAX_TRANSFER_BYTES = 1 << 26;

    /** Refuses what the protocol cannot say. */
    public StorvspOptions {
        if (maxTransferBytes < GuestMemory.PAGE_BYTES
                || maxTransferBytes > MAX_TRANSFER_BYTES
                || maxTransferBytes % GuestMemory.PAGE_BYTES != 0
                || maxSubChannels < 0
                || maxSubChannels > (kind == ControllerKind.IDE ? 0 : MAX_CHANNELS)) {
            throw new IllegalArgumentException(
                    "option out of range: maxTransferBytes="
                            + maxTransferBytes
                            + " maxSubChannels="
                            + maxSubChannels
                            + " kind="
                            + kind);
        }
    }

    /** The same with another newest version. */
    public StorvspOptions withNewest(final VstorVersion version) {
        return new StorvspOptions(version, maxTransferBytes, maxSubChannels, wakeups, kind, names);
    }

    /** The same with another way to learn of requests. */
    public StorvspOptions withWakeups(final Wakeups newWakeups) {
        return new StorvspOptions(
                newest, maxTransferBytes, maxSubChannels, newWakeups, kind, names);
    }

    /** The same as a disk of an emulated IDE controller. */
    public StorvspOptions asIdeDisk() {
        return new StorvspOptions(
                newest, maxTransferBytes, 0, wakeups, ControllerKind.IDE, WorldWideNames.NONE);
    }

    /** The same as a fibre channel adapter. */
    public StorvspOptions asFibreChannel(final WorldWideNames itsNames) {
        return new StorvspOptions(
                newest,
                maxTransferBytes,
                maxSubChannels,
                wakeups,
                ControllerKind.FIBRE_CHANNEL,
                itsNames);
    }
}
