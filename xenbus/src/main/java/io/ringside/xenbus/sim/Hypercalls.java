package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.protocol.XenErrno;
import io.ringside.xenbus.protocol.hypercall.Hypercall;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The hypercalls of one domain, by number and with their arguments as bytes in its memory: for a
 * guest that brings structs of its own.
 *
 * <p>Addresses are guest-physical. An argument is read once, checked, and written back with its
 * answer. Each call is one hypercall, however many arguments it has and whatever it answers; pages
 * mapped, flushes, copies and kicks are counted beside it. Nothing goes on later: a call is done
 * when it returns.
 *
 * <p>The memory of a simulated domain cannot show another's page at an address: {@link #wrapMapped}
 * shows what the guest would see there.
 *
 * <p>Errors: a negative errno ({@code -EFAULT} for an address that the domain does not have, {@code
 * -ENOSYS} for what there is not, {@code -EINVAL} for a count that cannot be) or the status in an
 * argument; never an exception. {@code GNTTABOP_dump_table} there is not, as in Xen 4.17.
 *
 * <p>Threads: one (the domain's). Source: xen/grant_table.h, xen/event_channel.h.
 */
public final class Hypercalls {
    private final Vcpu vcpu;
    private final GrantMapCalls maps;
    private final GrantTableCalls grants;
    private final EventChannelCalls events;

    /**
     * The hypercalls of a domain; one such object for each domain.
     *
     * @param from32Bits whether arguments have the layout of a 32-bit caller
     */
    public Hypercalls(final Domain domain, final boolean from32Bits) {
        vcpu = domain.vcpu();
        maps = new GrantMapCalls(domain.grantMapper(), vcpu);
        grants = new GrantTableCalls(domain, maps, from32Bits);
        events = new EventChannelCalls(domain);
    }

    /**
     * Any hypercall.
     *
     * @param number a {@link Hypercall}, or any other number
     * @param command which operation
     * @param address of the argument, or of an array of them
     * @param count how many arguments; only grant operations look at it
     * @return 0, or a negative errno
     */
    public int call(final int number, final int command, final long address, final int count) {
        switch (number) {
            case Hypercall.GRANT_TABLE_OP -> {
                return grantTableOp(command, address, count);
            }
            case Hypercall.EVENT_CHANNEL_OP -> {
                return eventChannelOp(command, address);
            }
            default -> {
                vcpu.cross(Crossing.HYPERCALL);
                return -XenErrno.ENOSYS;
            }
        }
    }

    /** {@code grant_table_op}: the command is a {@code GrantTableOp}. */
    public int grantTableOp(final int command, final long address, final int count) {
        return grants.call(command, address, count);
    }

    /** {@code event_channel_op}: the command is an {@code EventChannelOp}. */
    public int eventChannelOp(final int command, final long address) {
        return events.call(command, address);
    }

    /** Lays a view over the page mapped at an address, 4096 bytes; false if none is. */
    public boolean wrapMapped(final UnsafeBuffer view, final long hostAddress) {
        return maps.wrap(view, hostAddress);
    }
}
