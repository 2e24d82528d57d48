package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.Trace;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackRefusal;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.sim.Domain;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VbdConfig;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row 24 (XSA-417), and rows 8 and 22: guests that die with requests under way, and others that
 * come under their number. One backend serves them all, keeps of the dead what its store still
 * works on, and nothing for longer.
 */
final class BlkGuestDeathTest {
    private static final int LIVES = 40;
    private static final int DISK_SECTORS = 600;
    private static final int GUEST = 3;
    private static final int GUEST_FRAMES = 4096;
    private static final int HOST = 7;
    private static final int HOST_FRAMES = 16;
    private static final int PATIENCE = 2000;

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final SimulatedXen xen = new SimulatedXen();
    private final Toolstack toolstack = new Toolstack(xen.connectStore(0, () -> {}));
    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final MoodyStore store = new MoodyStore(disk, random.split(), 0);
    private final TestDomain host = new TestDomain(xen, HOST, HOST_FRAMES);
    private final VbdConfig vbd = new VbdConfig(GUEST, HOST, TestBench.DISK, "ram", false);

    @AfterEach
    void endHost() {
        host.close();
        disk.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void servesTheNextGuestWhileItsStoreStillHoldsPagesOfTheLast(final boolean everyFeature)
            throws XenStoreException {
        toolstack.createHome(HOST);
        TestDomain guest = new TestDomain(xen, GUEST, GUEST_FRAMES);
        toolstack.createVbd(vbd);
        final Blkback back = newBack();
        int diedWithPagesMapped = 0;
        for (int life = 0; life < LIVES; life++) {
            final Blkfront front = newFront(guest, everyFeature);
            final RandomWorkload work =
                    new RandomWorkload(
                            guest, front, DISK_SECTORS, random.split(), seed + " " + life, false);
            for (int i = 0; !front.isReady(); i++) {
                assertThat(i).as("%s life=%d", seed, life).isLessThan(PATIENCE);
                step(guest, front);
                step(back);
            }
            work.startFrom(disk); // All of the last guest's has come to rest.
            for (int i = random.nextInt(300); i > 0; i--) {
                switch (random.nextInt(3)) {
                    case 0 -> work.step();
                    case 1 -> step(guest, front);
                    default -> step(back);
                }
            }

            guest.domain().destroy();
            final TestDomain next = new TestDomain(xen, GUEST, GUEST_FRAMES);
            if (random.nextBoolean()) {
                toolstack.removeVbd(vbd);
                step(back);
            }
            toolstack.createVbd(vbd);
            diedWithPagesMapped += store.heldCount() != 0 ? 1 : 0;
            for (int i = 0; guest.domain().foreignMappings() != 0; i++) {
                assertThat(i).as("%s life=%d", seed, life).isLessThan(PATIENCE);
                step(back);
            }
            guest.close(); // Its memory goes: nobody may have a page of it.
            guest = next;
        }
        assertThat(diedWithPagesMapped).as("%s", seed).isGreaterThan(LIVES / 4);
        assertThat(back.counters().connections()).as("%s", seed).isEqualTo(LIVES);
        assertThat(back.counters().refusals())
                .as("%s: what a dead guest has left on its ring has no pages any more", seed)
                .isEqualTo(back.counters().refusals(BlkbackRefusal.PAGE));
        assertThat(host.domain().grantMapper().mappedCount()).as("%s", seed).isZero();
        assertThat(host.domain().eventChannels().openPorts()).as("%s", seed).isZero();
        guest.close();
    }

    private void step(final Blkback back) {
        host.domain().eventChannels().dispatch();
        back.doWork();
    }

    private static void step(final TestDomain guest, final Blkfront front) {
        guest.domain().eventChannels().dispatch();
        front.doWork();
    }

    private Blkback newBack() throws XenStoreException {
        final Domain domain = host.domain();
        return new Blkback(
                XenbusDevice.ofBackend(domain.connectStore(), vbd.backendPath()),
                domain.grantMapper(),
                domain.eventChannels(),
                store,
                Wakeups.ARMED,
                Trace.OFF);
    }

    private Blkfront newFront(final TestDomain guest, final boolean everyFeature)
            throws XenStoreException {
        final Domain domain = guest.domain();
        return new Blkfront(
                XenbusDevice.ofFrontend(domain.connectStore(), vbd.frontendPath()),
                domain.memory(),
                domain.frames(),
                domain.grantTable(),
                domain.eventChannels(),
                domain.vcpu(),
                Wakeups.ARMED,
                everyFeature ? BlkfrontOptions.LINUX : BlkfrontOptions.PLAIN,
                Trace.OFF);
    }
}
