package io.ringside.xenbus.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.frontend.FrontendState.Closed;
import io.ringside.xenbus.frontend.FrontendState.Connected;
import io.ringside.xenbus.frontend.FrontendState.Initialised;
import io.ringside.xenbus.frontend.FrontendState.Initialising;
import io.ringside.xenbus.protocol.XenbusState;
import org.junit.jupiter.api.Test;

class FrontendStateTest {
    @Test
    void goesTheWayOfABlockDevice() {
        final Initialising first = FrontendState.begin();
        final Initialised told = first.parametersPublished();
        final Connected connected = told.connected();
        final Closed closed = connected.closing().closed();
        assertThat(first.wireState()).isEqualTo(XenbusState.INITIALISING);
        assertThat(told.wireState()).isEqualTo(XenbusState.INITIALISED);
        assertThat(connected.wireState()).isEqualTo(XenbusState.CONNECTED);
        assertThat(connected.closing().wireState()).isEqualTo(XenbusState.CLOSING);
        assertThat(closed.wireState()).isEqualTo(XenbusState.CLOSED);
    }

    @Test
    void goesTheWayOfANetworkDevice() {
        final Connected connected = FrontendState.begin().connected().backendConnected();
        assertThat(connected.reconfiguring().wireState()).isEqualTo(XenbusState.RECONFIGURING);
        assertThat(connected.reconfiguring().reconfigured()).isEqualTo(connected);
    }

    @Test
    void closesFromEveryStateInWhichItIsOpen() {
        final Initialising first = FrontendState.begin();
        assertThat(first.closing().closed())
                .isEqualTo(first.parametersPublished().closing().closed())
                .isEqualTo(first.connected().closing().closed())
                .isEqualTo(first.connected().reconfiguring().closing().closed());
    }

    /** Threats, row 8: what belongs to a connection that is over is told by its number. */
    @Test
    void countsConnections() {
        final Closed closed = FrontendState.begin().parametersPublished().closing().closed();
        assertThat(closed.connection()).isEqualTo(1);
        final Initialising second = closed.reopened();
        assertThat(second.connection()).isEqualTo(2);
        assertThat(second.parametersPublished().connected().connection()).isEqualTo(2);
        assertThat(second).isNotEqualTo(FrontendState.begin());
    }
}
