package io.ringside.xenbus.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.xenbus.backend.BackendState;
import io.ringside.xenbus.backend.BackendStep;
import io.ringside.xenbus.frontend.FrontendState;
import io.ringside.xenbus.frontend.FrontendStep;
import io.ringside.xenbus.protocol.XenbusState;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.TestDomain;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VbdConfig;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device whose ends come and go while the other one runs. */
class XenbusDeviceLifeTest {
    private static final int OUTSIDE = XenStore.NO_TRANSACTION;

    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain guest = new TestDomain(xen, 3);
    private final TestDomain driver = new TestDomain(xen, 7);
    private final XenStore dom0 = xen.connectStore(0, () -> {});
    private final Toolstack toolstack = new Toolstack(dom0);
    private final VbdConfig vbd = new VbdConfig(3, 7, 51712, "disk.img", false);

    @BeforeEach
    void makeDevice() throws XenStoreException {
        toolstack.createVbd(vbd);
    }

    @AfterEach
    void endDomains() {
        guest.close();
        driver.close();
    }

    @Test
    void staysTheSameWhileNobodyIsNamedAnew() throws XenStoreException {
        final XenbusDevice front = front();
        final XenbusDevice back = back();
        for (int round = 0; round < 3; round++) {
            front.poll();
            back.poll();
            back.switchState(XenbusState.INIT_WAIT + round);
            front.switchState(XenbusState.INITIALISED + round);
        }
        toolstack.closeVbd(vbd);
        assertThat(back.poll()).isTrue();
        assertThat(front.incarnation()).isEqualTo(1);
        assertThat(back.incarnation()).isEqualTo(1);
        assertThat(front.isPresent()).isTrue();
        assertThat(back.isOnline()).isFalse();
    }

    @Test
    void followsTheBackendToAnotherDomain() throws XenStoreException {
        final XenbusDevice front = front();
        front.poll();
        front.switchState(XenbusState.CONNECTED);
        driver.domain().destroy();
        assertThat(front.poll()).isTrue();
        assertThat(front.otherEndState()).isEqualTo(XenbusState.UNKNOWN);

        try (TestDomain second = new TestDomain(xen, 9)) {
            final VbdConfig moved = vbd.withBackendDomain(9);
            toolstack.moveVbd(vbd, moved);
            final XenbusDevice back =
                    XenbusDevice.ofBackend(second.domain().connectStore(), moved.backendPath());
            back.switchState(XenbusState.INIT_WAIT);
            assertThat(front.poll()).isTrue();
            assertThat(front.incarnation()).isEqualTo(2);
            assertThat(front.otherEndId()).isEqualTo(9);
            assertThat(front.otherEndPath()).isEqualTo(moved.backendPath());
            assertThat(front.otherEndState()).isEqualTo(XenbusState.INIT_WAIT);
            assertThat(front.ownState()).isEqualTo(XenbusState.INITIALISING);
            assertThat(back.otherEndState()).isEqualTo(XenbusState.INITIALISING);

            back.switchState(XenbusState.CONNECTED);
            assertThat(front.poll()).as("watches the new one").isTrue();
            assertThat(front.incarnation()).isEqualTo(2);
            assertThat(dom0.readOrNull(OUTSIDE, vbd.backendPath())).isNull();
        }
    }

    @Test
    void noticesABackendThatBeginsAnewInTheSamePlace() throws XenStoreException {
        final XenbusDevice front = front();
        front.poll();
        front.switchState(XenbusState.CONNECTED);
        toolstack.moveVbd(vbd, vbd);
        assertThat(front.poll()).isTrue();
        assertThat(front.incarnation()).isEqualTo(2);
        assertThat(front.ownState()).isEqualTo(XenbusState.INITIALISING);
        assertThatThrownBy(
                        () -> toolstack.moveVbd(vbd, new VbdConfig(3, 7, 51728, "disk.img", false)))
                .hasMessageContaining("virtualDevice=51728");
    }

    @Test
    void givesTheBackendTheNextIncarnationOfItsFrontend() throws XenStoreException {
        final XenbusDevice back = back();
        back.poll();
        back.switchState(XenbusState.INIT_WAIT);
        back.switchState(XenbusState.CONNECTED);
        guest.domain().destroy();
        assertThat(back.poll()).isTrue();
        assertThat(back.otherEndState()).isEqualTo(XenbusState.UNKNOWN);
        assertThat(back.isOnline()).isTrue();
        back.switchState(XenbusState.CLOSED);

        try (TestDomain next = new TestDomain(xen, 3)) {
            toolstack.createVbd(vbd);
            assertThat(back.poll()).isTrue();
            assertThat(back.incarnation()).isEqualTo(2);
            assertThat(back.ownState()).isEqualTo(XenbusState.INITIALISING);
            assertThat(back.otherEndState()).isEqualTo(XenbusState.INITIALISING);
            assertThat(back.switchState(XenbusState.INIT_WAIT)).isTrue();
            final XenbusDevice front =
                    XenbusDevice.ofFrontend(next.domain().connectStore(), vbd.frontendPath());
            assertThat(front.otherEndState()).isEqualTo(XenbusState.INIT_WAIT);
            front.switchState(XenbusState.INITIALISED);
            assertThat(back.poll()).isTrue();
            assertThat(back.incarnation()).isEqualTo(2);
        }
    }

