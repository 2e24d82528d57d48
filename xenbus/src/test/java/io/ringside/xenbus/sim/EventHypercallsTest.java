package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.EventChannelStatus;
import io.ringside.xenbus.protocol.FifoControlBlock;
import io.ringside.xenbus.protocol.FifoEventWord;
import io.ringside.xenbus.protocol.SharedInfo;
import io.ringside.xenbus.protocol.Virq;
import io.ringside.xenbus.protocol.XenErrno;
import io.ringside.xenbus.protocol.hypercall.EventChannelOp;
import io.ringside.xenbus.protocol.hypercall.EvtchnAllocUnbound;
import io.ringside.xenbus.protocol.hypercall.EvtchnBindInterdomain;
import io.ringside.xenbus.protocol.hypercall.EvtchnBindIpi;
import io.ringside.xenbus.protocol.hypercall.EvtchnBindPirq;
import io.ringside.xenbus.protocol.hypercall.EvtchnBindVcpu;
import io.ringside.xenbus.protocol.hypercall.EvtchnBindVirq;
import io.ringside.xenbus.protocol.hypercall.EvtchnExpandArray;
import io.ringside.xenbus.protocol.hypercall.EvtchnInitControl;
import io.ringside.xenbus.protocol.hypercall.EvtchnReset;
import io.ringside.xenbus.protocol.hypercall.EvtchnSend;
import io.ringside.xenbus.protocol.hypercall.EvtchnSetPriority;
import io.ringside.xenbus.protocol.hypercall.EvtchnStatus;
import io.ringside.xenbus.protocol.hypercall.Hypercall;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Event channel operations given as bytes in the caller's memory. */
class EventHypercallsTest {
    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain front = new TestDomain(xen, 3);
    private final TestDomain back = new TestDomain(xen, 7);
    private final Hypercalls hypercalls = new Hypercalls(front.domain(), false);
    private final GuestArguments arguments = new GuestArguments(front);
    private final UnsafeBuffer view = arguments.view();
    private final SharedInfo shared = new SharedInfo(front.page(front.domain().sharedInfoFrame()));

    @AfterEach
    void endDomains() {
        back.close();
        front.close();
    }

    private int call(final int command) {
        final long before = front.count(Crossing.HYPERCALL);
        final int answer =
                hypercalls.call(Hypercall.EVENT_CHANNEL_OP, command, arguments.address(), 0);
        assertThat(front.count(Crossing.HYPERCALL)).isEqualTo(before + 1);
        return answer;
    }

    /** A port as the one argument that is nothing else. */
    private int call(final int command, final int port) {
        new EvtchnSend().wrap(view, 0).port(port);
        return call(command);
    }

    private int allocate(final int remoteDomain) {
        final EvtchnAllocUnbound alloc = new EvtchnAllocUnbound().wrap(view, 0);
        alloc.domain(DomainId.SELF).remoteDomain(remoteDomain).port(0);
        assertThat(call(EventChannelOp.ALLOC_UNBOUND)).isZero();
        return alloc.port();
    }

    private EvtchnStatus status(final int port) {
        final EvtchnStatus status = new EvtchnStatus().wrap(view, 0);
        status.domain(DomainId.SELF).port(port).status(-1).processor(-1).line(0).remotePort(0);
        assertThat(call(EventChannelOp.STATUS)).isZero();
        return status;
    }

