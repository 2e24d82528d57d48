package io.ringside.perf.scenario;

import io.ringside.device.host.BlockStore;
import io.ringside.emulated.ide.frontend.IdeMode;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.storvsc.backend.scsi.UnitIdentity;
import java.util.List;

/** Sets disks up whole. */
public final class DiskRigs {
    /** How often a rig that closes looks whether its store has answered. */
    static final int MAX_CLOSE_STEPS = 20_000_000;

    private static final int FRAMES_BESIDE_BUFFERS = 4096;

    private DiskRigs() {}

    /** One disk over a medium, not yet ready. */
    public static DiskRig of(
            final Variant disk, final DiskScenario scenario, final BlockStore store) {
        return of(disk, scenario, store, Timeline.WALL);
    }

    /** The same on another timeline. */
    public static DiskRig of(
            final Variant disk,
            final DiskScenario scenario,
            final BlockStore store,
            final Timeline timeline) {
        final String device = disk.device();
        return switch (device) {
            case DiskDevices.IDE_PIO ->
                    new IdeRig(device, IdeMode.PIO_MULTIPLE, scenario, store, timeline);
            case DiskDevices.IDE_DMA -> new IdeRig(device, IdeMode.DMA, scenario, store, timeline);
            case DiskDevices.XEN_BLKFRONT -> new BlkfrontRig(disk, scenario, store, timeline);
            case DiskDevices.STORVSC -> new StorvscRig(disk, scenario, List.of(store), timeline);
            default -> throw new IllegalArgumentException("no such disk: device=" + device);
        };
    }

    /**
     * A drive with a disc in it, whose blocks have {@link UnitIdentity#DISC_BLOCK_BYTES}, or a
     * refusal in one line.
     *
     * @param store whole blocks of a disc
     */
    public static DiskRig ofDisc(
            final Variant disk, final DiskScenario scenario, final BlockStore store)
            throws UsageException {
        if (!disk.device().equals(DiskDevices.STORVSC)) {
            throw new UsageException(
                    "device '" + disk.name() + "' has no drive for a disc: use --device storvsc");
        }
        return StorvscRig.ofDisc(disk, scenario, store);
    }

    /** Frames of a guest's memory: the workload's buffers, and room for the driver. */
    static int guestFrames(final DiskScenario scenario) {
        final int pages =
                (scenario.blockBytes() + GuestMemory.PAGE_BYTES - 1) / GuestMemory.PAGE_BYTES;
        return Math.multiplyExact(pages, scenario.depth())
                + 2 * scenario.depth()
                + FRAMES_BESIDE_BUFFERS;
    }
}
