package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.Trace;
import io.ringside.testkit.Seed;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.sim.Domain;
import io.ringside.xenbus.sim.ResourceCount;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VbdConfig;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disk through its whole life, with random requests under way all the time: it is unplugged and
 * plugged in, its host dies or is replaced, its guest is suspended. No request is lost and none
 * ends twice; what the medium holds is what was written; and at the end nothing is left behind.
 */
final class BlkWholeLifeTest {
    private static final int LIVES = 120;
    private static final int DISK_SECTORS = 600;
    private static final int PATIENCE = 2000;
    private static final int GUEST_FRAMES = 8192;
    private static final int HOST_FRAMES = 16;
    private static final int[] HOSTS = {7, 9};

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final SimulatedXen xen = new SimulatedXen();
    private final Toolstack toolstack = new Toolstack(xen.connectStore(0, () -> {}));
    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final TestDomain guest = new TestDomain(xen, 3, GUEST_FRAMES);
    private final TestDomain[] hosts = new TestDomain[HOSTS.length];
    private VbdConfig vbd = new VbdConfig(3, HOSTS[0], TestBench.DISK, "ram", false);
    private XenbusDevice frontDevice;
    private Blkfront front;
    private XenbusDevice backDevice;
    private Blkback back;
    private RandomWorkload workload;

    /** What may happen to a disk. */
    private enum Fate {
        UNPLUGGED_IN_GOOD_ORDER,
        UNPLUGGED_BY_FORCE,
        HOST_DIES,
        HOST_IS_REPLACED,
        GUEST_IS_SUSPENDED
    }

    @BeforeEach
    void plugIn() throws XenStoreException {
        toolstack.createHome(3);
        for (int i = 0; i < HOSTS.length; i++) {
            hosts[i] = new TestDomain(xen, HOSTS[i], HOST_FRAMES);
            toolstack.createHome(HOSTS[i]);
        }
        toolstack.createVbd(vbd);
        frontDevice = XenbusDevice.ofFrontend(guest.domain().connectStore(), vbd.frontendPath());
        front = newFront(BlkfrontOptions.PLAIN);
        backDevice = newBackDevice();
        back = newBack();
        workload = newWorkload();
    }

