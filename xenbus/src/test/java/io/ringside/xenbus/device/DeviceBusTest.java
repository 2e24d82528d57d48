package io.ringside.xenbus.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.protocol.XenbusState;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.TestDomain;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VbdConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Devices that are plugged in and unplugged while their domains run. */
class DeviceBusTest implements DeviceBus.Devices {
    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain guest = new TestDomain(xen, 3);
    private final TestDomain driver = new TestDomain(xen, 7);
    private final Toolstack toolstack = new Toolstack(xen.connectStore(0, () -> {}));
    private final VbdConfig vbd = new VbdConfig(3, 7, 51712, "disk.img", false);
    private final List<String> log = new ArrayList<>();

    @Override
    public void appeared(final String path) {
        log.add("+" + path);
    }

    @Override
    public void vanished(final String path) {
        log.add("-" + path);
    }

    @AfterEach
    void endDomains() {
        guest.close();
        driver.close();
    }

    @Test
    void findsDevicesThatArePluggedInWhileItRuns() throws XenStoreException {
        toolstack.createHome(3);
        toolstack.createHome(7);
        final DeviceBus fronts = DeviceBus.ofFrontends(guest.domain().connectStore(), "vbd");
        final DeviceBus backs = DeviceBus.ofBackends(driver.domain().connectStore(), "vbd");
        assertThat(fronts.poll(this) + backs.poll(this)).isZero();
        guest.forgetRings();
        toolstack.createVbd(vbd);
        assertThat(guest.rings()).isPositive();
        assertThat(fronts.poll(this)).isEqualTo(1);
        assertThat(backs.poll(this)).isEqualTo(1);
        assertThat(log).containsExactly("+" + vbd.frontendPath(), "+" + vbd.backendPath());
        assertThat(fronts.poll(this) + backs.poll(this)).isZero();
        toolstack.removeVbd(vbd);
        assertThat(fronts.poll(this) + backs.poll(this)).isEqualTo(2);
        assertThat(log).hasSize(4).endsWith("-" + vbd.frontendPath(), "-" + vbd.backendPath());
        assertThat(fronts.paths()).isEmpty();
    }

    @Test
    void doesNotLookWhenADeviceOnlyWritesItsKeys() throws XenStoreException {
        toolstack.createVbd(vbd);
        final DeviceBus fronts = DeviceBus.ofFrontends(guest.domain().connectStore(), "vbd");
        fronts.poll(this);
        final XenbusDevice front =
                XenbusDevice.ofFrontend(guest.domain().connectStore(), vbd.frontendPath());
        front.switchState(XenbusState.CONNECTED);
        assertThat(fronts.poll(this)).isZero();
        assertThat(log).containsExactly("+" + vbd.frontendPath());
    }

    /** Whatever is plugged and unplugged in whatever order, the bus ends up with what is there. */
    @Test
    void followsAnyOrderOfPluggingAndUnplugging() throws XenStoreException {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final DeviceBus fronts = DeviceBus.ofFrontends(guest.domain().connectStore(), "vbd");
        final DeviceBus backs = DeviceBus.ofBackends(driver.domain().connectStore(), "vbd");
        final TreeSet<String> there = new TreeSet<>();
        final TreeSet<String> backsThere = new TreeSet<>();
        for (int step = 0; step < 1000; step++) {
            final VbdConfig disk =
                    new VbdConfig(3, 7, 51712 + 16 * random.nextInt(6), "disk.img", false);
            if (random.nextBoolean()) {
                toolstack.createVbd(disk);
                there.add(disk.frontendPath());
                backsThere.add(disk.backendPath());
            } else {
                toolstack.removeVbd(disk);
                there.remove(disk.frontendPath());
                backsThere.remove(disk.backendPath());
            }
            if (random.nextInt(3) == 0) {
                fronts.poll(this);
                backs.poll(this);
                assertThat(fronts.paths()).as("%s", seed).containsExactlyElementsOf(there);
                assertThat(backs.paths()).as("%s", seed).containsExactlyElementsOf(backsThere);
            }
        }
        final TreeSet<String> told = new TreeSet<>();
        for (final String line : log) {
            final boolean changed =
                    line.charAt(0) == '+'
                            ? told.add(line.substring(1))
                            : told.remove(line.substring(1));
            assertThat(changed).as("%s %s", seed, line).isTrue();
        }
        final TreeSet<String> last = new TreeSet<>(fronts.paths());
        last.addAll(backs.paths());
        assertThat(told).as("%s", seed).isEqualTo(last);
        fronts.close();
        backs.close();
        assertThat(xen.storeServer().watchCount()).isZero();
    }
}
