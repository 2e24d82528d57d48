package io.ringside.xenbus.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.xenbus.backend.BackendState;
import io.ringside.xenbus.frontend.FrontendState;
import io.ringside.xenbus.protocol.XenbusState;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.TestDomain;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VbdConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class XenbusDeviceTest {
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
    void findsTheOtherEndInItsOwnDirectory() throws XenStoreException {
        final XenbusDevice front = front();
        final XenbusDevice back = back();
        assertThat(front.path()).isEqualTo("/local/domain/3/device/vbd/51712");
        assertThat(front.otherEndPath()).isEqualTo("/local/domain/7/backend/vbd/3/51712");
        assertThat(front.otherEndId()).isEqualTo(7);
        assertThat(back.otherEndPath()).isEqualTo(front.path());
        assertThat(back.otherEndId()).isEqualTo(3);
        assertThat(front.ownState()).isEqualTo(XenbusState.INITIALISING);
        assertThat(back.ownText("mode")).isEqualTo("w");
    }

    @Test
    void refusesADirectoryThatNamesNoOtherEnd() throws XenStoreException {
        dom0.write(OUTSIDE, vbd.frontendPath() + "/backend-id", "32752");
        assertThatThrownBy(this::front).hasMessageStartingWith("EINVAL");
        dom0.write(OUTSIDE, vbd.frontendPath() + "/backend-id", "7x");
        assertThatThrownBy(this::front).hasMessageStartingWith("EINVAL");
        dom0.remove(OUTSIDE, vbd.frontendPath() + "/backend");
        assertThatThrownBy(this::front).hasMessageStartingWith("ENOENT");
    }

    @Test
    void meetsInTheOrderOfABlockDevice() throws XenStoreException {
        final XenbusDevice front = front();
        final XenbusDevice back = back();
        assertThat(front.poll()).as("first look").isTrue();
        assertThat(back.poll()).isTrue();

        final BackendState.InitWait waiting = BackendState.begin().featuresPublished();
        assertThat(back.switchState(waiting.wireState())).isTrue();
        assertThat(front.poll()).isTrue();
        assertThat(front.otherEndState()).isEqualTo(XenbusState.INIT_WAIT);

        final FrontendState.Initialised told = FrontendState.begin().parametersPublished();
        assertThat(front.writeAll(values("ring-ref", "8", "event-channel", "1"))).isTrue();
        assertThat(front.switchState(told.wireState())).isTrue();
        assertThat(back.poll()).isTrue();
        assertThat(back.otherEndState()).isEqualTo(XenbusState.INITIALISED);
        assertThat(back.readInt("ring-ref", XenbusDevice.REFUSED, 100)).isEqualTo(8);

        assertThat(back.switchState(waiting.connected().wireState())).isTrue();
        assertThat(front.poll()).isTrue();
        assertThat(front.otherEndState()).isEqualTo(XenbusState.CONNECTED);
        assertThat(front.switchState(told.connected().wireState())).isTrue();
        assertThat(front.poll()).isFalse();
    }

    @Test
    void takesAwayWhatAnEarlierConnectionToldAsItTellsTheNext() throws XenStoreException {
        final XenbusDevice front = front();
        assertThat(front.writeAll(values("queue-0/ring-ref", "8", "ring-page-order", "1")))
                .isTrue();
        assertThat(
                        front.writeAll(
                                values("ring-ref", "9", "event-channel", "1"),
                                List.of("queue-0", "ring-page-order", "never-there")))
                .isTrue();
        assertThat(front.ownText("queue-0")).isNull();
        assertThat(front.ownText("queue-0/ring-ref")).isNull();
        assertThat(front.ownText("ring-page-order")).isNull();
        assertThat(front.ownText("ring-ref")).isEqualTo("9");
    }

    @Test
    void looksAgainWhenTheSameStateIsToldOnceMore() throws XenStoreException {
        final XenbusDevice front = front();
        final XenbusDevice back = back();
        back.switchState(XenbusState.CONNECTED);
        front.poll();
        back.switchState(XenbusState.CONNECTED);
        assertThat(front.poll()).as("switched to where it is").isFalse();
        assertThat(back.repeatState()).isTrue();
        assertThat(front.poll()).isTrue();
        assertThat(front.otherEndState()).isEqualTo(XenbusState.CONNECTED);
    }

    /** Threats, row 11: whatever the other end writes, there is an answer and no exception. */
    @Test
    void looksAtOtherKeysThatItIsToldToWatch() throws XenStoreException {
        final XenbusDevice front = front();
        assertThat(front.alsoWatch("carrier")).isTrue();
        assertThat(front.poll()).isTrue();
        assertThat(front.poll()).isFalse();

        dom0.write(OUTSIDE, vbd.backendPath() + "/carrier", "0");
        assertThat(front.poll()).isTrue();
        dom0.write(OUTSIDE, vbd.backendPath() + "/other", "0");
        assertThat(front.poll()).isFalse();

        final VbdConfig moved = vbd.withBackendDomain(0);
        toolstack.moveVbd(vbd, moved);
        assertThat(front.poll()).isTrue();
        assertThat(front.otherEndId()).isZero();
        assertThat(front.poll()).as("the watches of the new place").isTrue();
        assertThat(front.poll()).isFalse();
        dom0.write(OUTSIDE, moved.backendPath() + "/carrier", "1");
        assertThat(front.poll()).isTrue();
        dom0.write(OUTSIDE, vbd.backendPath() + "/carrier", "1");
        assertThat(front.poll()).isFalse();
    }

    @Test
    void refusesNumbersThatAreNone() throws XenStoreException {
        final XenbusDevice back = back();
        final XenStore hostile = guest.domain().store();
        final String key = vbd.frontendPath() + "/ring-ref";
        assertThat(back.readInt("ring-ref", 77, 100)).as("absent").isEqualTo(77);
        assertThat(back.refusals()).isZero();
        final List<String> garbage =
                List.of(
                        "",
                        "-1",
                        "+1",
                        " 1",
                        "1 ",
                        "0x10",
                        "1\n",
                        "1\0",
                        "banana",
                        "101",
                        "4294967296",
                        "9999999999999999999999",
                        "\u00ff",
                        "1".repeat(1000));
        for (final String text : garbage) {
            hostile.write(OUTSIDE, key, text);
            assertThat(back.readInt("ring-ref", 77, 100))
                    .as("text=%s", text)
                    .isEqualTo(XenbusDevice.REFUSED);
        }
        assertThat(back.refusals()).isEqualTo(garbage.size());
        hostile.write(OUTSIDE, key, "100");
        assertThat(back.readInt("ring-ref", 77, 100)).isEqualTo(100);
        hostile.write(OUTSIDE, key, "4294967295");
        assertThat(back.readNumber("ring-ref", 0, 0xFFFF_FFFFL)).isEqualTo(0xFFFF_FFFFL);
        hostile.write(OUTSIDE, key, "999999999999999999");
        assertThat(back.readNumber("ring-ref", 0, Long.MAX_VALUE)).isEqualTo(999999999999999999L);
    }

    /** Threats, row 11: a state that does not exist is no state. */
    @Test
    void knowsNoStateThatDoesNotExist() throws XenStoreException {
        final XenbusDevice back = back();
        final XenStore hostile = guest.domain().store();
        for (final String text : List.of("banana", "9", "-4", "", "04x", "4294967300")) {
            hostile.write(OUTSIDE, vbd.frontendPath() + "/state", text);
            assertThat(back.poll()).isTrue();
            assertThat(back.otherEndState()).as(text).isEqualTo(XenbusState.UNKNOWN);
        }
        assertThat(back.refusals()).isEqualTo(6);
        hostile.remove(OUTSIDE, vbd.frontendPath() + "/state");
        assertThat(back.poll()).isTrue();
        assertThat(back.otherEndState()).isEqualTo(XenbusState.UNKNOWN);
        assertThat(back.refusals()).as("absent is not refused").isEqualTo(6);
    }

    /** Threats, row 7: a peer that touches its state without end makes one event wait. */
    @Test
    void seesManyTouchesAsOne() throws XenStoreException {
        final XenbusDevice back = back();
        back.poll();
        final XenStore hostile = guest.domain().store();
        for (int i = 0; i < 10_000; i++) {
            hostile.write(OUTSIDE, vbd.frontendPath() + "/state", Integer.toString(i % 9));
        }
        assertThat(back.poll()).isTrue();
        assertThat(back.poll()).isFalse();
    }

    @Test
    void learnsThatTheOtherEndIsRemoved() throws XenStoreException {
        final XenbusDevice front = front();
        front.poll();
        dom0.remove(OUTSIDE, vbd.backendPath());
        assertThat(front.poll()).isTrue();
        assertThat(front.otherEndState()).isEqualTo(XenbusState.UNKNOWN);
    }

    @Test
    void doesNotMakeARemovedDirectoryAgain() throws XenStoreException {
        final XenStore connection = xen.connectStore(0, () -> {});
        toolstack.removeVbd(vbd);
        final VbdConfig own = new VbdConfig(3, 0, 51712, "disk.img", false);
        toolstack.createVbd(own);
        final XenbusDevice back = XenbusDevice.ofBackend(connection, own.backendPath());
        toolstack.removeVbd(own);
        assertThat(back.switchState(XenbusState.CLOSED)).isFalse();
        assertThat(back.writeAll(values("sectors", "1"))).isFalse();
        assertThat(back.ownState()).isEqualTo(XenbusState.INITIALISING);
        assertThat(dom0.readOrNull(OUTSIDE, own.backendPath())).isNull();
        assertThat(xen.storeServer().transactionCount()).isZero();
    }

    @Test
    void answersNoWhenItsConnectionIsCut() throws XenStoreException {
        final XenbusDevice front = front();
        guest.domain().destroy();
        assertThat(front.switchState(XenbusState.CLOSED)).isFalse();
        assertThat(front.poll()).isFalse();
        assertThat(front.otherEndState()).isEqualTo(XenbusState.UNKNOWN);
        front.close();
    }

    @Test
    void writesAllKeysOrNone() throws XenStoreException {
        final XenbusDevice front = front();
        assertThat(front.writeAll(values("ring-ref", "8", "bad key", "1"))).isFalse();
        assertThat(dom0.readOrNull(OUTSIDE, vbd.frontendPath() + "/ring-ref")).isNull();
        assertThat(xen.storeServer().transactionCount()).isZero();
    }

    @Test
    void givesUpAStoreThatNeverComesToRest() throws XenStoreException {
        final XenbusDevice front =
                XenbusDevice.ofFrontend(
                        new RestlessStore(guest.domain().connectStore(), dom0), vbd.frontendPath());
        assertThat(front.writeAll(values("ring-ref", "8"))).isFalse();
        assertThat(front.switchState(XenbusState.CONNECTED)).isFalse();
        assertThat(xen.storeServer().transactionCount()).isZero();
    }

    /** Threats, row 8: connecting and disconnecting again and again leaves nothing behind. */
    @Test
    void leavesNothingBehindWhenDevicesComeAndGo() throws XenStoreException {
        toolstack.removeVbd(vbd);
        final int nodes = xen.storeServer().nodeCount();
        final int connections = xen.storeServer().connectionCount();
        final int watches = xen.storeServer().watchCount();
        for (int i = 0; i < 100; i++) {
            toolstack.createVbd(vbd);
            final XenbusDevice front = front();
            final XenbusDevice back = back();
            back.switchState(XenbusState.INIT_WAIT);
            front.writeAll(values("ring-ref", "8"));
            front.switchState(XenbusState.INITIALISED);
            toolstack.closeVbd(vbd);
            assertThat(back.ownText("online")).isEqualTo("0");
            front.switchState(XenbusState.CLOSED);
            front.close();
            back.close();
            toolstack.removeVbd(vbd);
        }
        assertThat(xen.storeServer().nodeCount()).isEqualTo(nodes);
        assertThat(xen.storeServer().connectionCount()).isEqualTo(connections);
        assertThat(xen.storeServer().watchCount()).isEqualTo(watches);
        assertThat(xen.storeServer().transactionCount()).isZero();
    }

    private XenbusDevice front() throws XenStoreException {
        return XenbusDevice.ofFrontend(guest.domain().connectStore(), vbd.frontendPath());
    }

    private XenbusDevice back() throws XenStoreException {
        return XenbusDevice.ofBackend(driver.domain().connectStore(), vbd.backendPath());
    }

    private static SequencedMap<String, String> values(final String... keysAndValues) {
        final LinkedHashMap<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return values;
    }
}
