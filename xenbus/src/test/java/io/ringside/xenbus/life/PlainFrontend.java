package io.ringside.xenbus.life;

import io.ringside.xenbus.device.XenbusDevice;
import io.ringside.xenbus.frontend.FrontendState;
import io.ringside.xenbus.frontend.FrontendState.Closing;
import io.ringside.xenbus.frontend.FrontendState.Connected;
import io.ringside.xenbus.frontend.FrontendState.Initialised;
import io.ringside.xenbus.frontend.FrontendState.Initialising;
import io.ringside.xenbus.frontend.FrontendState.Reconfiguring;
import io.ringside.xenbus.frontend.FrontendStep;
import io.ringside.xenbus.grant.GrantQuarantine;
import io.ringside.xenbus.sim.Domain;
import java.util.LinkedHashMap;

/** A frontend with one page and one port, and nothing to do. */
final class PlainFrontend {
    private static final int MAX_STEPS = 8;
    private static final int NONE = -1;

    private final Domain domain;
    private final XenbusDevice device;
    private final GrantQuarantine kept;
    private FrontendState state = FrontendState.begin();
    private int incarnation;
    private int frame = NONE;
    private int reference = NONE;
    private int port = NONE;
    private int connections;

    PlainFrontend(final Domain domain, final XenbusDevice device) {
        this.domain = domain;
        this.device = device;
        this.incarnation = device.incarnation();
        this.kept = new GrantQuarantine(domain.grantTable(), domain.frames());
    }

    XenbusDevice device() {
        return device;
    }

    boolean isConnected() {
        return state instanceof Connected;
    }

    int connections() {
        return connections;
    }

    /** How many pages the backend has not given back. */
    int keptCount() {
        return kept.heldCount();
    }

    /** Takes what its domain and its backend have told. */
    void work() {
        domain.eventChannels().dispatch();
        kept.reclaim();
        device.poll();
        if (device.incarnation() != incarnation) {
            incarnation = device.incarnation();
            beginAnew();
        }
        for (int i = 0; i < MAX_STEPS && take(device.step(state)); i++) {
            // Until there is nothing to do, or a bounded number of times.
        }
    }

    /** Begins again without a word, as a kernel that was started anew. */
    void beginAnew() {
        letGo();
        enter(state.renewed());
    }

    /** Ends it at once: the device is unplugged. */
    void end() {
        letGo();
        kept.reclaim();
        device.close();
    }

    /** Changes a parameter, if it is connected. */
    void reconfigure() {
        if (state instanceof Connected connected && device.step(state) == FrontendStep.LOOK_AGAIN) {
            enter(connected.reconfiguring());
        }
    }

    private boolean take(final FrontendStep step) {
        switch (step) {
            case WAIT, LOOK_AGAIN, REFUSE -> {
                return false;
            }
            case PUBLISH -> publish();
            case CONNECT -> connect();
            case GO_ON -> enter(((Reconfiguring) state).reconfigured());
            case LOST -> beginAnew();
            case CLOSE -> close();
            case FINISH -> {
                letGo();
                enter(((Closing) state).closed());
            }
        }
        return true;
    }

    private void publish() {
        frame = domain.frames().allocate();
        reference = domain.grantTable().grantAccess(device.otherEndId(), frame, false);
        port = domain.eventChannels().allocUnbound(device.otherEndId());
        domain.eventChannels().handler(port, () -> {});
        final LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        keys.put("ring-ref", Integer.toString(reference));
        keys.put("event-channel", Integer.toString(port));
        device.writeAll(keys);
        enter(((Initialising) state).parametersPublished());
    }

    private void connect() {
        connections++;
        enter(((Initialised) state).connected());
        domain.eventChannels().send(port);
    }

    private void close() {
        final Closing closing =
                switch (state) {
                    case Initialising open -> open.closing();
                    case Initialised open -> open.closing();
                    case Connected open -> open.closing();
                    case Reconfiguring open -> open.closing();
                    default -> throw new IllegalStateException("closes twice: state=" + state);
                };
        if (state instanceof Initialising || state instanceof Initialised) {
            letGo();
            enter(closing.closed());
        } else {
            enter(closing);
        }
    }

    private void enter(final FrontendState next) {
        state = next;
        device.switchState(next.wireState());
    }

    private void letGo() {
        if (frame != NONE) {
            domain.eventChannels().close(port);
            kept.release(reference, frame);
            frame = NONE;
        }
    }
}
