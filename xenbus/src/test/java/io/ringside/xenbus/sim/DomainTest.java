package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import org.junit.jupiter.api.Test;

class DomainTest {
    private final SimulatedXen xen = new SimulatedXen();

    @Test
    void refusesNumbersThatAreTakenOrReserved() {
        try (TestDomain domain = new TestDomain(xen, 3)) {
            assertThat(domain.domain().id()).isEqualTo(3);
            assertThatThrownBy(() -> new TestDomain(xen, 3)).hasMessageContaining("id=3");
        }
        assertThatThrownBy(() -> new TestDomain(xen, 0x7FF0)).hasMessageContaining("id=32752");
        assertThatThrownBy(() -> new TestDomain(xen, -1)).hasMessageContaining("id=-1");
        assertThatThrownBy(() -> new XenLimits(0, 1)).hasMessageContaining("grantFrames=0");
    }

    @Test
    void givesEverythingBackWhenItIsDestroyed() {
        final int connections = xen.storeServer().connectionCount();
        final TestDomain domain = new TestDomain(xen, 3);
        assertThat(domain.frames().usedCount()).isEqualTo(2);
        domain.domain().connectStore();
        domain.domain().eventChannels().allocUnbound(7);
        domain.domain().destroy();
        domain.domain().destroy();
        assertThat(domain.frames().usedCount()).isZero();
        assertThat(domain.domain().eventChannels().openPorts()).isZero();
        assertThat(xen.storeServer().connectionCount()).isEqualTo(connections);
        domain.close();
        new TestDomain(xen, 3).close();
    }

    /** Nothing is special about domain 0 but its rights in the store, which outlive it. */
    @Test
    void leavesTheToolsConnectedWhenDomainZeroGoes() throws XenStoreException {
        final XenStore tools = xen.connectStore(0, () -> {});
        final TestDomain zero = new TestDomain(xen, 0);
        final XenStore driver = zero.domain().connectStore();
        driver.write(XenStore.NO_TRANSACTION, "/node", "value");
        zero.close();
        assertThat(driver.readOrNull(XenStore.NO_TRANSACTION, "/node")).isNull();
        assertThat(tools.read(XenStore.NO_TRANSACTION, "/node")).isEqualTo("value");
        assertThat(xen.storeServer().connectionCount()).isEqualTo(1);
    }
}
