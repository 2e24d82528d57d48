package io.ringside.xenbus.life;

import io.ringside.xenbus.backend.BackendState;
import io.ringside.xenbus.backend.BackendState.Closed;
import io.ringside.xenbus.backend.BackendState.Closing;
import io.ringside.xenbus.backend.BackendState.Connected;
import io.ringside.xenbus.backend.BackendState.InitWait;
import io.ringside.xenbus.backend.BackendState.Initialising;
import io.ringside.xenbus.backend.BackendState.Reconfigured;
import io.ringside.xenbus.backend.BackendStep;
import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.grant.GrantMapper.RingMapping;
import io.ringside.xenbus.sim.Domain;
import org.jspecify.annotations.Nullable;

/** A backend that maps one page and binds one port, and has nothing to do. */
final class PlainBackend {
    private static final int MAX_STEPS = 8;

    private final Domain domain;
    private final XenbusDevice device;
    private BackendState state = BackendState.begin();
    private int incarnation;
    private RingMapping.@Nullable Mapped ring;
    private int port;

    PlainBackend(final Domain domain, final XenbusDevice device) {
        this.domain = domain;
        this.device = device;
        this.incarnation = device.incarnation();
    }

    XenbusDevice device() {
        return device;
    }

    /** Takes what its frontend has told. */
    void work() {
        domain.eventChannels().dispatch();
        device.poll();
        if (device.incarnation() != incarnation) {
            incarnation = device.incarnation();
            letGo();
            enter(state.renewed());
        }
        for (int i = 0; i < MAX_STEPS && take(device.step(state)); i++) {
            // Until there is nothing to do, or a bounded number of times.
        }
    }

    /** Ends it at once: the device is unplugged. */
    void end() {
        letGo();
        device.close();
    }

    private boolean take(final BackendStep step) {
        switch (step) {
            case WAIT, REFUSE -> {
                return false;
            }
            case PUBLISH -> enter(((Initialising) state).featuresPublished());
            case CONNECT -> connect((InitWait) state);
            case CONFIRM -> {
                final boolean news = !((Connected) state).confirmed();
                state = ((Connected) state).frontendConnected();
                return news;
            }
            case RECONFIGURE -> enter(((Connected) state).reconfigured());
            case GO_ON -> enter(((Reconfigured) state).connected());
            case DISCONNECT -> {
                letGo();
                enter(
                        state instanceof Reconfigured changed
                                ? changed.disconnected()
                                : ((Connected) state).disconnected());
            }
            case CLOSE -> close();
            case REOPEN -> {
                if (!device.isOnline()) {
                    return false;
                }
                enter(((Closed) state).reopened());
            }
        }
        return true;
    }

    private void connect(final InitWait waiting) {
        final int reference = device.readInt("ring-ref", XenbusDevice.REFUSED, 1 << 20);
        final int remotePort = device.readInt("event-channel", XenbusDevice.REFUSED, 1 << 20);
        if (domain.grantMapper().mapRing(device.otherEndId(), reference)
                instanceof RingMapping.Mapped mapped) {
            port = domain.eventChannels().bindInterdomain(device.otherEndId(), remotePort);
            if (port > 0) {
                ring = mapped;
                domain.eventChannels().handler(port, () -> {});
                enter(waiting.connected());
                return;
            }
            mapped.unmap().run();
        }
        enter(waiting.closing().closed());
    }

    private void close() {
        letGo();
        final Closing closing =
                switch (state) {
                    case InitWait open -> open.closing();
                    case Connected open -> open.closing();
                    case Reconfigured open -> open.closing();
                    default -> throw new IllegalStateException("closes twice: state=" + state);
                };
        enter(closing);
        enter(closing.closed());
    }

    private void enter(final BackendState next) {
        state = next;
        device.switchState(next.wireState());
    }

    private void letGo() {
        final RingMapping.Mapped mapped = ring;
        if (mapped != null) {
            domain.eventChannels().close(port);
            mapped.unmap().run();
            ring = null;
        }
    }
}
