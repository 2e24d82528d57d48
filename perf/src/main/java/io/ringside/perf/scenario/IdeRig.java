package io.ringside.perf.scenario;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.host.BlockStore;
import io.ringside.emulated.ide.backend.DriveIdentity;
import io.ringside.emulated.ide.backend.IdeDisk;
import io.ringside.emulated.ide.frontend.IdeDriver;
import io.ringside.emulated.ide.frontend.IdeMode;
import io.ringside.emulated.ide.protocol.IdePorts;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The emulated IDE disk: its model takes the store's answers between exits, on the guest's thread
 * or on its own.
 */
final class IdeRig implements DiskRig {
    private final String device;
    private final EmulatedMachine machine;
    private final IdeDisk disk;
    private final IdeDriver driver;

    IdeRig(
            final Variant variant,
            final IdeMode mode,
            final DiskScenario scenario,
            final BlockStore store,
            final Timeline timeline) {
        device = variant.name();
        machine =
                new EmulatedMachine(
                        DiskRigs.guestFrames(scenario),
                        scenario.costs(),
                        timeline,
                        scenario.stringIo(),
                        variant.has(DiskFeature.ELSEWHERE));
        final InProcessMemory memory = machine.halves().guestMemory();
        disk =
                new IdeDisk(
                        IdePorts.PRIMARY,
                        DriveIdentity.RINGSIDE,
                        store,
                        memory,
                        machine.halves().backendVcpu(),
                        machine.interrupts(),
                        Trace.OFF);
        disk.attachTo(machine.ports());
        driver =
                new IdeDriver(
                        IdePorts.PRIMARY,
                        mode,
                        machine.ports(),
                        machine.interrupts(),
                        memory,
                        machine.halves().guestFrames(),
                        scenario.depth(),
                        Trace.OFF);
        machine.place(disk, scenario.wakeups());
        store.wakeWith(machine.modelDoorbell()::ring);
    }

    @Override
    public String device() {
        return device;
    }

    @Override
    public BlockDevice disk() {
        return driver;
    }

    @Override
    public Halves halves() {
        return machine.halves();
    }

    @Override
    public Agent frontend() {
        return machine.frontend(disk, driver);
    }

    @Override
    public @Nullable Agent backend() {
        return machine.backend();
    }

    @Override
    public long modelNanos() {
        return machine.modelNanos();
    }

    @Override
    public void close() {
        for (int step = 0; !disk.isQuiet() && step < DiskRigs.MAX_CLOSE_STEPS; step++) {
            disk.doWork();
            Thread.onSpinWait();
        }
        if (!disk.isQuiet()) {
            throw new IllegalStateException("store does not answer: device=" + device);
        }
        machine.close();
    }
}
