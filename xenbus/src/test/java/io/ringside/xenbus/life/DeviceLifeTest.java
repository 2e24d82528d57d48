package io.ringside.xenbus.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.sim.ResourceCount;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.TestDomain;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VbdConfig;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Threats, rows 8 and 22: devices that are plugged, unplugged, moved, suspended and killed at any
 * moment of their handshake come up again, and leave nothing behind.
 */
class DeviceLifeTest {
    private static final int ROUNDS = 1000;
    private static final int GUEST = 3;
    private static final int[] HOSTS = {7, 9};

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final SimulatedXen xen = new SimulatedXen();
    private final Toolstack toolstack = new Toolstack(xen.connectStore(0, () -> {}));
    private final TestDomain[] hosts = new TestDomain[HOSTS.length];
    private TestDomain guest = new TestDomain(xen, GUEST);
    private VbdConfig vbd = new VbdConfig(GUEST, HOSTS[0], 51712, "disk.img", false);
    private PlainFrontend front;
    private PlainBackend back;
    private int refused;

    /** What may happen to a device. */
    private enum Fate {
        UNPLUGGED_IN_GOOD_ORDER,
        UNPLUGGED_BY_FORCE,
        GUEST_DIES,
        HOST_DIES,
        HOST_IS_REPLACED,
        GUEST_IS_SUSPENDED,
        FRONTEND_BEGINS_ANEW,
        RECONFIGURED
    }

    @BeforeEach
    void makeHosts() throws XenStoreException {
        toolstack.createHome(GUEST);
        for (int i = 0; i < HOSTS.length; i++) {
            hosts[i] = new TestDomain(xen, HOSTS[i]);
            toolstack.createHome(HOSTS[i]);
        }
        toolstack.createVbd(vbd);
        front = newFront();
        back = newBack();
    }

    @AfterEach
    void endDomains() {
        guest.close();
        for (final TestDomain host : hosts) {
            host.close();
        }
    }

    @Test
    void leavesNothingBehindWhateverBecomesOfADevice() throws XenStoreException {
        unplug();
        final ResourceCount atFirst = ResourceCount.of(xen);
        final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        for (int round = 0; round < ROUNDS; round++) {
            plugIn();
            stepSome();
            final Fate fate = Fate.values()[random.nextInt(Fate.values().length)];
            fates.merge(fate, 1, Integer::sum);
            meet(fate);
            stepSome();
            if (random.nextInt(4) == 0) {
                meet(Fate.values()[random.nextInt(Fate.values().length)]);
            }
            settle();
            assertThat(front.isConnected()).as("%s round=%d %s", seed, round, fate).isTrue();
            unplug();
            assertThat(ResourceCount.of(xen).renumbered(guest.domain().id(), GUEST))
                    .as("%s round=%d %s", seed, round, fate)
                    .isEqualTo(atFirst);
        }
        assertThat(fates).as("%s", seed).hasSize(Fate.values().length);
        assertThat(refused).as("%s: nobody told what it may not", seed).isZero();
    }

    private void meet(final Fate fate) throws XenStoreException {
        switch (fate) {
            case UNPLUGGED_IN_GOOD_ORDER -> {
                toolstack.closeVbd(vbd);
                for (int i = 0; !toolstack.removeClosedVbd(vbd); i++) {
                    assertThat(i).as("%s never closed", seed).isLessThan(100);
                    step();
                }
                endBoth();
                plugIn();
            }
            case UNPLUGGED_BY_FORCE -> {
                toolstack.removeVbd(vbd);
                stepSome();
                if (random.nextBoolean()) {
                    toolstack.createVbd(vbd);
                } else {
                    endBoth();
                    plugIn();
                }
            }
            case GUEST_DIES -> killGuest();
            case HOST_DIES -> killHost();
            case HOST_IS_REPLACED -> moveTo(otherHost());
            case GUEST_IS_SUSPENDED -> suspend();
            case FRONTEND_BEGINS_ANEW -> front.beginAnew();
            case RECONFIGURED -> front.reconfigure();
        }
    }

