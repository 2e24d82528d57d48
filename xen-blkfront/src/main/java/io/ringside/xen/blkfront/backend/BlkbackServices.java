package io.ringside.xen.blkfront.backend;

import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.Trace;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantMapper;

/**
 * What a backend stands on, for all its connections.
 *
 * @param mapper maps the frontend's pages
 * @param events wakes the frontend, and is woken by it
 * @param store the medium
 * @param wakeups how requests are waited for
 * @param trace listens
 * @param counters counts
 * @param options what is offered
 */
record BlkbackServices(
        GrantMapper mapper,
        EventChannels events,
        BlockStore store,
        Wakeups wakeups,
        Trace trace,
        BlkbackCounters counters,
        BlkbackOptions options) {}