    /** Threats, row 22: a directory that goes in any state. */
    @Test
    void noticesThatItIsUnpluggedByForceAndPluggedInAgain() throws XenStoreException {
        final XenbusDevice front = front();
        front.poll();
        toolstack.removeVbd(vbd);
        assertThat(front.poll()).isTrue();
        assertThat(front.isPresent()).isFalse();
        assertThat(front.switchState(XenbusState.CLOSED)).isFalse();
        assertThat(front.isOnline()).isFalse();
        assertThat(front.incarnation()).isEqualTo(1);
        toolstack.createVbd(vbd);
        assertThat(front.poll()).isTrue();
        assertThat(front.isPresent()).isTrue();
        assertThat(front.incarnation()).isEqualTo(2);
    }

    @Test
    void comesBackFromASuspendUnderAnotherNumber() throws XenStoreException {
        final XenbusDevice front = front();
        front.poll();
        front.switchState(XenbusState.CONNECTED);
        guest.domain().suspend();
        assertThat(front.switchState(XenbusState.CLOSED)).isFalse();
        toolstack.removeVbd(vbd);
        toolstack.removeHome(3);
        guest.domain().resume(4);
        final VbdConfig resumed = vbd.withFrontendDomain(4);
        assertThatThrownBy(() -> front.renew(guest.domain().connectStore(), resumed.frontendPath()))
                .isInstanceOf(XenStoreException.class);
        assertThat(front.incarnation()).as("nothing has changed").isEqualTo(1);
        assertThat(front.path()).isEqualTo(vbd.frontendPath());

        toolstack.createVbd(resumed);
        front.renew(guest.domain().connectStore(), resumed.frontendPath());
        assertThat(front.incarnation()).isEqualTo(2);
        assertThat(front.path()).isEqualTo("/local/domain/4/device/vbd/51712");
        assertThat(front.otherEndPath()).isEqualTo("/local/domain/7/backend/vbd/4/51712");
        assertThat(front.ownState()).isEqualTo(XenbusState.INITIALISING);
        assertThat(front.poll()).isTrue();
        assertThat(front.poll()).isFalse();
        assertThat(front.incarnation()).isEqualTo(2);
        final XenbusDevice back =
                XenbusDevice.ofBackend(driver.domain().connectStore(), resumed.backendPath());
        back.switchState(XenbusState.INIT_WAIT);
        assertThat(front.poll()).isTrue();
        assertThat(front.switchState(XenbusState.INITIALISED)).isTrue();
        assertThat(back.otherEndState()).isEqualTo(XenbusState.INITIALISED);
    }

    /** Threats, row 11: a directory that names nobody is refused, and the device stays. */
    @Test
    void refusesToFollowWhereNobodyCanBe() throws XenStoreException {
        final XenbusDevice front = front();
        front.poll();
        for (final String id : List.of("32752", "4294967303", "x", "", "-7")) {
            dom0.write(OUTSIDE, vbd.frontendPath() + "/backend-id", id);
            dom0.write(OUTSIDE, vbd.frontendPath() + "/backend", "/local/domain/7/elsewhere");
            assertThat(front.poll()).as(id).isFalse();
        }
        assertThat(front.refusals()).isEqualTo(5);
        assertThat(front.otherEndId()).isEqualTo(7);
        assertThat(front.otherEndPath()).isEqualTo(vbd.backendPath());
        assertThat(front.incarnation()).isEqualTo(1);
    }

