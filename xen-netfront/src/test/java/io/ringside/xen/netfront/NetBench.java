package io.ringside.xen.netfront;

import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.Trace;
import io.ringside.xen.netfront.backend.Netback;
import io.ringside.xen.netfront.backend.NetbackOptions;
import io.ringside.xen.netfront.backend.NetbackServices;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.NetfrontServices;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.sim.Domain;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VifConfig;
import org.jspecify.annotations.Nullable;

/** A host and a guest with the directories of one virtual network; ends are added by the test. */
public final class NetBench implements AutoCloseable {
    /** The backend's domain. */
    public static final int HOST = 0;

    /** The frontend's domain. */
    public static final int GUEST = 5;

    /** How many page frames the guest has. */
    public static final int GUEST_FRAMES = 16_384;

    /** The card's address. */
    public static final String MAC = "00:16:3e:5e:6c:07";

    private static final int MOST_GRANTS = 8192;
    private static final int HOST_FRAMES = 16_384;

    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain host = new TestDomain(xen, HOST, HOST_FRAMES);
    private final TestDomain guest = new TestDomain(xen, GUEST, GUEST_FRAMES);
    private final XenStore tools = xen.connectStore(HOST, () -> {});
    private final Toolstack toolstack = new Toolstack(tools);
    private VifConfig vif = new VifConfig(GUEST, HOST, 0, MAC);

    /** A bench with a card of the usual kind. */
    public NetBench() {
        createVif();
    }

    /** A bench with a card of another kind. */
    public NetBench(final VifConfig vif) {
        this.vif = vif;
        createVif();
    }

    /** The card as the toolstack knows it. */
    public VifConfig vif() {
        return vif;
    }

    /** Makes the directories of the card, anew if they are there. */
    public void createVif() {
        sure(() -> toolstack.createVif(vif));
    }

    /** Takes the directories of the card away, whatever the ends do. */
    public void removeVif() {
        sure(() -> toolstack.removeVif(vif));
    }

    /** Asks the backend to stop, as the toolstack does. */
    public void closeVif() {
        sure(() -> toolstack.closeVif(vif));
    }

    /** The hypervisor. */
    public SimulatedXen xen() {
        return xen;
    }

    /** The backend's domain. */
    public TestDomain host() {
        return host;
    }

    /** The frontend's domain. */
    public TestDomain guest() {
        return guest;
    }

    /** A frontend's end of the card. */
    public XenbusDevice frontendDevice() {
        try {
            return XenbusDevice.ofFrontend(guest.domain().connectStore(), vif.frontendPath());
        } catch (final XenStoreException e) {
            throw new AssertionError(e);
        }
    }

    /** A backend's end of the card. */
    public XenbusDevice backendDevice() {
        try {
            return XenbusDevice.ofBackend(host.domain().connectStore(), vif.backendPath());
        } catch (final XenStoreException e) {
            throw new AssertionError(e);
        }
    }

    /** A frontend over the guest's own grant table. */
    public Netfront newFrontend(final Wakeups wakeups, final NetfrontOptions options) {
        return newFrontend(frontendDevice(), wakeups, options, guest.domain().grantTable());
    }

    /** A frontend whose device and grant table are the test's. */
    public Netfront newFrontend(
            final XenbusDevice device,
            final Wakeups wakeups,
            final NetfrontOptions options,
            final GrantTable grants) {
        final Domain domain = guest.domain();
        return new Netfront(
                device,
                new NetfrontServices(
                        domain.memory(),
                        domain.frames(),
                        grants,
                        domain.eventChannels(),
                        domain.vcpu(),
                        wakeups,
                        Trace.OFF),
                options);
    }

