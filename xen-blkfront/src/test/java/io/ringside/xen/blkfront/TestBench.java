package io.ringside.xen.blkfront;

import io.ringside.device.host.BlockStore;
import io.ringside.hypervisor.Trace;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.frontend.Blkfront;
import io.ringside.xen.blkfront.frontend.BlkfrontOptions;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.grant.GrantMapper;
import io.ringside.xenbus.grant.GrantTable;
import io.ringside.xenbus.sim.Domain;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VbdConfig;
import org.jspecify.annotations.Nullable;

/** A host and a guest with the directories of one virtual disk; ends are added by the test. */
public final class TestBench implements AutoCloseable {
    /** The backend's domain. */
    public static final int HOST = 0;

    /** The frontend's domain. */
    public static final int GUEST = 5;

    /** The disk's number, {@code xvda}, which is also its handle. */
    public static final int DISK = 51712;

    /** How many page frames the guest has. */
    public static final int GUEST_FRAMES = 2048;

    private static final int HOST_FRAMES = 16;

    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain host = new TestDomain(xen, HOST, HOST_FRAMES);
    private final TestDomain guest = new TestDomain(xen, GUEST, GUEST_FRAMES);
    private final XenStore tools = xen.connectStore(HOST, () -> {});
    private final Toolstack toolstack = new Toolstack(tools);
    private final VbdConfig vbd;

    /** A bench with a writable disk. */
    public TestBench() {
        this(false);
    }

    /** A bench with a disk that the toolstack calls read-only, or not. */
    public TestBench(final boolean readOnly) {
        vbd = new VbdConfig(GUEST, HOST, DISK, "ram", readOnly);
        createVbd();
    }

    /** Makes the directories of the disk, anew if they are there. */
    public void createVbd() {
        sure(() -> toolstack.createVbd(vbd));
    }

    /** Takes the directories of the disk away, whatever the ends do. */
    public void removeVbd() {
        sure(() -> toolstack.removeVbd(vbd));
    }

    /** Asks the backend to stop, as the toolstack does. */
    public void closeVbd() {
        sure(() -> toolstack.closeVbd(vbd));
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

    /** A frontend's end of the disk. */
    public XenbusDevice frontendDevice() {
        try {
            return XenbusDevice.ofFrontend(guest.domain().connectStore(), vbd.frontendPath());
        } catch (final XenStoreException e) {
            throw new AssertionError(e);
        }
    }

    /** A backend's end of the disk. */
    public XenbusDevice backendDevice() {
        try {
            return XenbusDevice.ofBackend(host.domain().connectStore(), vbd.backendPath());
        } catch (final XenStoreException e) {
            throw new AssertionError(e);
        }
    }

    /** A frontend over the guest's own grant table. */
    public Blkfront newFrontend(final Wakeups wakeups) {
        return newFrontend(wakeups, BlkfrontOptions.PLAIN);
    }

    /** A frontend that makes use of more, or less. */
    public Blkfront newFrontend(final Wakeups wakeups, final BlkfrontOptions options) {
        return newFrontend(wakeups, options, guest.domain().grantTable());
    }

    /** A frontend over another grant table. */
    public Blkfront newFrontend(
            final Wakeups wakeups, final BlkfrontOptions options, final GrantTable grants) {
        final Domain domain = guest.domain();
        return new Blkfront(
                frontendDevice(),
                domain.memory(),
                domain.frames(),
                grants,
                domain.eventChannels(),
                domain.vcpu(),
                wakeups,
                options,
                Trace.OFF);
    }

    /** A backend over the host's own grant operations. */
    public Blkback newBackend(final BlockStore store, final Wakeups wakeups) {
        return newBackend(store, wakeups, host.domain().grantMapper());
    }

    /** A backend over other grant operations. */
    public Blkback newBackend(
            final BlockStore store, final Wakeups wakeups, final GrantMapper mapper) {
        return newBackend(store, wakeups, mapper, BlkbackOptions.FULL);
    }

    /** A backend that offers what it is told to. */
    public Blkback newBackend(
            final BlockStore store, final Wakeups wakeups, final BlkbackOptions options) {
        return newBackend(store, wakeups, host.domain().grantMapper(), options);
    }

    /** A backend over other grant operations that offers what it is told to. */
    public Blkback newBackend(
            final BlockStore store,
            final Wakeups wakeups,
            final GrantMapper mapper,
            final BlkbackOptions options) {
        return new Blkback(
                backendDevice(),
                mapper,
                host.domain().eventChannels(),
                store,
                wakeups,
                Trace.OFF,
                options);
    }

    /** One round of the guest: its upcall, if any, then its frontend. */
    public int step(final Blkfront front) {
        guest.domain().eventChannels().dispatch();
        return front.doWork();
    }

    /** One round of the host: its upcall, if any, then its backend. */
    public int step(final Blkback back) {
        host.domain().eventChannels().dispatch();
        return back.doWork();
    }

    /** Steps both ends in turn until the disk is ready. */
    public void connect(final Blkfront front, final Blkback back) {
        for (int i = 0; i < 20 && !front.isReady(); i++) {
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
    public void settle(final Blkfront front, final Blkback back) {
        for (int i = 0; i < 1000; i++) {
            if (step(front) + step(back) == 0) {
                return;
            }
        }
        throw new AssertionError("never at rest");
    }

    /** The value of a key in the frontend's directory. */
    public @Nullable String frontendKey(final String key) {
        return tools.readOrNull(XenStore.NO_TRANSACTION, vbd.frontendPath() + "/" + key);
    }

    /** The value of a key in the backend's directory. */
    public @Nullable String backendKey(final String key) {
        return tools.readOrNull(XenStore.NO_TRANSACTION, vbd.backendPath() + "/" + key);
    }

    /** Writes a key of the frontend's directory, or removes it. */
    public void putFrontendKey(final String key, final @Nullable String value) {
        put(vbd.frontendPath() + "/" + key, value);
    }

    /** Writes a key of the backend's directory, or removes it. */
    public void putBackendKey(final String key, final @Nullable String value) {
        put(vbd.backendPath() + "/" + key, value);
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

    /** Everything that a connection takes, as one line to compare. */
    public String resources() {
        return "frames=%d grants=%d guestPorts=%d hostPorts=%d mapped=%d watches=%d"
                .formatted(
                        guest.frames().usedCount(),
                        guest.domain().grantTable().usedCount(),
                        guest.domain().eventChannels().openPorts(),
                        host.domain().eventChannels().openPorts(),
                        host.domain().grantMapper().mappedCount(),
                        xen.storeServer().watchCount());
    }

    /** What the host has of a connection, as one line to compare. */
    public String hostResources() {
        return "ports=%d mapped=%d"
                .formatted(
                        host.domain().eventChannels().openPorts(),
                        host.domain().grantMapper().mappedCount());
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
