package io.ringside.perf.scenario;

import io.ringside.device.guest.BlockDevice;
import io.ringside.device.host.BlockStore;
import io.ringside.emulated.ide.backend.DriveIdentity;
import io.ringside.emulated.ide.backend.IdeDisk;
import io.ringside.emulated.ide.frontend.IdeDriver;
import io.ringside.emulated.ide.frontend.IdeMode;
import io.ringside.emulated.ide.protocol.IdePorts;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.trap.StringIo;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The emulated IDE disk: the model runs inside the guest's exits, and on the guest's thread when
 * the guest has nothing to do, as it does where the vCPU's thread runs the device model.
 */
final class IdeRig implements DiskRig {
    private final String device;
    private final Halves halves;
    private final PortIo ports;
    private final IdeDisk disk;
    private final IdeDriver driver;
    private long outsideExitsNanos;

    IdeRig(
            final String device,
            final IdeMode mode,
            final DiskScenario scenario,
            final BlockStore store,
            final Timeline timeline) {
        this.device = device;
        halves = Halves.of(DiskRigs.guestFrames(scenario), scenario.costs(), timeline);
        final InProcessMemory memory = halves.guestMemory();
        final Vcpu guestVcpu = halves.frontendVcpu();
        ports = new PortIo(guestVcpu, memory, StringIo.ONE_EXIT, halves.clock());
        final InterruptController interrupts = new InterruptController(guestVcpu);
        interrupts.attachTo(ports);
        disk =
                new IdeDisk(
                        IdePorts.PRIMARY,
                        DriveIdentity.RINGSIDE,
                        store,
                        memory,
                        halves.backendVcpu(),
                        interrupts,
                        Trace.OFF);
        disk.attachTo(ports);
        driver =
                new IdeDriver(
                        IdePorts.PRIMARY,
                        mode,
                        ports,
                        interrupts,
                        memory,
                        halves.guestFrames(),
                        scenario.depth(),
                        Trace.OFF);
        store.wakeWith(halves.frontendDoorbell()::ring);
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
        return halves;
    }

    @Override
    public Agent frontend() {
        return new Agent() {
            @Override
            public int doWork() {
                final long start = halves.clock().nanoTime();
                final int work = disk.doWork();
                if (work > 0) {
                    outsideExitsNanos += halves.clock().nanoTime() - start;
                }
                return work + driver.doWork();
            }

            @Override
            public String roleName() {
                return device;
            }
        };
    }

    @Override
    public @Nullable Agent backend() {
        return null;
    }

    @Override
    public long modelNanos() {
        return ports.modelNanos() + outsideExitsNanos;
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
        halves.guestMemory().close();
    }
}
