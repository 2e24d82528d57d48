package io.ringside.xen.netfront.backend;

import io.ringside.xenbus.event.EventBudget;

/**
 * What all queues of one connection share.
 *
 * <p>Threads: one, the backend's.
 */
final class VifState {
    final NetbackServices services;
    final NetbackOptions options;
    final NetbackCounters counters;
    final int frontendDomain;
    final FrontendKeys keys;
    final EventBudget budget;
    final MulticastFilter multicasts = new MulticastFilter();
    final ReceiveHash hash;

    /** How much may be sent. */
    TransmitCredit credit;

    /** By how many bytes what is received is moved in its page. */
    int headroomBytes;

    /** What time it is, as far as anybody has told. */
    long nowNanos;

    VifState(
            final NetbackServices services,
            final NetbackOptions options,
            final NetbackCounters counters,
            final int frontendDomain,
            final FrontendKeys keys,
            final TransmitCredit credit) {
        this.services = services;
        this.options = options;
        this.counters = counters;
        this.frontendDomain = frontendDomain;
        this.keys = keys;
        this.credit = credit;
        this.headroomBytes = keys.headroomBytes();
        this.budget = new EventBudget(services.events(), options.eventBudget());
        this.hash = new ReceiveHash(keys.queues().size());
        multicasts.activate(keys.multicastControl());
    }
}
