package io.ringside.xenbus.toolstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.WireFacts;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.TestDomain;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ToolstackTest {
    private static final int OUTSIDE = XenStore.NO_TRANSACTION;

    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain guest = new TestDomain(xen, 3);
    private final TestDomain driver = new TestDomain(xen, 7);
    private final XenStore dom0 = xen.connectStore(0, () -> {});
    private final Toolstack toolstack = new Toolstack(dom0);
    private final VbdConfig vbd = new VbdConfig(3, 7, 51712, "disk.img", true);

    @AfterEach
    void endDomains() {
        guest.close();
        driver.close();
    }

    @Test
    void putsTheDirectoriesWhereTheWireFactsSay() {
        final WireFacts facts = WireFacts.load("xen-blkif");
        assertThat(facts.value("xenstoreKeys", "frontendDir").toString())
                .isEqualTo(
                        vbd.frontendPath()
                                .replace("/3/", "/<domid>/")
                                .replace("/51712", "/<virtual-device>"));
        assertThat(facts.value("xenstoreKeys", "backendDir").toString())
                .isEqualTo(
                        vbd.backendPath()
                                .replace("/domain/7/", "/domain/<backend domid>/")
                                .replace("/3/", "/<domid>/")
                                .replace("/51712", "/<virtual-device>"));
    }

    @Test
    void writesBothDirectoriesInTheirOrder() throws XenStoreException {
        toolstack.createVbd(vbd);
        assertThat(listing(vbd.frontendPath()))
                .containsExactly(
                        "backend=" + vbd.backendPath(),
                        "backend-id=7",
                        "state=1",
                        "handle=51712",
                        "virtual-device=51712",
                        "device-type=disk");
        assertThat(listing(vbd.backendPath()))
                .containsExactly(
                        "frontend=" + vbd.frontendPath(),
                        "params=disk.img",
                        "frontend-id=3",
                        "online=1",
                        "state=1",
                        "handle=51712",
                        "mode=r",
                        "device-type=disk");
    }

    @Test
    void makesMovesAndRemovesANetworkDevice() throws XenStoreException {
        final WireFacts facts = WireFacts.load("xen-netif");
        final VifConfig plain = new VifConfig(3, 7, 2, "00:16:3e:00:00:01");
        assertThat(facts.value("xenstoreKeys", "frontendDir").toString())
                .isEqualTo(plain.frontendPath().replace("/3/", "/<domid>/").replace("/2", "/<n>"));
        assertThat(facts.value("xenstoreKeys", "backendDir").toString())
                .isEqualTo(
                        plain.backendPath()
                                .replace("/domain/7/", "/domain/<backend domid>/")
                                .replace("/3/2", "/<domid>/<n>"));
        toolstack.createVif(plain);
        assertThat(listing(plain.frontendPath()))
                .containsExactly(
                        "backend=" + plain.backendPath(),
                        "backend-id=7",
                        "state=1",
                        "handle=2",
                        "trusted=1",
                        "mac=00:16:3e:00:00:01",
                        "mtu=1500");
        final VifConfig vif =
                plain.withMtuBytes(9000)
                        .withTrusted(false)
                        .withRate("1000,50")
                        .withScript("vif-bridge", "xenbr0");
        toolstack.createVif(vif);
        assertThat(listing(vif.frontendPath())).contains("trusted=0", "mtu=9000");
        assertThat(listing(vif.backendPath()))
                .containsExactly(
                        "frontend=" + vif.frontendPath(),
                        "frontend-id=3",
                        "online=1",
                        "state=1",
                        "script=vif-bridge",
                        "mac=00:16:3e:00:00:01",
                        "rate=1000,50",
                        "bridge=xenbr0",
                        "handle=2",
                        "mtu=9000");
        final VifConfig moved = vif.withBackendDomain(0);
        toolstack.moveVif(vif, moved);
        assertThat(listing(moved.frontendPath())).contains("backend-id=0");
        assertThat(toolstack.removeClosedVif(moved)).isFalse();
        toolstack.closeVif(moved);
        assertThat(listing(moved.backendPath())).contains("online=0", "state=5");
        toolstack.removeVif(moved);
        assertThat(dom0.readOrNull(OUTSIDE, moved.backendPath())).isNull();
        assertThat(dom0.readOrNull(OUTSIDE, moved.frontendPath())).isNull();
    }

    @Test
    void letsEachEndWriteItsOwnDirectoryAndReadTheOther() throws XenStoreException {
        toolstack.createVbd(vbd);
        final XenStore front = guest.domain().store();
        final XenStore back = driver.domain().store();
        assertThat(dom0.permissions(OUTSIDE, vbd.frontendPath())).containsExactly("n3", "r7");
        assertThat(dom0.permissions(OUTSIDE, vbd.backendPath())).containsExactly("n7", "r3");
        front.write(OUTSIDE, "device/vbd/51712/state", "3");
        assertThat(back.read(OUTSIDE, vbd.frontendPath() + "/state")).isEqualTo("3");
        back.write(OUTSIDE, "backend/vbd/3/51712/state", "2");
        assertThat(front.read(OUTSIDE, vbd.backendPath() + "/state")).isEqualTo("2");
        assertRefused("EACCES", () -> front.write(OUTSIDE, vbd.backendPath() + "/state", "6"));
        assertRefused("EACCES", () -> back.write(OUTSIDE, vbd.frontendPath() + "/state", "6"));
        assertRefused("EACCES", () -> front.write(OUTSIDE, "device/vbd/1/state", "6"));
        assertThat(back.directory(OUTSIDE, "backend/vbd/3")).containsExactly("51712");
    }

    @Test
    void showsBothDirectoriesAtOnce() throws XenStoreException {
        toolstack.createHome(7);
        toolstack.createHome(3);
        final XenStore watcher = xen.connectStore(0, () -> {});
        watcher.watch("/local/domain", "token");
        watcher.pollWatchEvent();
        toolstack.createVbd(vbd);
        XenStore.WatchEvent event = watcher.pollWatchEvent();
        assertThat(event).isNotNull();
        while (event != null) {
            assertThat(watcher.read(OUTSIDE, vbd.backendPath() + "/mode")).isEqualTo("r");
            event = watcher.pollWatchEvent();
        }
    }

    @Test
    void removesADeviceAndTheDirectoriesItLeavesEmpty() throws XenStoreException {
        toolstack.createHome(3);
        toolstack.createHome(7);
        final int nodes = xen.storeServer().nodeCount();
        final VbdConfig second = new VbdConfig(3, 7, 51728, "other.img", false);
        toolstack.createVbd(vbd);
        toolstack.createVbd(second);
        toolstack.removeVbd(vbd);
        assertThat(dom0.read(OUTSIDE, second.backendPath() + "/mode")).isEqualTo("w");
        assertThat(dom0.readOrNull(OUTSIDE, vbd.frontendPath())).isNull();
        toolstack.removeVbd(second);
        toolstack.removeVbd(second);
        assertThat(xen.storeServer().nodeCount()).isEqualTo(nodes);
    }

    @Test
    void asksTheBackendToStop() throws XenStoreException {
        toolstack.createVbd(vbd);
        toolstack.closeVbd(vbd);
        assertThat(dom0.read(OUTSIDE, vbd.backendPath() + "/online")).isEqualTo("0");
        assertThat(dom0.read(OUTSIDE, vbd.backendPath() + "/state")).isEqualTo("5");
    }

    @Test
    void removesTheHomeOfADomainThatIsGone() throws XenStoreException {
        final int nodes = xen.storeServer().nodeCount();
        toolstack.createVbd(vbd);
        guest.domain().destroy();
        assertThat(dom0.readOrNull(OUTSIDE, vbd.frontendPath())).isNull();
        toolstack.removeVbd(vbd);
        toolstack.removeHome(3);
        toolstack.removeHome(7);
        toolstack.removeHome(7);
        dom0.remove(OUTSIDE, "/local");
        assertThat(xen.storeServer().nodeCount()).isEqualTo(nodes);
    }

    @Test
    void leavesNoTransactionOpenWhenTheStoreRefuses() throws XenStoreException {
        final Toolstack unprivileged = new Toolstack(guest.domain().connectStore());
        assertRefused("EACCES", () -> unprivileged.createVbd(vbd));
        assertThat(xen.storeServer().transactionCount()).isZero();
    }

    private List<String> listing(final String path) throws XenStoreException {
        final List<String> lines = new ArrayList<>();
        for (final String key : dom0.directory(OUTSIDE, path)) {
            lines.add(key + "=" + dom0.read(OUTSIDE, path + "/" + key));
        }
        return lines;
    }

    private static void assertRefused(final String error, final ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        XenStoreException.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
