package io.ringside.perf.model;

/**
 * What is simulated beside the device and its profile.
 *
 * @param guests how many guests there are, each with a processor of its own
 * @param hostProcessors how many processors the host's halves share; 0 for one each
 * @param guestsShare whether guests run on the host's processors, too
 * @param guestWorkNanos what the guest's own code takes for an operation, above its driver
 * @param hostWorkNanos what the host's own code takes for an operation, behind its driver
 * @param medium how long the medium takes; a disk's
 * @param flushNanosPerProcessor what a TLB flush takes for each further processor of the host
 */
public record ModelSetup(
        int guests,
        int hostProcessors,
        boolean guestsShare,
        long guestWorkNanos,
        long hostWorkNanos,
        MediumTime medium,
        long flushNanosPerProcessor) {
    /** One guest, and nothing but what crossings cost. */
    public static final ModelSetup CROSSINGS_ONLY =
            new ModelSetup(1, 0, false, 0, 0, MediumTime.MEMORY, 0);

    /** Most guests of one run. */
    public static final int MOST_GUESTS = 64;

    /** Refuses what cannot be simulated. */
    public ModelSetup {
        if (guests < 1
                || guests > MOST_GUESTS
                || hostProcessors < 0
                || guestWorkNanos < 0
                || hostWorkNanos < 0
                || flushNanosPerProcessor < 0) {
            throw new IllegalArgumentException(
                    "out of range: guests="
                            + guests
                            + " hostProcessors="
                            + hostProcessors
                            + " guestWorkNanos="
                            + guestWorkNanos
                            + " hostWorkNanos="
                            + hostWorkNanos
                            + " flushNanosPerProcessor="
                            + flushNanosPerProcessor);
        }
    }

    /** The same with so many guests over so many processors of the host. */
    public ModelSetup withGuests(final int newGuests, final int newHostProcessors) {
        return new ModelSetup(
                newGuests,
                newHostProcessors,
                guestsShare,
                guestWorkNanos,
                hostWorkNanos,
                medium,
                flushNanosPerProcessor);
    }

    /** The same where guests and the host's halves share so many processors. */
    public ModelSetup withAllOn(final int processors) {
        return new ModelSetup(
                guests,
                processors,
                true,
                guestWorkNanos,
                hostWorkNanos,
                medium,
                flushNanosPerProcessor);
    }

    /** The same with other work for each operation. */
    public ModelSetup withWork(final long newGuestWorkNanos, final long newHostWorkNanos) {
        return new ModelSetup(
                guests,
                hostProcessors,
                guestsShare,
                newGuestWorkNanos,
                newHostWorkNanos,
                medium,
                flushNanosPerProcessor);
    }

    /** The same with another medium. */
    public ModelSetup withMedium(final MediumTime newMedium) {
        return new ModelSetup(
                guests,
                hostProcessors,
                guestsShare,
                guestWorkNanos,
                hostWorkNanos,
                newMedium,
                flushNanosPerProcessor);
    }

    /** The same where a flush interrupts each further processor. */
    public ModelSetup withFlush(final long newNanosPerProcessor) {
        return new ModelSetup(
                guests,
                hostProcessors,
                guestsShare,
                guestWorkNanos,
                hostWorkNanos,
                medium,
                newNanosPerProcessor);
    }

    /** How many processors the host has. */
    int processorsOfHost() {
        return hostProcessors == 0 ? guests : hostProcessors;
    }
}