    @Test
    void connectsTwoDomainsAndTellsWhatThePortsAre() {
        final int port = allocate(7);
        assertThat(status(port).status()).isEqualTo(EventChannelStatus.UNBOUND);
        assertThat(status(port).remoteDomain()).isEqualTo(7);
        final int theirs = back.domain().eventChannels().bindInterdomain(3, port);
        assertThat(status(port).status()).isEqualTo(EventChannelStatus.INTERDOMAIN);
        assertThat(status(port).remoteDomain()).isEqualTo(7);
        assertThat(status(port).remotePort()).isEqualTo(theirs);
        assertThat(call(EventChannelOp.SEND, port)).isZero();
        assertThat(front.count(Crossing.KICK)).isEqualTo(1);
        assertThat(call(EventChannelOp.CLOSE, port)).isZero();
        assertThat(status(port).status()).isEqualTo(EventChannelStatus.CLOSED);
        assertThat(call(EventChannelOp.CLOSE, port)).isEqualTo(-XenErrno.EINVAL);
        assertThat(call(EventChannelOp.SEND, port)).isEqualTo(-XenErrno.EINVAL);

        final int offered = back.domain().eventChannels().allocUnbound(3);
        final EvtchnBindInterdomain bind = new EvtchnBindInterdomain().wrap(view, 0);
        bind.remoteDomain(7).remotePort(offered).localPort(0);
        assertThat(call(EventChannelOp.BIND_INTERDOMAIN)).isZero();
        assertThat(bind.localPort()).isPositive();
        assertThat(shared.isPendingVolatile(bind.localPort())).as("at once").isTrue();
        bind.localPort(0x55);
        assertThat(call(EventChannelOp.BIND_INTERDOMAIN)).isEqualTo(-XenErrno.EINVAL);
        assertThat(bind.localPort()).as("left alone").isEqualTo(0x55);
        bind.remoteDomain(99);
        assertThat(call(EventChannelOp.BIND_INTERDOMAIN)).isEqualTo(-XenErrno.ESRCH);
    }

    @Test
    void bindsADomainToItself() {
        final int port = allocate(DomainId.SELF);
        final EvtchnBindInterdomain bind = new EvtchnBindInterdomain().wrap(view, 0);
        bind.remoteDomain(DomainId.SELF).remotePort(port);
        assertThat(call(EventChannelOp.BIND_INTERDOMAIN)).isZero();
        final int other = bind.localPort();
        assertThat(status(port).remotePort()).isEqualTo(other);
        assertThat(call(EventChannelOp.SEND, other)).isZero();
        assertThat(shared.isPendingVolatile(port)).isTrue();
    }

    @Test
    void unmasksByAHypercall() {
        final int port = allocate(DomainId.SELF);
        final EvtchnBindInterdomain bind = new EvtchnBindInterdomain().wrap(view, 0);
        bind.remoteDomain(DomainId.SELF).remotePort(port);
        assertThat(call(EventChannelOp.BIND_INTERDOMAIN)).isZero();
        assertThat(call(EventChannelOp.SEND, bind.localPort())).isZero();
        assertThat(shared.isUpcallVolatile(0)).as("masked").isFalse();
        assertThat(call(EventChannelOp.UNMASK, port)).isZero();
        assertThat(shared.isUpcallVolatile(0)).isTrue();
        assertThat(call(EventChannelOp.UNMASK, 500)).as("closed").isZero();
        assertThat(shared.isMaskedVolatile(500)).isTrue();
        for (final int none : new int[] {0, -1, SharedInfo.PORTS, Integer.MIN_VALUE}) {
            assertThat(call(EventChannelOp.UNMASK, none)).isEqualTo(-XenErrno.EINVAL);
        }
    }

    @Test
    void bindsInterruptLines() {
        final EvtchnBindVirq virq = new EvtchnBindVirq().wrap(view, 0);
        virq.virq(Virq.DEBUG).processor(0);
        assertThat(call(EventChannelOp.BIND_VIRQ)).isZero();
        final int port = virq.port();
        assertThat(call(EventChannelOp.BIND_VIRQ)).isEqualTo(-XenErrno.EEXIST);
        virq.virq(24);
        assertThat(call(EventChannelOp.BIND_VIRQ)).isEqualTo(-XenErrno.EINVAL);
        assertThat(status(port).status()).isEqualTo(EventChannelStatus.VIRQ);
        assertThat(status(port).line()).isEqualTo(Virq.DEBUG);
        final EvtchnBindIpi ipi = new EvtchnBindIpi().wrap(view, 0);
        ipi.processor(0);
        assertThat(call(EventChannelOp.BIND_IPI)).isZero();
        final int toSelf = ipi.port();
        assertThat(status(toSelf).status()).isEqualTo(EventChannelStatus.IPI);
        new EvtchnBindPirq().wrap(view, 0).pirq(1).flags(0);
        assertThat(call(EventChannelOp.BIND_PIRQ)).isEqualTo(-XenErrno.EPERM);
        final EvtchnBindVcpu move = new EvtchnBindVcpu().wrap(view, 0);
        move.port(port).processor(0);
        assertThat(call(EventChannelOp.BIND_VCPU)).as("not global").isEqualTo(-XenErrno.EINVAL);
        move.processor(1);
        assertThat(call(EventChannelOp.BIND_VCPU)).isEqualTo(-XenErrno.ENOENT);
    }

