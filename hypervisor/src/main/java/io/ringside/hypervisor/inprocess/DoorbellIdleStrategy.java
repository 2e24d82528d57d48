package io.ringside.hypervisor.inprocess;

import org.agrona.concurrent.IdleStrategy;

/**
 * Sleeps behind a doorbell when there is no work, as a real guest halts its processor.
 *
 * <p>The agent around which it stands looks for work once more after each ring, so that the order
 * "write the work, then ring" loses nothing. Whoever stops such an agent calls {@link
 * ThreadDoorbell#keepAwake} first, since an agent that sleeps does not see that it is to stop.
 *
 * <p>Threads: the doorbell's owner, which is the first thread that idles here. Errors: an {@link
 * IllegalStateException} when a second one does.
 */
public final class DoorbellIdleStrategy implements IdleStrategy {
    private final ThreadDoorbell doorbell;
    private long sleeps;

    /** Sleeps behind {@code doorbell}. */
    public DoorbellIdleStrategy(final ThreadDoorbell doorbell) {
        this.doorbell = doorbell;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount <= 0) {
            idle();
        }
    }

    @Override
    public void idle() {
        if (doorbell.sleep()) {
            sleeps++;
        }
    }

    @Override
    public void reset() {
        // A sleep leaves nothing behind: a ring is the doorbell's to remember.
    }

    @Override
    public String alias() {
        return "doorbell";
    }

    /** How often the owner went to sleep, rather than found a ring waiting. */
    public long sleeps() {
        return sleeps;
    }
}