    private void killGuest() throws XenStoreException {
        final int id = guest.domain().id();
        guest.domain().destroy();
        forget(front.device());
        for (int i = 0; guest.domain().foreignMappings() != 0; i++) {
            assertThat(i).as("%s mapped for good", seed).isLessThan(100);
            back.work();
        }
        guest.close();
        toolstack.removeHome(id);
        guest = new TestDomain(xen, id);
        toolstack.createHome(id);
        toolstack.createVbd(vbd);
        front = newFront();
    }

    private void killHost() throws XenStoreException {
        final int dying = vbd.backendDomain() == HOSTS[0] ? 0 : 1;
        forget(back.device());
        hosts[dying].close();
        toolstack.removeHome(HOSTS[dying]);
        hosts[dying] = new TestDomain(xen, HOSTS[dying]);
        toolstack.createHome(HOSTS[dying]);
        for (int i = random.nextInt(3); i > 0; i--) {
            front.work();
        }
        takeOver(random.nextBoolean() ? vbd : vbd.withBackendDomain(otherHost()));
    }

    /** The first backend ends when it learns that its directory is gone, be it late. */
    private void moveTo(final int host) throws XenStoreException {
        final PlainBackend before = back;
        takeOver(vbd.withBackendDomain(host));
        stepSome();
        before.work();
        forget(before.device());
        before.end();
    }

    private void takeOver(final VbdConfig next) throws XenStoreException {
        toolstack.moveVbd(vbd, next);
        vbd = next;
        back = newBack();
    }

    private void suspend() throws XenStoreException {
        final int before = guest.domain().id();
        guest.domain().suspend();
        toolstack.removeVbd(vbd);
        toolstack.removeHome(before);
        for (int i = 0; guest.domain().foreignMappings() != 0; i++) {
            assertThat(i).as("%s mapped for good", seed).isLessThan(100);
            back.work();
        }
        forget(back.device());
        back.end();
        guest.domain().resume(random.nextBoolean() ? before : before == 3 ? 4 : 3);
        toolstack.createHome(guest.domain().id());
        vbd = vbd.withFrontendDomain(guest.domain().id());
        toolstack.createVbd(vbd);
        front.device().renew(guest.domain().connectStore(), vbd.frontendPath());
        back = newBack();
    }

    private void plugIn() throws XenStoreException {
        toolstack.createVbd(vbd);
        front = newFront();
        back = newBack();
    }

    private void unplug() throws XenStoreException {
        toolstack.removeVbd(vbd);
        if (random.nextBoolean()) {
            step();
        }
        endBoth();
        assertThat(front.keptCount()).as("%s", seed).isZero();
    }

    private void endBoth() {
        forget(back.device());
        forget(front.device());
        back.end();
        front.end();
    }

    private void forget(final XenbusDevice device) {
        refused += (int) device.refusals();
    }

    private PlainFrontend newFront() throws XenStoreException {
        return new PlainFrontend(
                guest.domain(),
                XenbusDevice.ofFrontend(guest.domain().connectStore(), vbd.frontendPath()));
    }

    private PlainBackend newBack() throws XenStoreException {
        final TestDomain host = hosts[vbd.backendDomain() == HOSTS[0] ? 0 : 1];
        return new PlainBackend(
                host.domain(),
                XenbusDevice.ofBackend(host.domain().connectStore(), vbd.backendPath()));
    }

    private int otherHost() {
        return vbd.backendDomain() == HOSTS[0] ? HOSTS[1] : HOSTS[0];
    }

    private void stepSome() {
        for (int i = random.nextInt(12); i > 0; i--) {
            step();
        }
    }

    private void step() {
        if (random.nextBoolean()) {
            front.work();
        } else {
            back.work();
        }
    }

    private void settle() {
        for (int i = 0; i < 20; i++) {
            front.work();
            back.work();
        }
    }
}
