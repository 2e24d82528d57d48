package io.ringside.xenbus.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.xenbus.sim.SimulatedXen;
import io.ringside.xenbus.sim.TestDomain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threats, rows 6 and 13: a peer that sends for nothing is held back, and loses nothing. */
class EventBudgetTest {
    private static final int EVENTS = 3;

    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain ours = new TestDomain(xen, 3);
    private final TestDomain peer = new TestDomain(xen, 7);
    private final EventChannels channels = ours.domain().eventChannels();
    private final EventChannels peerChannels = peer.domain().eventChannels();
    private final EventBudget budget = new EventBudget(channels, EVENTS);
    private final int[] ports = new int[2];
    private final int[] ends = new int[2];
    private int work;
    private int runs;

    @BeforeEach
    void connect() {
        for (int i = 0; i < 2; i++) {
            ports[i] = channels.allocUnbound(7);
            ends[i] = peerChannels.bindInterdomain(3, ports[i]);
            budget.watch(
                    ports[i],
                    () -> {
                        runs++;
                        return work-- > 0;
                    });
        }
    }

    @AfterEach
    void endDomains() {
        ours.close();
        peer.close();
    }

    @Test
    void holdsAllPortsOfAPeerThatSendsForNothing() {
        flood(100);
        assertThat(runs).isEqualTo(EVENTS);
        assertThat(budget.isHeld()).isTrue();
        assertThat(budget.holds()).isEqualTo(1);
        assertThat(budget.spuriousEvents()).isEqualTo(EVENTS);
        peerChannels.send(ends[1]);
        assertThat(channels.dispatch()).as("the other port").isZero();
        ours.forgetRings();
        peerChannels.send(ends[0]);
        assertThat(ours.rings()).as("it cannot even wake us").isZero();
    }

    @Test
    void letsAnEventThroughThatWasHeldBack() {
        flood(EVENTS);
        peerChannels.send(ends[1]);
        budget.tick();
        assertThat(budget.isHeld()).isFalse();
        work = 1;
        assertThat(channels.dispatch()).isEqualTo(1);
        assertThat(runs).isEqualTo(EVENTS + 1);
        flood(100);
        assertThat(budget.holds()).isEqualTo(2);
        assertThat(budget.spuriousEvents()).isEqualTo(2 * EVENTS);
    }

    @Test
    void neverHoldsAPeerThatBringsWork() {
        work = 1000;
        flood(1000);
        assertThat(runs).isEqualTo(1000);
        assertThat(budget.spuriousEvents()).isZero();
        flood(EVENTS - 1);
        budget.tick();
        flood(EVENTS - 1);
        assertThat(budget.isHeld()).isFalse();
    }

    @Test
    void keepsANewPortOfAHeldPeerBackAndForgetsAClosedOne() {
        flood(EVENTS);
        final int port = channels.allocUnbound(7);
        final int end = peerChannels.bindInterdomain(3, port);
        budget.watch(port, () -> true);
        peerChannels.send(end);
        assertThat(channels.dispatch()).isZero();
        budget.forget(ports[0]);
        channels.close(ports[0]);
        budget.tick();
        assertThat(channels.dispatch()).isEqualTo(1);
        assertThatThrownBy(() -> budget.forget(ports[0])).hasMessageContaining("port=" + ports[0]);
        assertThatThrownBy(() -> new EventBudget(channels, 0))
                .hasMessageContaining("eventsPerTick=0");
    }

    private void flood(final int events) {
        for (int i = 0; i < events; i++) {
            peerChannels.send(ends[0]);
            channels.dispatch();
        }
    }
}
