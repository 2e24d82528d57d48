package io.ringside.perf.scenario;

import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Doorbell;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.ThreadDoorbell;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Where the two halves of a device take their time from: this machine, or a simulation of others.
 *
 * <p>One timeline is for one device. Whoever sets a device up takes clock, processors and doorbells
 * from here and from nowhere else, so that the same halves run on both.
 */
public interface Timeline {
    /**
     * The machine's own time: charges are really waited for, and doorbells wake threads. An exit
     * that another thread answers is not charged for its hand-over: that happens, and takes what it
     * takes here.
     */
    Timeline WALL =
            new Timeline() {
                @Override
                public Clock clock() {
                    return System::nanoTime;
                }

                @Override
                public Vcpu processor(final Half half, final CrossingCosts costs) {
                    return new Vcpu(half.processorName(), costs.withoutHandOver(), clock());
                }

                @Override
                public Doorbell doorbell(final Half half) {
                    return new ThreadDoorbell();
                }
            };

    /** Which of the two. */
    enum Half {
        /** The frontend's. */
        GUEST("guest"),
        /** The backend's. */
        HOST("host");

        private final String processorName;

        Half(final String processorName) {
            this.processorName = processorName;
        }

        /** What traces and reports call its processor. */
        public String processorName() {
            return processorName;
        }
    }

    /** The time, as it passes for whichever half asks. */
    Clock clock();

    /** The processor of a half, charged by {@code costs}. */
    Vcpu processor(Half half, CrossingCosts costs);

    /** What wakes a half. */
    Doorbell doorbell(Half half);

    /**
     * What wakes a half that an exit is handed to, or that waits for its answer: the time that this
     * takes is in the cost of the exit, and must not be taken twice.
     *
     * @param doorbell the half's own
     */
    default Doorbell handOverDoorbell(final Half half, final Doorbell doorbell) {
        return doorbell;
    }

    /**
     * How the guest's half waits in the midst of an exit, until that is answered; null where
     * threads wait as they always do.
     */
    default @Nullable IdleStrategy waitingInGuest() {
        return null;
    }
}
