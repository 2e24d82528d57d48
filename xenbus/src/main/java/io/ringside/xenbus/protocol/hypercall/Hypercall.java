package io.ringside.xenbus.protocol.hypercall;

/**
 * Numbers of hypercalls.
 *
 * <p>Source: {@code __HYPERVISOR_*}, xen/xen.h.
 */
public final class Hypercall {
    /** Operations on grants: {@link GrantTableOp}. */
    public static final int GRANT_TABLE_OP = 20;

    /** Operations on event channels: {@link EventChannelOp}. */
    public static final int EVENT_CHANNEL_OP = 32;

    private Hypercall() {}
}
