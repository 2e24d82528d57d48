package io.ringside.xen.netfront.backend;

import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.Trace;
import io.ringside.xen.netfront.protocol.Wakeups;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.sim.ResourceCount;
import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import io.ringside.xenbus.toolstack.Toolstack;
import io.ringside.xenbus.toolstack.VifConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A host and its guests, each with the directories of one network; ends are added by the test. */
final class BackBench implements AutoCloseable {
    static final int HOST = 0;
    static final int GUEST = 5;
    static final int HOST_FRAMES = 4096;
    static final int GUEST_FRAMES = 2048;

    final SimulatedXen xen = new SimulatedXen();
    final BackDomain host = new BackDomain(xen, HOST, HOST_FRAMES);
    private final List<BackDomain> guests = new ArrayList<>();
    private final List<VifConfig> vifs = new ArrayList<>();
    private final XenStore tools = xen.connectStore(HOST, () -> {});
    private final Toolstack toolstack = new Toolstack(tools);

    /** A bench with one guest. */
    BackBench() {
        this(1);
    }

    /** A bench with so many guests, numbered from 5 on. */
    BackBench(final int guestCount) {
        for (int i = 0; i < guestCount; i++) {
            guests.add(new BackDomain(xen, GUEST + i, GUEST_FRAMES));
            vifs.add(new VifConfig(GUEST + i, HOST, 0, "00:16:3e:00:00:0" + i));
            final VifConfig vif = vifs.get(i);
            sure(() -> toolstack.createVif(vif));
        }
    }

    BackDomain guest(final int number) {
        return guests.get(number);
    }

    /** Makes the directories of a guest's network anew, as the configuration says. */
    void create(final int number, final VifConfig vif) {
        vifs.set(number, vif);
        sure(() -> toolstack.createVif(vif));
    }

    VifConfig vif(final int number) {
        return vifs.get(number);
    }

    void remove(final int number) {
        sure(() -> toolstack.removeVif(vifs.get(number)));
    }

    void unplug(final int number) {
        sure(() -> toolstack.closeVif(vifs.get(number)));
    }

    XenbusDevice backendDevice(final int number) {
        try {
            return XenbusDevice.ofBackend(
                    host.domain().connectStore(), vifs.get(number).backendPath());
        } catch (final XenStoreException e) {
            throw new AssertionError(e);
        }
    }

    Netback newBackend(final PacketPort port) {
        return newBackend(0, port, Wakeups.ARMED, NetbackOptions.FULL);
    }

    Netback newBackend(final PacketPort port, final NetbackOptions options) {
        return newBackend(0, port, Wakeups.ARMED, options);
    }

    Netback newBackend(
            final int number,
            final PacketPort port,
            final Wakeups wakeups,
            final NetbackOptions options) {
        return new Netback(backendDevice(number), services(port, wakeups), options);
    }

    NetbackServices services(final PacketPort port, final Wakeups wakeups) {
        return new NetbackServices(
                host.domain().connectStore(),
                host.memory(),
                host.frames(),
                host.domain().grantMapper(),
                host.domain().grantCopier(),
                host.domain().eventChannels(),
                port,
                wakeups,
                Trace.OFF);
    }

    /** One round of the host: its upcall, if any, then a backend. */
    int step(final Netback back) {
        host.domain().eventChannels().dispatch();
        return back.doWork();
    }

    /** Steps a backend until it finds nothing to do. */
    void settle(final Netback back) {
        for (int i = 0; i < 5000; i++) {
            if (step(back) == 0) {
                return;
            }
        }
        throw new AssertionError("never at rest");
    }

    @Nullable String frontendKey(final String key) {
        return tools.readOrNull(XenStore.NO_TRANSACTION, vifs.get(0).frontendPath() + "/" + key);
    }

    @Nullable String backendKey(final String key) {
        return backendKey(0, key);
    }

    @Nullable String backendKey(final int number, final String key) {
        return tools.readOrNull(
                XenStore.NO_TRANSACTION, vifs.get(number).backendPath() + "/" + key);
    }

    void putFrontendKey(final String key, final @Nullable String value) {
        putFrontendKey(0, key, value);
    }

    void putFrontendKey(final int number, final String key, final @Nullable String value) {
        put(vifs.get(number).frontendPath() + "/" + key, value);
    }

    void putBackendKey(final String key, final @Nullable String value) {
        put(vifs.get(0).backendPath() + "/" + key, value);
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

    /** What the host has in use, as one line to compare. */
    String hostResources() {
        return "ports=%d mapped=%d frames=%d"
                .formatted(
                        host.domain().eventChannels().openPorts(),
                        host.domain().grantMapper().mappedCount(),
                        host.frames().usedCount());
    }

    ResourceCount resources() {
        return ResourceCount.of(xen);
    }

    @Override
    public void close() {
        guests.forEach(BackDomain::close);
        host.close();
    }

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
