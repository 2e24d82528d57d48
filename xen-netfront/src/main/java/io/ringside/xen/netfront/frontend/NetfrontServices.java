package io.ringside.xen.netfront.frontend;

import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Trace;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.grant.GrantTable;

/**
 * What a frontend stands on, for all its connections.
 *
 * @param memory the guest's memory
 * @param frames where pages of our own are taken from
 * @param grants lends pages
 * @param events wakes the backend, and is woken by it
 * @param vcpu counts what is copied
 * @param wakeups how answers and packets are waited for
 * @param trace is told of each {@code transmit} (id, bytes), {@code transmitted} (id, status) and
 *     {@code receive} (queue, bytes)
 */
public record NetfrontServices(
        GuestMemory memory,
        FrameAllocator frames,
        GrantTable grants,
        EventChannels events,
        Vcpu vcpu,
        Wakeups wakeups,
        Trace trace) {}
