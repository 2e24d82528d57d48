package io.ringside.xen.netfront.frontend;

/**
 * What every part of one frontend has at hand.
 *
 * @param services what it stands on
 * @param options what it makes use of
 * @param counters counts
 */
record Kit(NetfrontServices services, NetfrontOptions options, NetfrontCounters counters) {}
