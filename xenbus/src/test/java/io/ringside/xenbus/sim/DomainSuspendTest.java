package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import io.ringside.xenbus.protocol.EventChannelStatus;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.XenErrno;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a domain keeps and what it loses when it is suspended and comes back. */
class DomainSuspendTest {
    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain guest = new TestDomain(xen, 3, 256);
    private final TestDomain host = new TestDomain(xen, 7, 256);
    private final Domain domain = guest.domain();
    private final DomainEventChannels events = domain.eventChannels();
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void endDomains() {
        guest.close();
        host.close();
    }

    @Test
    void keepsItsMemoryAndItsFrames() {
        final int frame = guest.frames().allocate();
        guest.page(frame).putLong(8, 0x1122334455667788L);
        final int used = guest.frames().usedCount();
        domain.suspend();
        domain.resume(4);
        assertThat(guest.page(frame).getLong(8)).isEqualTo(0x1122334455667788L);
        assertThat(guest.frames().usedCount()).isEqualTo(used);
    }

    @Test
    void isNobodyWhileItIsSuspended() throws XenStoreException {
        new Toolstack(xen.connectStore(0, () -> {})).createHome(3);
        final int frame = guest.frames().allocate();
        final int reference = domain.grantTable().grantAccess(7, frame, false);
        final int port = events.allocUnbound(7);
        final int bound = host.domain().eventChannels().bindInterdomain(3, port);
        final XenStore connection = domain.connectStore();
        connection.write(XenStore.NO_TRANSACTION, "data/key", "value");
        domain.suspend();
        assertThat(domain.isSuspended()).isTrue();
        assertThat(host.domain().grantMapper().mapRing(3, reference))
                .isEqualTo(new RingMapping.Refused(reference, GnttabStatus.BAD_DOMAIN));
        assertThat(host.domain().eventChannels().bindInterdomain(3, port))
                .isEqualTo(-XenErrno.ESRCH);
        assertThat(host.domain().eventChannels().status(bound))
                .isEqualTo(EventChannelStatus.UNBOUND);
        assertThat(connection.readOrNull(XenStore.NO_TRANSACTION, "data/key")).isNull();
        assertThat(xen.storeServer().isIntroduced(3)).isFalse();
        new TestDomain(xen, 3).close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void lendsNothingUntilItLendsAnew(final int version) {
        assertThat(domain.grantTable().setVersion(version)).isZero();
        final int frame = guest.frames().allocate();
        final int old = domain.grantTable().grantAccess(7, frame, false);
        domain.suspend();
        domain.resume(4);
        assertThat(domain.grantTable().version()).isEqualTo(version);
        assertThat(host.domain().grantMapper().mapRing(4, old))
                .isInstanceOf(RingMapping.Refused.class);
        final int fresh = domain.grantTable().grantAccess(7, frame, false);
        assertThat(fresh).as("the old one is still out").isNotEqualTo(old);
        assertThat(domain.grantTable().endAccess(old)).isTrue();
        final RingMapping mapped = host.domain().grantMapper().mapRing(4, fresh);
        assertThat(domain.grantTable().endAccess(fresh)).isFalse();
        ((RingMapping.Mapped) mapped).unmap().run();
        assertThat(domain.grantTable().endAccess(fresh)).isTrue();
        assertThat(domain.grantTable().usedCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesEveryPortUntilItsOwnerClosesIt(final boolean fifo) {
        if (fifo) {
            assertThat(events.useFifo()).isZero();
        }
        final int port = events.allocUnbound(7);
        final int bound = host.domain().eventChannels().bindInterdomain(3, port);
        events.handler(port, () -> log.add("old"));
        host.domain().eventChannels().send(bound);
        domain.suspend();
        domain.resume(4);
        assertThat(events.dispatch()).as("what came before is gone").isZero();
        assertThat(events.status(port)).isEqualTo(EventChannelStatus.CLOSED);
        assertThat(events.send(port)).isEqualTo(-XenErrno.EINVAL);
        assertThat(host.domain().eventChannels().bindInterdomain(4, port))
                .isEqualTo(-XenErrno.EINVAL);

        final int fresh = events.allocUnbound(7);
        assertThat(fresh).as("nobody else gets the old number").isNotEqualTo(port);
        assertThat(events.close(port)).isZero();
        assertThat(events.close(port)).isEqualTo(-XenErrno.EINVAL);
        final int again = host.domain().eventChannels().bindInterdomain(4, fresh);
        events.handler(fresh, () -> log.add("new"));
        host.domain().eventChannels().send(again);
        assertThat(events.dispatch()).isEqualTo(1);
        assertThat(log).containsExactly("new");
        assertThat(events.setPriority(fresh, 3)).isEqualTo(fifo ? 0 : -XenErrno.ENOSYS);
        events.close(fresh);
        assertThat(events.openPorts()).isZero();
    }

    @Test
    void speaksUnderItsNewNumber() {
        domain.suspend();
        domain.resume(4);
        final int offered = host.domain().eventChannels().allocUnbound(4);
        final int old = host.domain().eventChannels().allocUnbound(3);
        assertThat(domain.id()).isEqualTo(4);
        assertThat(domain.store().domainId()).isEqualTo(4);
        assertThat(events.bindInterdomain(7, old)).isEqualTo(-XenErrno.EINVAL);
        assertThat(events.bindInterdomain(7, offered)).isPositive();
        final int frame = host.frames().allocate();
        final int lent = host.domain().grantTable().grantAccess(4, frame, true);
        assertThat(host.domain().grantTable().grantAccess(3, frame, true)).isPositive();
        assertThat(domain.grantMapper().mapRing(7, lent)).isInstanceOf(RingMapping.Refused.class);
        final int whole = host.domain().grantTable().grantAccess(4, frame, false);
        final RingMapping mapped = domain.grantMapper().mapRing(7, whole);
        assertThat(mapped).isInstanceOf(RingMapping.Mapped.class);
        ((RingMapping.Mapped) mapped).unmap().run();
    }

    @Test
    void waitsUntilNobodyUsesItsMemoryOfBefore() {
        final int reference = domain.grantTable().grantAccess(7, guest.frames().allocate(), false);
        final RingMapping mapped = host.domain().grantMapper().mapRing(3, reference);
        domain.suspend();
        assertThat(domain.foreignMappings()).isEqualTo(1);
        assertThatThrownBy(() -> domain.resume(3)).hasMessageContaining("foreignMappings=1");
        ((RingMapping.Mapped) mapped).unmap().run();
        domain.resume(3);
        assertThat(domain.grantTable().endAccess(reference)).isTrue();
    }

    /** A backend that goes on serving answers into a memory that is gone. */
    @Test
    void doesNotSeeWhatOthersWriteWhileItIsSuspended() {
        final int frame = guest.frames().allocate();
        guest.page(frame).putInt(0, 1);
        final int reference = domain.grantTable().grantAccess(7, frame, false);
        final RingMapping mapped = host.domain().grantMapper().mapRing(3, reference);
        ((RingMapping.Mapped) mapped).pages().buffer().putInt(0, 2);
        domain.suspend();
        ((RingMapping.Mapped) mapped).pages().buffer().putInt(0, 3);
        ((RingMapping.Mapped) mapped).unmap().run();
        domain.resume(3);
        assertThat(guest.page(frame).getInt(0)).isEqualTo(2);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> domain.resume(4)).hasMessageContaining("suspended=false");
        domain.suspend();
        assertThatThrownBy(domain::suspend).hasMessageContaining("suspended=true");
        assertThatThrownBy(() -> domain.resume(7)).hasMessageContaining("id=7");
        assertThatThrownBy(() -> domain.resume(-1)).hasMessageContaining("id=-1");
        domain.resume(4);
        final int lent = host.domain().grantTable().grantAccess(4, host.frames().allocate(), false);
        domain.grantMapper().mapRing(7, lent);
        assertThatThrownBy(domain::suspend).hasMessageContaining("mapped=1");
        try (TestDomain zero = new TestDomain(xen, 0)) {
            assertThatThrownBy(() -> zero.domain().suspend()).hasMessageContaining("domain=0");
        }
    }

    /** Threats, row 22: an end before the resume. */
    @Test
    void givesEverythingBackWhenItIsDestroyedWhileSuspended() {
        final int connections = xen.storeServer().connectionCount() - 1;
        events.allocUnbound(7);
        domain.suspend();
        final TestDomain next = new TestDomain(xen, 3);
        domain.destroy();
        assertThat(guest.frames().usedCount()).isZero();
        assertThat(events.openPorts()).isZero();
        assertThat(xen.storeServer().connectionCount()).isEqualTo(connections + 1);
        assertThat(xen.storeServer().isIntroduced(3)).as("the next one's").isTrue();
        next.close();
    }
}
