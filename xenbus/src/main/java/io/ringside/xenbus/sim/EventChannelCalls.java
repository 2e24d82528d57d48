package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Vcpu;
import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.FifoEventWord;
import io.ringside.xenbus.protocol.XenErrno;
import io.ringside.xenbus.protocol.hypercall.EventChannelOp;
import io.ringside.xenbus.protocol.hypercall.EvtchnAllocUnbound;
import io.ringside.xenbus.protocol.hypercall.EvtchnBindInterdomain;
import io.ringside.xenbus.protocol.hypercall.EvtchnBindIpi;
import io.ringside.xenbus.protocol.hypercall.EvtchnBindPirq;
import io.ringside.xenbus.protocol.hypercall.EvtchnBindVcpu;
import io.ringside.xenbus.protocol.hypercall.EvtchnBindVirq;
import io.ringside.xenbus.protocol.hypercall.EvtchnClose;
import io.ringside.xenbus.protocol.hypercall.EvtchnExpandArray;
import io.ringside.xenbus.protocol.hypercall.EvtchnInitControl;
import io.ringside.xenbus.protocol.hypercall.EvtchnReset;
import io.ringside.xenbus.protocol.hypercall.EvtchnSend;
import io.ringside.xenbus.protocol.hypercall.EvtchnSetPriority;
import io.ringside.xenbus.protocol.hypercall.EvtchnStatus;
import io.ringside.xenbus.protocol.hypercall.EvtchnUnmask;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The hypercall {@code event_channel_op} of one domain, with its argument as bytes. Answers are
 * written back only where the operation was done.
 *
 * <p>Threads: one (the domain's).
 */
final class EventChannelCalls {
    private final Domain self;
    private final Vcpu vcpu;
    private final ArgumentCopy arguments;
    private final DomainEventChannels channels;
    private final DomainGrantOperations domains;

    private final EvtchnAllocUnbound allocUnbound = new EvtchnAllocUnbound();
    private final EvtchnBindInterdomain bindInterdomain = new EvtchnBindInterdomain();
    private final EvtchnBindVirq bindVirq = new EvtchnBindVirq();
    private final EvtchnBindPirq bindPirq = new EvtchnBindPirq();
    private final EvtchnBindIpi bindIpi = new EvtchnBindIpi();
    private final EvtchnClose close = new EvtchnClose();
    private final EvtchnSend send = new EvtchnSend();
    private final EvtchnStatus status = new EvtchnStatus();
    private final EvtchnBindVcpu bindVcpu = new EvtchnBindVcpu();
    private final EvtchnUnmask unmask = new EvtchnUnmask();
    private final EvtchnReset reset = new EvtchnReset();
    private final EvtchnInitControl initControl = new EvtchnInitControl();
    private final EvtchnExpandArray expandArray = new EvtchnExpandArray();
    private final EvtchnSetPriority setPriority = new EvtchnSetPriority();

    EventChannelCalls(final Domain domain) {
        self = domain;
        vcpu = domain.vcpu();
        arguments = new ArgumentCopy(domain.memory());
        channels = domain.eventChannels();
        domains = domain.grantOperations();
    }

    /** 0, or a negative errno. */
    int call(final int command, final long address) {
        final int size = sizeBytes(command);
        if (size == 0) {
            return refused(-XenErrno.ENOSYS);
        }
        if (!arguments.exists(address, 1, size)) {
            return refused(-XenErrno.EFAULT);
        }
        final int answer = run(command, arguments.in(address, size));
        if (answer == 0) {
            arguments.out(address, size);
        }
        return answer;
    }

    /** The bytes of an argument; 0 for an operation that there is not. */
    private static int sizeBytes(final int command) {
        return switch (command) {
            case EventChannelOp.BIND_INTERDOMAIN -> EvtchnBindInterdomain.SIZE_BYTES;
            case EventChannelOp.BIND_VIRQ -> EvtchnBindVirq.SIZE_BYTES;
            case EventChannelOp.BIND_PIRQ -> EvtchnBindPirq.SIZE_BYTES;
            case EventChannelOp.CLOSE -> EvtchnClose.SIZE_BYTES;
            case EventChannelOp.SEND -> EvtchnSend.SIZE_BYTES;
            case EventChannelOp.STATUS -> EvtchnStatus.SIZE_BYTES;
            case EventChannelOp.ALLOC_UNBOUND -> EvtchnAllocUnbound.SIZE_BYTES;
            case EventChannelOp.BIND_IPI -> EvtchnBindIpi.SIZE_BYTES;
            case EventChannelOp.BIND_VCPU -> EvtchnBindVcpu.SIZE_BYTES;
            case EventChannelOp.UNMASK -> EvtchnUnmask.SIZE_BYTES;
            case EventChannelOp.RESET -> EvtchnReset.SIZE_BYTES;
            case EventChannelOp.INIT_CONTROL -> EvtchnInitControl.SIZE_BYTES;
            case EventChannelOp.EXPAND_ARRAY -> EvtchnExpandArray.SIZE_BYTES;
            case EventChannelOp.SET_PRIORITY -> EvtchnSetPriority.SIZE_BYTES;
            default -> 0;
        };
    }

    private int run(final int command, final UnsafeBuffer argument) {
        return switch (command) {
            case EventChannelOp.BIND_INTERDOMAIN -> bind(bindInterdomain.wrap(argument, 0));
            case EventChannelOp.BIND_VIRQ -> bind(bindVirq.wrap(argument, 0));
            case EventChannelOp.BIND_PIRQ -> {
                bindPirq.wrap(argument, 0);
                yield channels.bindPirq(bindPirq.pirq(), bindPirq.flags());
            }
            case EventChannelOp.CLOSE -> channels.close(close.wrap(argument, 0).port());
            case EventChannelOp.SEND -> channels.send(send.wrap(argument, 0).port());
            case EventChannelOp.STATUS -> tell(status.wrap(argument, 0));
            case EventChannelOp.ALLOC_UNBOUND -> allocate(allocUnbound.wrap(argument, 0));
            case EventChannelOp.BIND_IPI -> bind(bindIpi.wrap(argument, 0));
            case EventChannelOp.BIND_VCPU -> {
                bindVcpu.wrap(argument, 0);
                yield channels.bindProcessor(bindVcpu.port(), bindVcpu.processor());
            }
            case EventChannelOp.UNMASK ->
                    channels.unmaskByHypercall(unmask.wrap(argument, 0).port());
            case EventChannelOp.RESET -> {
                final int named = domains.checkSelf(reset.wrap(argument, 0).domain());
                yield named != 0 ? refused(named) : channels.reset();
            }
            case EventChannelOp.INIT_CONTROL -> place(initControl.wrap(argument, 0));
            case EventChannelOp.EXPAND_ARRAY ->
                    channels.expandArray(expandArray.wrap(argument, 0).arrayFrame());
            default -> {
                setPriority.wrap(argument, 0);
                yield channels.setPriority(setPriority.port(), setPriority.priority());
            }
        };
    }

    private int allocate(final EvtchnAllocUnbound argument) {
        final int named = domains.checkSelf(argument.domain());
        if (named != 0) {
            return refused(named);
        }
        final int port = channels.allocUnbound(number(argument.remoteDomain()));
        argument.port(port);
        return Math.min(port, 0);
    }

    private int bind(final EvtchnBindInterdomain argument) {
        final int port =
                channels.bindInterdomain(number(argument.remoteDomain()), argument.remotePort());
        argument.localPort(port);
        return Math.min(port, 0);
    }

    private int bind(final EvtchnBindVirq argument) {
        final int port = channels.bindVirq(argument.virq(), argument.processor());
        argument.port(port);
        return Math.min(port, 0);
    }

    private int bind(final EvtchnBindIpi argument) {
        final int port = channels.bindIpi(argument.processor());
        argument.port(port);
        return Math.min(port, 0);
    }

    private int tell(final EvtchnStatus argument) {
        final int named = domains.checkSelf(argument.domain());
        if (named != 0) {
            return refused(named);
        }
        final int kind = channels.status(argument.port());
        if (kind < 0) {
            return kind;
        }
        argument.status(kind).processor(channels.processorOf(argument.port()));
        switch (channels.port(argument.port())) {
            case EventPort.Unbound unbound -> argument.remoteDomain(unbound.remoteDomain());
            case EventPort.Interdomain bound ->
                    argument.remoteDomain(bound.remote().domainId()).remotePort(bound.remotePort());
            case EventPort.VirtualLine line -> argument.line(line.virq());
            case EventPort.Interprocessor toSelf -> {}
            case EventPort.Lost lost -> {}
            case null -> {}
        }
        return 0;
    }

    private int place(final EvtchnInitControl argument) {
        final int answer =
                channels.initControl(
                        argument.controlFrame(), argument.offset(), argument.processor());
        argument.linkBits(FifoEventWord.LINK_BITS);
        return answer;
    }

    private int refused(final int errno) {
        vcpu.cross(Crossing.HYPERCALL);
        return errno;
    }

    private int number(final int domain) {
        return domain == DomainId.SELF ? self.id() : domain;
    }
}
