package io.ringside.perf.scenario;

import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.Mmio;
import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.trap.RequestPage;
import io.ringside.emulated.trap.RequestServer;
import io.ringside.emulated.trap.StringIo;
import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.DoorbellIdleStrategy;
import io.ringside.hypervisor.inprocess.ThreadDoorbell;
import io.ringside.perf.scenario.Timeline.Half;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * A PC of one processor as its devices see it: memory, ports, registers, interrupt lines; and where
 * its device model runs.
 *
 * <p>In the exit: the processor's thread runs the model, in each exit and between them. Elsewhere:
 * the model has a thread of its own, and the processor waits at each exit until it has answered.
 */
final class EmulatedMachine {
    private static final long SPINS = 10_000; // Then it yields, should both share a processor.

    private final Halves halves;
    private final boolean isElsewhere;
    private final Timeline timeline;
    private final PortIo ports;
    private final Mmio registers;
    private final InterruptController interrupts;
    private @Nullable RequestServer server;
    private @Nullable RequestPage page;
    private long outsideExitsNanos;

    /**
     * A machine without devices.
     *
     * @param frames page frames of the guest
     * @param costs what crossings are charged
     * @param timeline where time comes from
     * @param stringIo how many exits a string instruction takes
     * @param isElsewhere whether the model runs in another thread
     */
    EmulatedMachine(
            final int frames,
            final CrossingCosts costs,
            final Timeline timeline,
            final StringIo stringIo,
            final boolean isElsewhere) {
        halves = Halves.of(frames, costs, timeline);
        this.isElsewhere = isElsewhere;
        this.timeline = timeline;
        final Vcpu guest = halves.frontendVcpu();
        final Clock modelClock = isElsewhere ? null : halves.clock();
        ports = new PortIo(guest, halves.guestMemory(), stringIo, modelClock);
        registers = new Mmio(guest, modelClock);
        interrupts = new InterruptController(guest);
        interrupts.attachTo(ports);
        if (isElsewhere) {
            interrupts.drivenFromElsewhere(halves.backendVcpu(), halves.frontendDoorbell());
        }
    }

    Halves halves() {
        return halves;
    }

    PortIo ports() {
        return ports;
    }

    Mmio registers() {
        return registers;
    }

    InterruptController interrupts() {
        return interrupts;
    }

    /** What wakes the thread that runs the model. */
    Doorbell modelDoorbell() {
        return isElsewhere ? halves.backendDoorbell() : halves.frontendDoorbell();
    }

    /**
     * Puts the model where it is to run, once it is attached.
     *
     * @param model works between exits
     * @param wakeups what the processor does while it waits
     */
    void place(final Agent model, final WakeupMode wakeups) {
        if (!isElsewhere) {
            return;
        }
        final int frame = halves.guestFrames().allocate();
        final RequestServer newServer =
                new RequestServer(
                        halves.guestMemory(),
                        frame,
                        ports,
                        registers,
                        halves.backendVcpu(),
                        timeline.handOverDoorbell(Half.GUEST, halves.frontendDoorbell()),
                        model);
        final RequestPage newPage =
                new RequestPage(
                        halves.guestMemory(),
                        frame,
                        halves.frontendVcpu(),
                        timeline.handOverDoorbell(Half.HOST, halves.backendDoorbell()),
                        halves.frontendDoorbell(),
                        newServer,
                        waiting(wakeups));
        ports.placeBehind(newPage);
        registers.placeBehind(newPage);
        server = newServer;
        page = newPage;
    }

    private IdleStrategy waiting(final WakeupMode wakeups) {
        final IdleStrategy ofTimeline = timeline.waitingInGuest();
        if (ofTimeline != null) {
            return ofTimeline;
        }
        return wakeups == WakeupMode.SLEEP
                        && halves.frontendDoorbell() instanceof ThreadDoorbell doorbell
                ? new DoorbellIdleStrategy(doorbell)
                : new BackoffIdleStrategy(SPINS, Long.MAX_VALUE, 1, 1); // It never parks.
    }

    /** The guest's thread: the driver, and the model where that runs in the exit. */
    Agent frontend(final Agent model, final Agent driver) {
        return isElsewhere ? driver : new InTheExit(model, driver);
    }

    /** The model's thread; null where it has none. */
    @Nullable Agent backend() {
        return server;
    }

    /** Nanoseconds that models have run on the processor's thread. */
    long modelNanos() {
        return ports.modelNanos() + registers.modelNanos() + outsideExitsNanos;
    }

    /** Lets the caller's thread run the model, the model's own having ended. */
    void takeModelBack() throws Exception {
        if (server != null) {
            server.doWork();
        }
    }

    void close() {
        if (page != null) {
            page.close();
        }
        halves.guestMemory().close();
    }

    /** Model and driver on one thread. */
    private final class InTheExit implements Agent {
        private final Agent model;
        private final Agent driver;

        InTheExit(final Agent model, final Agent driver) {
            this.model = model;
            this.driver = driver;
        }

        @Override
        public int doWork() throws Exception {
            final long start = halves.clock().nanoTime();
            final int work = model.doWork();
            if (work > 0) {
                outsideExitsNanos += halves.clock().nanoTime() - start;
            }
            return work + driver.doWork();
        }

        @Override
        public String roleName() {
            return driver.roleName();
        }
    }
}