    @Test
    void countsWhatTheOtherEndMayNotTell() throws XenStoreException {
        final XenbusDevice front = front();
        final XenbusDevice back = back();
        final String frontKey = vbd.frontendPath() + "/state";
        final String backKey = vbd.backendPath() + "/state";
        final FrontendState.Connected ours =
                FrontendState.begin().parametersPublished().connected();
        final List<String> told = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "x");
        for (final String state : told) {
            dom0.write(OUTSIDE, backKey, state);
            dom0.write(OUTSIDE, frontKey, state);
            front.step(ours);
            back.step(BackendState.begin().featuresPublished());
        }
        assertThat(front.refusals()).as("0 as text, 3, 7, 9, x").isEqualTo(5);
        assertThat(back.refusals()).as("0 as text, 2, 7, 8, 9, x").isEqualTo(6);
        dom0.remove(OUTSIDE, backKey);
        assertThat(front.step(ours)).isEqualTo(FrontendStep.LOST);
        dom0.write(OUTSIDE, frontKey, "3");
        assertThat(back.step(BackendState.begin().featuresPublished()))
                .isEqualTo(BackendStep.CONNECT);
    }

    /** The way of a network device whose headroom is changed, on both sides. */
    @Test
    void walksThroughReconfiguringAndBack() throws XenStoreException {
        final XenbusDevice front = front();
        final XenbusDevice back = back();
        FrontendState.Connected ours = FrontendState.begin().connected();
        final BackendState.InitWait waiting = BackendState.begin().featuresPublished();
        back.switchState(waiting.wireState());
        front.switchState(ours.wireState());
        assertThat(front.step(ours)).isEqualTo(FrontendStep.WAIT);
        assertThat(back.step(waiting)).isEqualTo(BackendStep.CONNECT);
        BackendState.Connected theirs = waiting.connected();
        back.switchState(theirs.wireState());
        assertThat(front.step(ours)).isEqualTo(FrontendStep.CONNECT);
        assertThat(back.step(theirs)).isEqualTo(BackendStep.CONFIRM);
        ours = ours.backendConnected();
        theirs = theirs.frontendConnected();

        final FrontendState.Reconfiguring changing = ours.reconfiguring();
        front.switchState(changing.wireState());
        assertThat(front.step(changing)).isEqualTo(FrontendStep.WAIT);
        assertThat(back.step(theirs)).isEqualTo(BackendStep.RECONFIGURE);
        final BackendState.Reconfigured taken = theirs.reconfigured();
        back.switchState(taken.wireState());
        assertThat(back.step(taken)).isEqualTo(BackendStep.WAIT);
        assertThat(front.step(changing)).isEqualTo(FrontendStep.GO_ON);
        ours = changing.reconfigured();
        front.switchState(ours.wireState());
        assertThat(front.step(ours)).isEqualTo(FrontendStep.WAIT);
        assertThat(back.step(taken)).isEqualTo(BackendStep.GO_ON);
        back.switchState(taken.connected().wireState());
        assertThat(front.step(ours)).isEqualTo(FrontendStep.LOOK_AGAIN);
        assertThat(front.refusals() + back.refusals()).isZero();
    }

    /** A backend that connects just then must not undo what the toolstack asks for. */
    @Test
    void leavesTheToolstacksWordStandingUntilItCloses() throws XenStoreException {
        final XenbusDevice front = front();
        leavesTheToolstacksWordStanding(front, back(), false);
        toolstack.createVbd(vbd);
        toolstack.closeVbd(vbd);
        leavesTheToolstacksWordStanding(front, back(), true);
    }

    private void leavesTheToolstacksWordStanding(
            final XenbusDevice front, final XenbusDevice back, final boolean closedBefore)
            throws XenStoreException {
        if (!closedBefore) {
            toolstack.closeVbd(vbd);
        }
        assertThat(back.switchState(XenbusState.INIT_WAIT)).isTrue();
        assertThat(back.switchState(XenbusState.CONNECTED)).isTrue();
        assertThat(back.repeatState()).isTrue();
        assertThat(front.otherEndState()).isEqualTo(XenbusState.CLOSING);
        assertThat(toolstack.removeClosedVbd(vbd)).isFalse();
        assertThat(back.switchState(XenbusState.CLOSED)).isTrue();
        assertThat(front.otherEndState()).isEqualTo(XenbusState.CLOSED);
        assertThat(toolstack.removeClosedVbd(vbd)).isTrue();
        assertThat(dom0.readOrNull(OUTSIDE, vbd.frontendPath())).isNull();
        assertThat(back.switchState(XenbusState.INIT_WAIT)).isFalse();
    }

    @Test
    void removesStaleKeysWithTheOnesItWrites() throws XenStoreException {
        final XenbusDevice front = front();
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        keys.put("ring-ref", "8");
        front.writeAll(keys);
        keys.clear();
        keys.put("queue-0/ring-ref", "9");
        assertThat(front.writeAll(keys, List.of("ring-ref", "absent"))).isTrue();
        assertThat(front.ownText("ring-ref")).isNull();
        assertThat(front.ownText("queue-0/ring-ref")).isEqualTo("9");
    }

    @Test
    void leavesNoWatchBehindWhereverItHasFollowed() throws XenStoreException {
        final int watches = xen.storeServer().watchCount();
        final XenbusDevice front = front();
        final int own = xen.storeServer().watchCount() - watches;
        try (TestDomain second = new TestDomain(xen, 9)) {
            for (int round = 0; round < 50; round++) {
                final VbdConfig there = vbd.withBackendDomain(9);
                toolstack.moveVbd(vbd, there);
                front.poll();
                toolstack.moveVbd(there, vbd);
                front.poll();
                assertThat(xen.storeServer().watchCount()).isEqualTo(watches + own);
            }
            assertThat(front.incarnation()).isEqualTo(101);
            assertThat(second.domain().id()).isEqualTo(9);
        }
        front.close();
        assertThat(xen.storeServer().watchCount()).isEqualTo(watches);
    }

    private XenbusDevice front() throws XenStoreException {
        return XenbusDevice.ofFrontend(guest.domain().connectStore(), vbd.frontendPath());
    }

    private XenbusDevice back() throws XenStoreException {
        return XenbusDevice.ofBackend(driver.domain().connectStore(), vbd.backendPath());
    }
}
