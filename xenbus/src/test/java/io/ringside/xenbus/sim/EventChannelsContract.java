package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Crossing;
import io.ringside.xenbus.event.EventChannelControl;
import io.ringside.xenbus.event.EventChannels;
import io.ringside.xenbus.protocol.EventChannelStatus;
import io.ringside.xenbus.protocol.XenErrno;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every form of event channels does; each form's test chooses it. */
abstract class EventChannelsContract {
    private static final int FRAMES = 256;

    private final SimulatedXen xen = new SimulatedXen();
    final TestDomain front = new TestDomain(xen, 3, FRAMES);
    final TestDomain back = new TestDomain(xen, 7, FRAMES);
    final EventChannelControl frontChannels = front.domain().eventChannels();
    final EventChannelControl backChannels = back.domain().eventChannels();
    final List<String> log = new ArrayList<>();

    /** Chooses the form, at the beginning of each test. */
    abstract void choose(EventChannelControl channels);

    /** One more than the highest port. */
    abstract int portLimit();

    @BeforeEach
    void chooseForm() {
        choose(frontChannels);
        choose(backChannels);
    }

    @AfterEach
    void endDomains() {
        front.close();
        back.close();
    }

    @Test
    void bindsOnlyThePortThatWaitsForTheBinder() {
        final int port = frontChannels.allocUnbound(7);
        assertThat(port).isPositive();
        assertThat(frontChannels.status(port)).isEqualTo(EventChannelStatus.UNBOUND);
        final TestDomain stranger = new TestDomain(xen, 9);
        final EventChannels strange = stranger.domain().eventChannels();
        assertThat(strange.bindInterdomain(3, port)).isEqualTo(-XenErrno.EINVAL);
        assertThat(strange.bindInterdomain(3, port + 1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(strange.bindInterdomain(3, 0)).isEqualTo(-XenErrno.EINVAL);
        assertThat(strange.bindInterdomain(3, -1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(strange.bindInterdomain(3, portLimit())).isEqualTo(-XenErrno.EINVAL);
        assertThat(strange.bindInterdomain(44, port)).isEqualTo(-XenErrno.ESRCH);
        assertThat(strange.openPorts()).isZero();
        final int bound = backChannels.bindInterdomain(3, port);
        assertThat(bound).isPositive();
        assertThat(backChannels.status(bound)).isEqualTo(EventChannelStatus.INTERDOMAIN);
        assertThat(frontChannels.status(port)).isEqualTo(EventChannelStatus.INTERDOMAIN);
        assertThat(backChannels.bindInterdomain(3, port)).isEqualTo(-XenErrno.EINVAL);
        stranger.close();
    }

    @Test
    void makesThePortPendingRightAfterBinding() {
        final int port = frontChannels.allocUnbound(7);
        assertThat(frontChannels.send(port)).as("to nobody").isZero();
        final int bound = backChannels.bindInterdomain(3, port);
        backChannels.handler(bound, () -> log.add("back"));
        assertThat(backChannels.isUpcallPending()).isTrue();
        assertThat(backChannels.dispatch()).isEqualTo(1);
        assertThat(log).containsExactly("back");
        assertThat(frontChannels.isUpcallPending()).isFalse();
    }

    @Test
    void wakesThePeerOnceForManySends() {
        final int port = connect();
        for (int i = 0; i < 5; i++) {
            assertThat(frontChannels.send(port)).isZero();
        }
        assertThat(back.rings()).isEqualTo(1);
        assertThat(backChannels.dispatch()).isEqualTo(1);
        assertThat(backChannels.dispatch()).isZero();
        frontChannels.send(port);
        assertThat(back.rings()).isEqualTo(2);
        assertThat(log).containsExactly("back");
    }

    @Test
    void countsKicksAtTheSenderAndInterruptsAtTheTarget() {
        final int port = connect();
        final long before = front.count(Crossing.HYPERCALL);
        final long interrupts = back.count(Crossing.UPCALL);
        frontChannels.send(port);
        frontChannels.send(port);
        assertThat(front.count(Crossing.HYPERCALL) - before).isEqualTo(2);
        assertThat(front.count(Crossing.KICK)).isEqualTo(2);
        assertThat(back.count(Crossing.UPCALL)).isEqualTo(interrupts);
        backChannels.dispatch();
        backChannels.dispatch();
        assertThat(back.count(Crossing.UPCALL)).isEqualTo(interrupts + 1);
        assertThat(back.count(Crossing.KICK)).isZero();
    }

    @Test
    void sendsInBothDirections() {
        final int port = frontChannels.allocUnbound(7);
        final int bound = backChannels.bindInterdomain(3, port);
        frontChannels.handler(port, () -> log.add("front"));
        backChannels.send(bound);
        assertThat(front.rings()).isEqualTo(1);
        assertThat(frontChannels.dispatch()).isEqualTo(1);
        assertThat(log).containsExactly("front");
    }

    @Test
    void keepsAnEventUntilThereIsAHandler() {
        final int port = frontChannels.allocUnbound(7);
        final int bound = backChannels.bindInterdomain(3, port);
        assertThat(backChannels.dispatch()).isZero();
        frontChannels.send(port);
        assertThat(back.rings()).isZero();
        backChannels.handler(bound, () -> log.add("back"));
        assertThat(back.rings()).isEqualTo(1);
        assertThat(backChannels.dispatch()).isEqualTo(1);
    }

    @Test
    void keepsAnEventOfAPortUnmaskedWithoutAHandler() {
        final int port = frontChannels.allocUnbound(7);
        final int bound = backChannels.bindInterdomain(3, port);
        backChannels.unmask(bound);
        assertThat(backChannels.dispatch()).isZero();
        backChannels.handler(bound, () -> log.add("back"));
        assertThat(backChannels.dispatch()).isEqualTo(1);
    }

    @Test
    void keepsBackWhatIsMaskedAndDeliversItWhenUnmasked() {
        final int port = connect();
        final int bound = 1;
        backChannels.mask(bound);
        frontChannels.send(port);
        assertThat(backChannels.isUpcallPending()).isFalse();
        assertThat(back.rings()).isZero();
        backChannels.unmask(bound);
        assertThat(back.rings()).isEqualTo(1);
        assertThat(backChannels.dispatch()).isEqualTo(1);
        backChannels.unmask(bound);
        assertThat(backChannels.dispatch()).as("unmasked twice").isZero();
    }

    @Test
    void doesNotRingWhereUpcallsAreMasked() {
        final int port = connect();
        back.page(back.domain().sharedInfoFrame()).putByte(1, (byte) 1);
        frontChannels.send(port);
        assertThat(back.rings()).isZero();
        assertThat(backChannels.isUpcallPending()).isTrue();
    }

    @Test
    void leavesThePeerWaitingForTheDomainThatClosed() {
        final int port = frontChannels.allocUnbound(7);
        final int bound = backChannels.bindInterdomain(3, port);
        assertThat(backChannels.close(bound)).isZero();
        assertThat(frontChannels.status(port)).isEqualTo(EventChannelStatus.UNBOUND);
        assertThat(backChannels.status(bound)).isEqualTo(EventChannelStatus.CLOSED);
        assertThat(frontChannels.send(port)).isZero();
        assertThat(backChannels.send(bound)).isEqualTo(-XenErrno.EINVAL);
        assertThat(backChannels.close(bound)).isEqualTo(-XenErrno.EINVAL);
        assertThat(backChannels.bindInterdomain(3, port)).isPositive();
    }

    @Test
    void answersForPortsThatDoNotExist() {
        for (final int port : new int[] {0, -1, portLimit(), 17}) {
            assertThat(frontChannels.send(port)).isEqualTo(-XenErrno.EINVAL);
            assertThat(frontChannels.close(port)).isEqualTo(-XenErrno.EINVAL);
            assertThatThrownBy(() -> frontChannels.handler(port, () -> {}))
                    .hasMessageContaining("port=" + port);
        }
        assertThat(frontChannels.status(0)).isEqualTo(-XenErrno.EINVAL);
        assertThat(front.count(Crossing.KICK)).isZero();
    }

    @Test
    void handsOutEveryPortOnceAndThenNone() {
        for (int i = 1; i < portLimit(); i++) {
            assertThat(frontChannels.allocUnbound(7)).isEqualTo(i);
        }
        assertThat(frontChannels.allocUnbound(7)).isEqualTo(-XenErrno.ENOSPC);
        assertThat(frontChannels.openPorts()).isEqualTo(portLimit() - 1);
        frontChannels.close(2000);
        assertThat(frontChannels.allocUnbound(7)).isEqualTo(2000);
    }

    @Test
    void forgetsAnEventOfAPortThatWasClosed() {
        final int port = frontChannels.allocUnbound(7);
        final int bound = backChannels.bindInterdomain(3, port);
        frontChannels.handler(port, () -> log.add("old"));
        backChannels.send(bound);
        frontChannels.close(port);
        assertThat(frontChannels.allocUnbound(7)).isEqualTo(port);
        frontChannels.handler(port, () -> log.add("new"));
        frontChannels.dispatch();
        assertThat(log).isEmpty();
    }

    @Test
    void letsHandlersSendAndClose() {
        final int first = frontChannels.allocUnbound(7);
        final int second = frontChannels.allocUnbound(7);
        final int firstBack = backChannels.bindInterdomain(3, first);
        final int secondBack = backChannels.bindInterdomain(3, second);
        frontChannels.handler(
                first,
                () -> {
                    log.add("first");
                    frontChannels.send(first);
                    frontChannels.close(second);
                });
        frontChannels.handler(second, () -> log.add("second"));
        backChannels.send(firstBack);
        backChannels.send(secondBack);
        assertThat(frontChannels.dispatch()).isEqualTo(1);
        assertThat(log).containsExactly("first");
        assertThat(frontChannels.openPorts()).isEqualTo(1);
    }

    /** Threats, row 13: a handler that is kicked while it runs is run once a dispatch, not on. */
    @Test
    void runsEachHandlerOnceADispatchHoweverOftenItIsKicked() {
        final int port = frontChannels.allocUnbound(7);
        final int bound = backChannels.bindInterdomain(3, port);
        frontChannels.handler(
                port,
                () -> {
                    log.add("front");
                    backChannels.send(bound);
                });
        backChannels.send(bound);
        assertThat(frontChannels.dispatch()).isEqualTo(1);
        assertThat(frontChannels.isUpcallPending()).isTrue();
        assertThat(frontChannels.dispatch()).isEqualTo(1);
        assertThat(log).hasSize(2);
    }

    @Test
    void masksAPortFromWithinAHandlerOfTheSameRound() {
        final int first = frontChannels.allocUnbound(7);
        final int second = frontChannels.allocUnbound(7);
        final int firstBack = backChannels.bindInterdomain(3, first);
        final int secondBack = backChannels.bindInterdomain(3, second);
        frontChannels.handler(first, () -> frontChannels.mask(second));
        frontChannels.handler(second, () -> log.add("second"));
        backChannels.send(firstBack);
        backChannels.send(secondBack);
        frontChannels.dispatch();
        assertThat(log).isEmpty();
        frontChannels.unmask(second);
        frontChannels.dispatch();
        assertThat(log).containsExactly("second");
    }

    @Test
    void closesThePortsOfADomainThatIsGone() {
        final int port = frontChannels.allocUnbound(7);
        backChannels.bindInterdomain(3, port);
        back.domain().destroy();
        assertThat(backChannels.openPorts()).isZero();
        assertThat(frontChannels.status(port)).isEqualTo(EventChannelStatus.UNBOUND);
        assertThat(frontChannels.send(port)).isZero();
    }

    /** One channel from front to back, both handlers set and nothing pending. */
    int connect() {
        final int port = frontChannels.allocUnbound(7);
        final int bound = backChannels.bindInterdomain(3, port);
        backChannels.handler(bound, () -> log.add("back"));
        backChannels.dispatch();
        log.clear();
        back.forgetRings();
        return port;
    }
}
