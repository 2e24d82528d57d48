package io.ringside.emulated.ide.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.emulated.ide.IdeMachine;
import io.ringside.emulated.ide.protocol.IdePorts;
import io.ringside.hypervisor.GuestMemory;
import java.util.ArrayList;
import java.util.List;

/** A driver on a machine, stepped by one thread in turn with the disk. */
final class IdeGuest {
    private static final int MAX_STEPS = 1_000_000;

    private final IdeMachine machine;
    private final IdeDriver driver;
    private final List<BlockRequest> completed = new ArrayList<>();

    IdeGuest(final IdeMachine machine, final IdeMode mode, final int queueDepth) {
        this.machine = machine;
        this.driver =
                new IdeDriver(
                        IdePorts.PRIMARY,
                        mode,
                        machine.io(),
                        machine.interrupts(),
                        machine.memory(),
                        machine.frames(),
                        queueDepth,
                        machine.trace());
        driver.completionsTo(completed::add);
    }

    /** A guest whose driver has found its drive. */
    static IdeGuest ready(final IdeMachine machine, final IdeMode mode, final int queueDepth) {
        final IdeGuest guest = new IdeGuest(machine, mode, queueDepth);
        guest.connect();
        return guest;
    }

    void connect() {
        for (int i = 0; i < MAX_STEPS && !driver.isReady() && driver.failure().isEmpty(); i++) {
            step();
        }
        assertThat(driver.failure()).isEmpty();
        assertThat(driver.isReady()).isTrue();
    }

    IdeDriver driver() {
        return driver;
    }

    List<BlockRequest> completed() {
        return completed;
    }

    int step() {
        return driver.doWork() + machine.disk().doWork();
    }

    /** Works until so many requests have completed in all. */
    void runTo(final int count) {
        for (int i = 0; i < MAX_STEPS && completed.size() < count; i++) {
            step();
        }
        assertThat(completed).hasSize(count);
    }

    /** One request from submission to completion. */
    void run(final BlockRequest request) {
        assertThat(driver.submit(request)).isTrue();
        driver.commit();
        runTo(completed.size() + 1);
        assertThat(completed.getLast()).isSameAs(request);
    }

    /** A request over whole frames from {@code firstFrame} on. */
    static BlockRequest request(
            final BlockOperation operation,
            final long sector,
            final int firstFrame,
            final int lengthBytes) {
        final BlockRequest request = new BlockRequest(256).reset(operation, sector);
        for (int offset = 0; offset < lengthBytes; offset += GuestMemory.PAGE_BYTES) {
            request.addSegment(
                    (long) firstFrame * GuestMemory.PAGE_BYTES + offset,
                    Math.min(GuestMemory.PAGE_BYTES, lengthBytes - offset));
        }
        return request;
    }
}
