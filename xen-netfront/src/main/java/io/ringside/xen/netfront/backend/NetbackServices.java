package io.ringside.xen.netfront.backend;

import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantCopier;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.store.XenStore;

/**
 * What a backend stands on, for all its connections.
 *
 * @param keys a connection to the store of its own, for what it watches besides the other end's
 *     state; closed by the backend
 * @param memory the host's own memory
 * @param frames the frames of that memory: some for each queue of a connection
 * @param mapper maps the frontend's rings
 * @param copier copies to and from the frontend's pages
 * @param events wakes the frontend, and is woken by it
 * @param port the network, driven by this backend alone and closed by its owner
 * @param wakeups how requests are waited for
 * @param trace is told of each {@code transmit} and {@code receive} (bytes, slots)
 */
public record NetbackServices(
        XenStore keys,
        GuestMemory memory,
        FrameAllocator frames,
        GrantMapper mapper,
        GrantCopier copier,
        EventChannels events,
        PacketPort port,
        Wakeups wakeups,
        Trace trace) {}
