package io.ringside.perf.scenario;

import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.hypervisor.inprocess.ThreadDoorbell;

/**
 * What the two halves of every device stand on.
 *
 * @param guestMemory the guest's memory, from which a workload takes its buffers
 * @param guestFrames the guest's page allocator
 * @param frontendVcpu where the guest's half counts
 * @param backendVcpu where the host's half counts
 * @param frontendDoorbell wakes the guest's half
 * @param backendDoorbell wakes the host's half
 */
public record Halves(
        InProcessMemory guestMemory,
        FrameAllocator guestFrames,
        Vcpu frontendVcpu,
        Vcpu backendVcpu,
        ThreadDoorbell frontendDoorbell,
        ThreadDoorbell backendDoorbell) {
    /**
     * Halves of a guest with so much memory.
     *
     * @param frames page frames of the guest
     * @param costs what crossings are charged
     */
    static Halves of(final int frames, final CrossingCosts costs) {
        final InProcessMemory memory = InProcessMemory.anonymous(frames);
        return new Halves(
                memory,
                new FrameAllocator(memory),
                new Vcpu("guest", costs, System::nanoTime),
                new Vcpu("host", costs, System::nanoTime),
                new ThreadDoorbell(),
                new ThreadDoorbell());
    }
}
