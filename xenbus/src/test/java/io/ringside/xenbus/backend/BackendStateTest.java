package io.ringside.xenbus.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.backend.BackendState.Closed;
import io.ringside.xenbus.backend.BackendState.Connected;
import io.ringside.xenbus.backend.BackendState.InitWait;
import io.ringside.xenbus.backend.BackendState.Initialising;
import io.ringside.xenbus.protocol.XenbusState;
import org.junit.jupiter.api.Test;

class BackendStateTest {
    @Test
    void goesTheWayOfABlockDevice() {
        final Initialising first = BackendState.begin();
        final InitWait waiting = first.featuresPublished();
        final Connected connected = waiting.connected();
        final Closed closed = connected.closing().closed();
        assertThat(first.wireState()).isEqualTo(XenbusState.INITIALISING);
        assertThat(waiting.wireState()).isEqualTo(XenbusState.INIT_WAIT);
        assertThat(connected.wireState()).isEqualTo(XenbusState.CONNECTED);
        assertThat(connected.closing().wireState()).isEqualTo(XenbusState.CLOSING);
        assertThat(closed.wireState()).isEqualTo(XenbusState.CLOSED);
    }

    @Test
    void takesChangedParametersAndGoesOn() {
        final Connected connected =
                BackendState.begin().featuresPublished().connected().frontendConnected();
        assertThat(connected.reconfigured().wireState()).isEqualTo(XenbusState.RECONFIGURED);
        assertThat(connected.reconfigured().connected()).isEqualTo(connected);
    }

    @Test
    void closesFromEveryStateInWhichItIsOpen() {
        final Initialising first = BackendState.begin();
        final InitWait waiting = first.featuresPublished();
        assertThat(first.closing().closed())
                .isEqualTo(waiting.closing().closed())
                .isEqualTo(waiting.connected().closing().closed())
                .isEqualTo(waiting.connected().reconfigured().closing().closed());
    }

    /** Threats, row 8: what belongs to a connection that is over is told by its number. */
    @Test
    void countsConnections() {
        final InitWait waiting = BackendState.begin().featuresPublished();
        assertThat(waiting.connected().connection()).isEqualTo(1);
        assertThat(waiting.connected().disconnected()).isEqualTo(new InitWait(2));
        assertThat(waiting.connected().closing().closed().reopened()).isEqualTo(new InitWait(2));
        assertThat(new InitWait(2).connected().connection()).isEqualTo(2);
    }
}
