package io.ringside.hypervisor.inprocess;

import io.ringside.hypervisor.Doorbell;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A doorbell whose owner is a thread of this process.
 *
 * <pre>
 *                 owner: nothing to do
 *         AWAKE ----------------------> ASLEEP
 *         ^   |                            |
 *   owner |   | anybody: ring              | anybody: ring, and unpark the owner
 *         |   v                            |
 *         RUNG &lt;---------------------------+
 * </pre>
 *
 * <p>Every change of the state is one atomic read-modify-write, so that a ring either finds the
 * owner asleep and wakes it, or is found by the owner before it sleeps. What the ringer wrote
 * before it rang is visible to the owner when its sleep has ended. Ringing costs one exchange; the
 * system is entered only if the owner sleeps.
 *
 * <p>Threads: any may ring. The owner is the first thread that sleeps here, by a {@link
 * DoorbellIdleStrategy}; until then rings are remembered.
 */
public final class ThreadDoorbell implements Doorbell {
    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;
    private static final int RUNG = 2;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(ThreadDoorbell.class, "state", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state = AWAKE;

    private volatile boolean keptAwake;

    /** Written before the state says ASLEEP, read after it was found to say so. */
    private @Nullable Thread owner;

    @Override
    public void ring() {
        if ((int) STATE.getAndSet(this, RUNG) == ASLEEP) {
            LockSupport.unpark(owner);
        }
    }

    /**
     * Ends the owner's sleep, and every later one at once: for whoever is about to stop the owner
     * and to wait for its end.
     */
    public void keepAwake() {
        keptAwake = true;
        ring();
    }

    /**
     * Sleeps until rung, or not at all if that has happened since the last sleep. Only for the
     * owner. An interrupt ends the sleep too, and stays pending.
     *
     * @return whether the thread was ready to be parked, rather than found a ring waiting
     */
    boolean sleep() {
        checkOwner();
        if (keptAwake) {
            return false;
        }
        final boolean sleeps = STATE.compareAndSet(this, AWAKE, ASLEEP);
        while (state == ASLEEP && !Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
        // An exchange and not a store: it reads the last ring, and with it all that came before.
        STATE.getAndSet(this, AWAKE);
        return sleeps;
    }

    private void checkOwner() {
        final Thread caller = Thread.currentThread();
        if (owner == null) {
            owner = caller;
        } else if (!owner.equals(caller)) {
            throw new IllegalStateException(
                    "doorbell has another owner: owner="
                            + owner.getName()
                            + " caller="
                            + caller.getName());
        }
    }
}
