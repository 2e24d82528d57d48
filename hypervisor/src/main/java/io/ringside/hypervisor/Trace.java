package io.ringside.hypervisor;

/**
 * Where a half tells what it does, one event at a time.
 *
 * <p>The words are constants of the caller, so that an event allocates nothing. A half asks {@link
 * #isOn} first and does no work for a trace that is off.
 *
 * <p>Threads: any.
 */
public interface Trace {
    /** Listens to nothing. */
    Trace OFF =
            new Trace() {
                @Override
                public boolean isOn() {
                    return false;
                }

                @Override
                public void event(
                        final String who, final String what, final long first, final long second) {
                    // Nobody listens.
                }
            };

    /** Whether anybody listens. */
    boolean isOn();

    /**
     * One event.
     *
     * @param who the half, for example {@code blkfront}
     * @param what the event, for example {@code request}
     * @param first its first figure, as documented where the event is raised
     * @param second its second figure
     */
    void event(String who, String what, long first, long second);
}
