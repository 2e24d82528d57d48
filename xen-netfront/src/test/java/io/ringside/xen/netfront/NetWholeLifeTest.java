package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LoopbackPort;
import io.ringside.hypervisor.Trace;
import io.ringside.testkit.Seed;
import io.ringside.xen.netfront.backend.Netback;
import io.ringside.xen.netfront.backend.NetbackOptions;
import io.ringside.xen.netfront.backend.NetbackServices;
import io.ringside.xen.netfront.frontend.HashSettings;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.NetfrontRefusal;
import io.ringside.xen.netfront.frontend.NetfrontServices;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.sim.Domain;
import io.ringside.xenbus.sim.ResourceCount;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VifConfig;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A card through its whole life, with random frames under way all the time: it is unplugged and
 * plugged in, its host dies or is replaced, its guest is suspended. Every frame sent ends once;
 * what is received is what was sent; frames are held across all of it; and at the end nothing is
 * left behind. Row 22: whatever is asked of the card in any state is answered.
 */
final class NetWholeLifeTest {
    private static final int LIVES = 120;
    private static final int PATIENCE = 2000;
    private static final int PORT_SLOTS = 24;
    private static final int MOST_GRANTS = 4096;
    private static final int GUEST_FRAMES = 8192;
    private static final int HOST_FRAMES = 8192;
    private static final int[] HOSTS = {7, 9};

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final SimulatedXen xen = new SimulatedXen();
    private final Toolstack toolstack = new Toolstack(xen.connectStore(0, () -> {}));
    private final TestDomain guest = new TestDomain(xen, 3, GUEST_FRAMES);
    private final TestDomain[] hosts = new TestDomain[HOSTS.length];
    private VifConfig vif = new VifConfig(3, HOSTS[0], 0, NetBench.MAC);
    private XenbusDevice frontDevice;
    private Netfront front;
    private XenbusDevice backDevice;
    private Netback back;
    private RandomFrames workload;

    /** What may happen to a card. */
    private enum Fate {
        UNPLUGGED_IN_GOOD_ORDER,
        UNPLUGGED_BY_FORCE,
        HOST_DIES,
        HOST_IS_REPLACED,
        GUEST_IS_SUSPENDED
    }

    @BeforeEach
    void plugIn() throws XenStoreException {
        growGrantTable();
        toolstack.createHome(3);
        for (int i = 0; i < HOSTS.length; i++) {
            hosts[i] = new TestDomain(xen, HOSTS[i], HOST_FRAMES);
            toolstack.createHome(HOSTS[i]);
        }
        toolstack.createVif(vif);
        frontDevice = XenbusDevice.ofFrontend(guest.domain().connectStore(), vif.frontendPath());
        front = newFront(NetfrontOptions.PLAIN);
        workload = newWorkload();
        backDevice = newBackDevice();
        back = newBack();
    }

    /** Makes the guest's grant table as large as it will get, since it takes frames for good. */
    private void growGrantTable() {
        final GrantTable grants = guest.domain().grantTable();
        final int[] references = new int[MOST_GRANTS];
        for (int i = 0; i < MOST_GRANTS; i++) {
            references[i] = grants.grantAccess(HOSTS[0], 1, true);
        }
        for (final int reference : references) {
            grants.endAccess(reference);
        }
    }