    @Test
    void usesFifoInFramesThatTheGuestPlaces() {
        final int port = allocate(7);
        final int theirs = back.domain().eventChannels().bindInterdomain(3, port);
        final EvtchnSetPriority priority = new EvtchnSetPriority().wrap(view, 0);
        priority.port(port).priority(2);
        assertThat(call(EventChannelOp.SET_PRIORITY)).isEqualTo(-XenErrno.ENOSYS);
        final int control = front.frames().allocate();
        final EvtchnInitControl init = new EvtchnInitControl().wrap(view, 0);
        init.controlFrame(1L << 40).offset(64).processor(0).linkBits(0);
        assertThat(call(EventChannelOp.INIT_CONTROL)).isEqualTo(-XenErrno.EINVAL);
        assertThat(init.linkBits()).isZero();
        init.controlFrame(control);
        assertThat(call(EventChannelOp.INIT_CONTROL)).isZero();
        assertThat(init.linkBits()).isEqualTo(FifoEventWord.LINK_BITS);

        priority.port(port).priority(2);
        assertThat(call(EventChannelOp.SET_PRIORITY)).isZero();
        back.domain().eventChannels().send(theirs);
        final int array = front.frames().allocate();
        front.page(array).setMemory(0, 4096, (byte) 0);
        final int frames = front.frames().usedCount();
        final EvtchnExpandArray expand = new EvtchnExpandArray().wrap(view, 0);
        expand.arrayFrame(array);
        assertThat(call(EventChannelOp.EXPAND_ARRAY)).isZero();
        assertThat(front.page(array).getInt(4 * port))
                .as("an event that came before its word")
                .isEqualTo(FifoEventWord.PENDING | FifoEventWord.LINKED);
        final FifoControlBlock block =
                new FifoControlBlock(new UnsafeBuffer(front.page(control), 64, 72));
        assertThat(block.takeReadyVolatile()).isEqualTo(1 << 2);
        assertThat(block.headAcquire(2)).isEqualTo(port);
        for (int i = 0; i < 1023; i++) {
            allocate(7);
        }
        assertThat(front.frames().usedCount()).as("places no words itself").isEqualTo(frames);

        final EvtchnReset reset = new EvtchnReset().wrap(view, 0);
        reset.domain(7);
        assertThat(call(EventChannelOp.RESET)).isEqualTo(-XenErrno.EPERM);
        reset.domain(99);
        assertThat(call(EventChannelOp.RESET)).isEqualTo(-XenErrno.ESRCH);
        reset.domain(DomainId.SELF);
        final long before = front.count(Crossing.HYPERCALL);
        assertThat(hypercalls.eventChannelOp(EventChannelOp.RESET, arguments.address())).isZero();
        assertThat(front.count(Crossing.HYPERCALL)).isEqualTo(before + 1);
        assertThat(front.domain().eventChannels().openPorts()).isZero();
    }

    @Test
    void refusesWhatIsNoCall() {
        for (int command = 0; command <= EventChannelOp.SET_PRIORITY; command++) {
            for (final long address : new long[] {-1, 64 * 4096 - 1, Long.MAX_VALUE}) {
                assertThat(hypercalls.eventChannelOp(command, address))
                        .as("command=%d address=%d", command, address)
                        .isEqualTo(-XenErrno.EFAULT);
            }
        }
        assertThat(call(14)).isEqualTo(-XenErrno.ENOSYS);
        assertThat(call(-1)).isEqualTo(-XenErrno.ENOSYS);
        final EvtchnAllocUnbound alloc = new EvtchnAllocUnbound().wrap(view, 0);
        alloc.domain(7).remoteDomain(7);
        assertThat(call(EventChannelOp.ALLOC_UNBOUND)).isEqualTo(-XenErrno.EPERM);
        alloc.domain(99);
        assertThat(call(EventChannelOp.ALLOC_UNBOUND)).isEqualTo(-XenErrno.ESRCH);
        final EvtchnStatus status = new EvtchnStatus().wrap(view, 0);
        status.domain(7).port(1);
        assertThat(call(EventChannelOp.STATUS)).isEqualTo(-XenErrno.EPERM);
        status.domain(3).port(0);
        assertThat(call(EventChannelOp.STATUS)).isEqualTo(-XenErrno.EINVAL);
    }
}
