package io.ringside.emulated.tulip.frontend;

import io.ringside.hypervisor.Clock;

/**
 * Asks the PHY for its link from time to time, for the card tells nothing of it: every minute while
 * there is one, every three seconds while there is none.
 *
 * <p>Threads: the vCPU's.
 */
final class LinkWatch {
    private static final long UP_INTERVAL_NANOS = 60_000_000_000L;
    private static final long DOWN_INTERVAL_NANOS = 3_000_000_000L;

    private final PhyReader phy;
    private final Clock clock;
    private int number;
    private boolean isUp;
    private long seenNanos;

    LinkWatch(final PhyReader phy, final Clock clock) {
        this.phy = phy;
        this.clock = clock;
    }

    /** Finds the PHY; false if there is none. */
    boolean find() {
        number = phy.find();
        return number != PhyReader.NONE;
    }

    /** Asks now; whether the link has come or gone. */
    boolean ask() {
        seenNanos = clock.nanoTime();
        final boolean wasUp = isUp;
        isUp = phy.isLinkUp(number);
        return isUp != wasUp;
    }

    /** Whether it is time to ask again. */
    boolean isDue() {
        return clock.nanoTime() - seenNanos >= (isUp ? UP_INTERVAL_NANOS : DOWN_INTERVAL_NANOS);
    }

    /** What the PHY last said. */
    boolean isUp() {
        return isUp;
    }
}
