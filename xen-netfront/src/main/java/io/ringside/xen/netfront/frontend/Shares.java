package io.ringside.xen.netfront.frontend;

import io.ringside.xenbus.grant.GrantQuarantine;
import org.jspecify.annotations.Nullable;

/**
 * All rings and ports of one connection.
 *
 * @param queues one for each queue
 * @param control those of the control ring, if there is one
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Shares(QueueShare[] queues, @Nullable ControlShare control) {
    /** Nothing. */
    static final Shares NONE = new Shares(new QueueShare[0], null);

    /** Takes what two ends have agreed on. */
    static Shares of(
            final NetfrontServices services, final int backendDomain, final NetAgreement agreed) {
        final QueueShare[] queues = new QueueShare[agreed.queues()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new QueueShare(services, backendDomain, agreed.splitEventChannels());
        }
        return new Shares(
                queues, agreed.controlRing() ? new ControlShare(services, backendDomain) : null);
    }

    /** Whether there was enough of everything. */
    boolean areWhole() {
        boolean whole = control == null || control.isWhole();
        for (final QueueShare queue : queues) {
            whole &= queue.isWhole();
        }
        return whole;
    }

    /** Takes all of it back; a page that the backend has mapped goes to its quarantine. */
    void close(final GrantQuarantine quarantine) {
        if (control != null) {
            control.close(quarantine);
        }
        for (final QueueShare queue : queues) {
            queue.close(quarantine);
        }
    }
}
