package io.ringside.emulated.nic.frontend;

import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;

/**
 * Nobody listens yet. What is received stays lent: a device without a workload drops what comes
 * once its memory is out.
 */
public final class NoCompletions implements NetCompletions {
    @Override
    public void transmitted(final NetFrame frame) {
        // Before a workload has come, nothing was submitted.
    }

    @Override
    public void received(final int queue, final NetFrame frame) {
        // Stays lent.
    }

    @Override
    public void linkChanged() {
        // Asked for when wanted.
    }
}