    /** A backend that offers what it is told to. */
    public Netback newBackend(
            final PacketPort port, final Wakeups wakeups, final NetbackOptions options) {
        final Domain domain = host.domain();
        return new Netback(
                backendDevice(),
                new NetbackServices(
                        domain.connectStore(),
                        domain.memory(),
                        domain.frames(),
                        domain.grantMapper(),
                        domain.grantCopier(),
                        domain.eventChannels(),
                        port,
                        wakeups,
                        Trace.OFF),
                options);
    }

    /** One round of the guest: its upcall, if any, then its frontend. */
    public int step(final Netfront front) {
        guest.domain().eventChannels().dispatch();
        return front.doWork();
    }

    /** One round of the host: its upcall, if any, then its backend. */
    public int step(final Netback back) {
        host.domain().eventChannels().dispatch();
        return back.doWork();
    }

    /** Steps both ends in turn until the card is ready. */
    public void connect(final Netfront front, final Netback back) {
        for (int i = 0; i < 30 && !front.isReady(); i++) {
            step(front);
            step(back);
        }
        if (!front.isReady()) {
            throw new AssertionError(
                    "not connected: front="
                            + frontendKey("state")
                            + " back="
                            + backendKey("state"));
        }
    }

    /** Steps both ends in turn until neither finds anything to do. */
    public void settle(final Netfront front, final Netback back) {
        for (int i = 0; i < 2000; i++) {
            if (step(front) + step(back) == 0) {
                return;
            }
        }
        throw new AssertionError("never at rest");
    }

    /** The value of a key in the frontend's directory. */
    public @Nullable String frontendKey(final String key) {
        return tools.readOrNull(XenStore.NO_TRANSACTION, vif.frontendPath() + "/" + key);
    }

    /** The value of a key in the backend's directory. */
    public @Nullable String backendKey(final String key) {
        return tools.readOrNull(XenStore.NO_TRANSACTION, vif.backendPath() + "/" + key);
    }

    /** Writes a key of the frontend's directory, or removes it. */
    public void putFrontendKey(final String key, final @Nullable String value) {
        put(vif.frontendPath() + "/" + key, value);
    }

    /** Writes a key of the backend's directory, or removes it. */
    public void putBackendKey(final String key, final @Nullable String value) {
        put(vif.backendPath() + "/" + key, value);
    }

    private void put(final String path, final @Nullable String value) {
        sure(() -> {
            if (value != null) {
                tools.write(XenStore.NO_TRANSACTION, path, value);
            } else if (tools.readOrNull(XenStore.NO_TRANSACTION, path) != null) {
                tools.remove(XenStore.NO_TRANSACTION, path);
            }
        });
    }

    /** Stops the guest, as a migration does, and takes the directories of its card away. */
    public void suspendGuest() {
        guest.domain().suspend();
        sure(() -> {
            toolstack.removeVif(vif);
            toolstack.removeHome(vif.frontendDomain());
        });
    }

    /** Begins the guest again under another number, with its card, which its frontend finds. */
    public void resumeGuest(final int newId, final XenbusDevice frontendDevice) {
        guest.domain().resume(newId);
        vif = vif.withFrontendDomain(newId);
        createVif();
        sure(() -> frontendDevice.renew(guest.domain().connectStore(), vif.frontendPath()));
    }

    /** Makes the guest's grant table as large as any test needs, since it takes frames for good. */
    public void growGrantTable() {
        final GrantTable grants = guest.domain().grantTable();
        final int[] references = new int[MOST_GRANTS];
        for (int i = 0; i < MOST_GRANTS; i++) {
            references[i] = grants.grantAccess(HOST, 1, true);
        }
        for (final int reference : references) {
            grants.endAccess(reference);
        }
    }

    @Override
    public void close() {
        guest.close();
        host.close();
    }

    /** What a test does with the store that must work. */
    @FunctionalInterface
    private interface StoreWork {
        void run() throws XenStoreException;
    }

    private static void sure(final StoreWork work) {
        try {
            work.run();
        } catch (final XenStoreException e) {
            throw new AssertionError(e);
        }
    }
}