    @AfterEach
    void endDomains() {
        guest.close();
        for (final TestDomain host : hosts) {
            host.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LINUX", "FAST", "STAGED", "DISTRUSTFUL"})
    void endsEveryFrameOnceWhateverBecomesOfTheCard(final String kind) throws XenStoreException {
        front = newFront(options(kind));
        workload = newWorkload();
        live(20);
        unplugInGoodOrder();
        plugInAgain();
        live(200);
        unplugInGoodOrder();
        final ResourceCount atFirst = ResourceCount.of(xen);
        plugInAgain();

        final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        for (int life = 0; life < LIVES; life++) {
            live(random.nextInt(60));
            final Fate fate = Fate.values()[random.nextInt(Fate.values().length)];
            fates.merge(fate, 1, Integer::sum);
            meet(fate);
            live(40);
        }
        unplugInGoodOrder();
        assertThat(workload.endedCount()).as("%s", seed).isEqualTo(workload.submittedCount());
        assertThat(workload.receivedCount()).as("%s", seed).isGreaterThan(1000);
        assertThat(fates).as("%s", seed).hasSize(Fate.values().length);
        assertThat(front.counters().refusals())
                .as("%s: only force leaves pages behind, for a while", seed)
                .isEqualTo(front.counters().refusals(NetfrontRefusal.KEPT_PAGE));
        assertThat(ResourceCount.of(xen).renumbered(guest.domain().id(), 3))
                .as("%s", seed)
                .isEqualTo(atFirst);
    }

    private static NetfrontOptions options(final String kind) {
        return switch (kind) {
            case "LINUX" -> NetfrontOptions.LINUX.withQueues(2);
            case "FAST" -> NetfrontOptions.FAST.withHoldOff(8);
            case "STAGED" ->
                    NetfrontOptions.FAST
                            .withStaging(true)
                            .withQueues(2)
                            .withHashing(new HashSettings(15, new byte[40], new int[] {0, 1}));
            case "DISTRUSTFUL" ->
                    NetfrontOptions.LINUX.withDistrustful(true).withXdpHeadroomBytes(64);
            default -> NetfrontOptions.PLAIN;
        };
    }

    private void meet(final Fate fate) throws XenStoreException {
        switch (fate) {
            case UNPLUGGED_IN_GOOD_ORDER -> {
                unplugInGoodOrder();
                plugInAgain();
            }
            case UNPLUGGED_BY_FORCE -> {
                toolstack.removeVif(vif);
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
        toolstack.closeVif(vif);
        for (int i = 0; !front.isClosed() || !toolstack.removeClosedVif(vif); i++) {
            patience(i);
            step();
        }
        endBack();
        workload.release();
        for (int i = 0; front.doWork() != 0 || front.keptPages() != 0; i++) {
            patience(i); // What ended with the connection is reported, and comes home.
        }
    }

    private void plugInAgain() throws XenStoreException {
        toolstack.createVif(vif);
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
        final Netback before = back;
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
        final VifConfig next = vif.withBackendDomain(host);
        toolstack.moveVif(vif, next);
        vif = next;
        backDevice = newBackDevice();
        back = newBack();
    }

    private void suspend() throws XenStoreException {
        final Domain domain = guest.domain();
        final int number = domain.id();
        domain.suspend();
        toolstack.removeVif(vif);
        toolstack.removeHome(number);
        for (int i = 0; domain.foreignMappings() != 0; i++) {
            patience(i);
            stepBack();
        }
        endBack();
        domain.resume(random.nextBoolean() ? number : number == 3 ? 4 : 3);
        toolstack.createHome(domain.id());
        vif = vif.withFrontendDomain(domain.id());
        toolstack.createVif(vif);
        frontDevice.renew(domain.connectStore(), vif.frontendPath());
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
        return vif.backendDomain() == HOSTS[0] ? 0 : 1;
    }

    private Netfront newFront(final NetfrontOptions options) {
        final Domain domain = guest.domain();
        return new Netfront(
                frontDevice,
                new NetfrontServices(
                        domain.memory(),
                        domain.frames(),
                        domain.grantTable(),
                        domain.eventChannels(),
                        domain.vcpu(),
                        Wakeups.ARMED,
                        Trace.OFF),
                options);
    }

    private RandomFrames newWorkload() {
        return new RandomFrames(guest, front, random.split(), seed.toString());
    }

    private XenbusDevice newBackDevice() throws XenStoreException {
        return XenbusDevice.ofBackend(
                hosts[hostIndex()].domain().connectStore(), vif.backendPath());
    }

    private Netback newBack() {
        final Domain host = hosts[hostIndex()].domain();
        return new Netback(
                backDevice,
                new NetbackServices(
                        host.connectStore(),
                        host.memory(),
                        host.frames(),
                        host.grantMapper(),
                        host.grantCopier(),
                        host.eventChannels(),
                        new LoopbackPort(PORT_SLOTS, 65_535),
                        Wakeups.ARMED,
                        Trace.OFF),
                NetbackOptions.FULL);
    }
}