    @AfterEach
    void endDomains() {
        guest.close();
        for (final TestDomain host : hosts) {
            host.close();
        }
        disk.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void losesNoRequestWhateverBecomesOfTheDisk(final boolean everyFeature)
            throws XenStoreException {
        front =
                newFront(
                        everyFeature
                                ? BlkfrontOptions.LINUX.withHoldOff(8)
                                : BlkfrontOptions.PLAIN);
        workload = newWorkload();
        live(20);
        unplugInGoodOrder();
        final ResourceCount atFirst = ResourceCount.of(xen);
        plugInAgain();

        final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        for (int life = 0; life < LIVES; life++) {
            live(random.nextInt(60));
            final Fate fate = Fate.values()[random.nextInt(Fate.values().length)];
            fates.merge(fate, 1, Integer::sum);
            final int failedBefore = workload.failedCount();
            meet(fate);
            live(40);
            if (fate != Fate.UNPLUGGED_BY_FORCE) {
                assertThat(workload.failedCount())
                        .as("%s life=%d %s", seed, life, fate)
                        .isEqualTo(failedBefore);
            }
        }
        unplugInGoodOrder();
        assertThat(workload.completedCount()).as("%s", seed).isEqualTo(workload.submittedCount());
        assertThat(workload.completedCount()).as("%s", seed).isGreaterThan(1000);
        workload.checkDisk(disk);
        assertThat(fates).as("%s", seed).hasSize(Fate.values().length);
        assertThat(front.counters().refusals()).as("%s", seed).isZero();
        assertThat(ResourceCount.of(xen).renumbered(guest.domain().id(), 3))
                .as("%s", seed)
                .isEqualTo(atFirst);
    }

    private void meet(final Fate fate) throws XenStoreException {
        switch (fate) {
            case UNPLUGGED_IN_GOOD_ORDER -> {
                unplugInGoodOrder();
                plugInAgain();
            }
            case UNPLUGGED_BY_FORCE -> {
                toolstack.removeVbd(vbd);
                for (int i = 0; !front.isClosed() || mappedByHost(); i++) {
                    patience(i);
                    step();
                }
                endBack();
                plugInAgain();
            }
            case HOST_DIES -> killHost();
            case HOST_IS_REPLACED -> replaceHost();
            case GUEST_IS_SUSPENDED -> suspend();
        }
    }

    private void unplugInGoodOrder() throws XenStoreException {
        toolstack.closeVbd(vbd);
        for (int i = 0; !front.isClosed() || !toolstack.removeClosedVbd(vbd); i++) {
            patience(i);
            step();
        }
        endBack();
        for (int i = 0; front.doWork() != 0 || front.keptPages() != 0; i++) {
            patience(i); // What ended with the connection is reported, and comes home.
        }
    }

    private void plugInAgain() throws XenStoreException {
        toolstack.createVbd(vbd);
        backDevice = newBackDevice();
        back = newBack();
        front.doWork();
        front.resume();
    }

    /** What the host had under way is lost with it: nobody writes it to the medium any more. */
    private void killHost() throws XenStoreException {
        final int dying = hostIndex();
        hosts[dying].close();
        toolstack.removeHome(HOSTS[dying]);
        hosts[dying] = new TestDomain(xen, HOSTS[dying], HOST_FRAMES);
        toolstack.createHome(HOSTS[dying]);
        front.suspend();
        moveTo(HOSTS[random.nextInt(HOSTS.length)]);
        front.resume();
    }

    /** The old host finishes what it has under way before anybody begins it again. */
    private void replaceHost() throws XenStoreException {
        final Blkback before = back;
        final XenbusDevice beforeDevice = backDevice;
        final int old = hostIndex();
        moveTo(HOSTS[1 - old]);
        for (int i = 0; hosts[old].domain().grantMapper().mappedCount() != 0; i++) {
            patience(i);
            hosts[old].domain().eventChannels().dispatch();
            before.doWork();
        }
        before.onClose();
        beforeDevice.close();
        front.suspend();
        front.resume();
    }

    private void moveTo(final int host) throws XenStoreException {
        final VbdConfig next = vbd.withBackendDomain(host);
        toolstack.moveVbd(vbd, next);
        vbd = next;
        backDevice = newBackDevice();
        back = newBack();
    }

    private void suspend() throws XenStoreException {
        final Domain domain = guest.domain();
        final int number = domain.id();
        domain.suspend();
        toolstack.removeVbd(vbd);
        toolstack.removeHome(number);
        for (int i = 0; domain.foreignMappings() != 0; i++) {
            patience(i);
            stepBack();
        }
        endBack();
        domain.resume(random.nextBoolean() ? number : number == 3 ? 4 : 3);
        toolstack.createHome(domain.id());
        vbd = vbd.withFrontendDomain(domain.id());
        toolstack.createVbd(vbd);
        frontDevice.renew(domain.connectStore(), vbd.frontendPath());
        backDevice = newBackDevice();
        back = newBack();
        front.suspend();
        front.resume();
    }

    private void endBack() {
        back.onClose();
        assertThat(back.isClosed()).as("%s", seed).isTrue();
        backDevice.close();
    }

    /** A while of work; the disk is ready at its end. */
    private void live(final int steps) {
        for (int i = 0; i < steps || !front.isReady(); i++) {
            patience(i);
            if (front.isReady()) {
                workload.step();
            }
            step();
        }
    }

    private void step() {
        if (random.nextBoolean()) {
            guest.domain().eventChannels().dispatch();
            front.doWork();
        } else {
            stepBack();
        }
    }

    private void stepBack() {
        hosts[hostIndex()].domain().eventChannels().dispatch();
        back.doWork();
    }

    private void patience(final int steps) {
        assertThat(steps)
                .as("%s front=%s back=%s", seed, frontDevice.ownState(), backDevice.ownState())
                .isLessThan(PATIENCE);
    }

    private boolean mappedByHost() {
        return hosts[hostIndex()].domain().grantMapper().mappedCount() != 0;
    }

    private int hostIndex() {
        return vbd.backendDomain() == HOSTS[0] ? 0 : 1;
    }

    private Blkfront newFront(final BlkfrontOptions options) {
        final Domain domain = guest.domain();
        return new Blkfront(
                frontDevice,
                domain.memory(),
                domain.frames(),
                domain.grantTable(),
                domain.eventChannels(),
                domain.vcpu(),
                Wakeups.ARMED,
                options,
                Trace.OFF);
    }

    private RandomWorkload newWorkload() {
        return new RandomWorkload(
                guest, front, DISK_SECTORS, random.split(), seed.toString(), true);
    }

    private XenbusDevice newBackDevice() throws XenStoreException {
        return XenbusDevice.ofBackend(
                hosts[hostIndex()].domain().connectStore(), vbd.backendPath());
    }

    private Blkback newBack() {
        final Domain host = hosts[hostIndex()].domain();
        return new Blkback(
                backDevice,
                host.grantMapper(),
                host.eventChannels(),
                new MoodyStore(disk, random.split(), 0),
                Wakeups.ARMED,
                Trace.OFF);
    }
}
