package io.ringside.perf.scenario;

import io.ringside.device.guest.BlockDevice;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.ThreadDoorbell;
import io.ringside.xenbus.sim.store.XenStoreServer;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * One disk set up whole: a guest with its half, and the host's half over a medium.
 *
 * <p>Both halves are stepped on one thread until the disk is ready; then each may get a thread of
 * its own.
 */
public interface DiskRig extends AutoCloseable {
    /** The device's name in every report. */
    String device();

    /** What the workload drives. */
    BlockDevice disk();

    /** The guest's memory, from which the workload takes its buffers. */
    GuestMemory guestMemory();

    /** The guest's page allocator. */
    FrameAllocator guestFrames();

    /** Everything that runs in the guest, the workload apart. */
    Agent frontend();

    /**
     * Everything that runs in the host; null where the host's half runs inside the guest's exits.
     */
    @Nullable Agent backend();

    /** Wakes the guest's half. */
    ThreadDoorbell frontendDoorbell();

    /** Wakes the host's half. */
    ThreadDoorbell backendDoorbell();

    /** Where the guest's half counts. */
    Vcpu frontendVcpu();

    /** Where the host's half counts. */
    Vcpu backendVcpu();

    /** Time spent in the host's half inside the guest's exits, in nanoseconds. */
    long modelNanos();

    /** The store through which both halves met; null where there is none. */
    default @Nullable XenStoreServer xenStore() {
        return null;
    }

    /** Takes the device apart; the medium stays open. */
    @Override
    void close();
}
