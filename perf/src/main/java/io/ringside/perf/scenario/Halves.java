package io.ringside.perf.scenario;

import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.perf.scenario.Timeline.Half;

/**
 * What the two halves of every device stand on.
 *
 * @param guestMemory the guest's memory, from which a workload takes its buffers
 * @param guestFrames the guest's page allocator
 * @param frontendVcpu where the guest's half counts
 * @param backendVcpu where the host's half counts
 * @param frontendDoorbell wakes the guest's half
 * @param backendDoorbell wakes the host's half
 * @param clock the time as it passes for both
 */
public record Halves(
        InProcessMemory guestMemory,
        FrameAllocator guestFrames,
        Vcpu frontendVcpu,
        Vcpu backendVcpu,
        Doorbell frontendDoorbell,
        Doorbell backendDoorbell,
        Clock clock) {
    /**
     * Halves of a guest with so much memory.
     *
     * @param frames page frames of the guest
     * @param costs what crossings are charged; the host's half pays as a host does
     * @param timeline where their time comes from
     */
    static Halves of(final int frames, final CrossingCosts costs, final Timeline timeline) {
        final InProcessMemory memory = InProcessMemory.anonymous(frames);
        return new Halves(
                memory,
                new FrameAllocator(memory),
                timeline.processor(Half.GUEST, costs),
                timeline.processor(Half.HOST, costs.ofHost()),
                timeline.doorbell(Half.GUEST),
                timeline.doorbell(Half.HOST),
                timeline.clock());
    }
}
