package io.ringside.xenbus.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.protocol.XenbusState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every pair of states, from the backend's side. */
class BackendStepTest {
    private static final BackendState.InitWait WAITING = BackendState.begin().featuresPublished();
    private static final BackendState.Connected UNCONFIRMED = WAITING.connected();
    private static final BackendState.Connected CONNECTED = UNCONFIRMED.frontendConnected();

    /** One letter for each state of the frontend, from 0 to 8. */
    private static final Map<BackendState, String> TABLE =
            Map.of(
                    BackendState.begin(),
                    "PP r PP PP P r".replace(" ", ""),
                    WAITING,
                    "ww r nn CC r r".replace(" ", ""),
                    UNCONFIRMED,
                    "CD r wf CC c r".replace(" ", ""),
                    CONNECTED,
                    "CD r Df CC c r".replace(" ", ""),
                    CONNECTED.reconfigured(),
                    "CD r Dg CC w r".replace(" ", ""),
                    CONNECTED.closing(),
                    "ww r ww ww w r".replace(" ", ""),
                    CONNECTED.closing().closed(),
                    "wo r ww ww w r".replace(" ", ""));

    private static final Map<Character, BackendStep> LETTERS =
            Map.of(
                    'w', BackendStep.WAIT,
                    'P', BackendStep.PUBLISH,
                    'n', BackendStep.CONNECT,
                    'f', BackendStep.CONFIRM,
                    'c', BackendStep.RECONFIGURE,
                    'g', BackendStep.GO_ON,
                    'C', BackendStep.CLOSE,
                    'D', BackendStep.DISCONNECT,
                    'o', BackendStep.REOPEN,
                    'r', BackendStep.REFUSE);

    @Test
    void knowsWhatToDoInEveryPairOfStates() {
        assertThat(TABLE).hasSize(7);
        assertThat(LETTERS.values()).containsExactlyInAnyOrder(BackendStep.values());
        TABLE.forEach((state, row) -> {
            assertThat(row).hasSize(XenbusState.RECONFIGURED + 1);
            for (int other = 0; other < row.length(); other++) {
                assertThat(state.step(other))
                        .as("%s, frontend %s", state, XenbusState.name(other))
                        .isEqualTo(LETTERS.get(row.charAt(other)));
            }
        });
    }

    /** Threats, habit 7: whatever number the other end tells, there is an answer. */
    @Test
    void refusesNumbersThatAreNoStates() {
        for (final BackendState state : TABLE.keySet()) {
            for (final int other : List.of(-1, 9, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE)) {
                assertThat(state.step(other)).as("%s", state).isEqualTo(BackendStep.REFUSE);
            }
        }
    }

    @Test
    void beginsTheNextConnectionFromEverywhere() {
        for (final BackendState state : TABLE.keySet()) {
            assertThat(state.renewed()).isEqualTo(new BackendState.Initialising(2));
            assertThat(state.renewed().renewed().connection()).isEqualTo(3);
        }
    }

    @Test
    void disconnectsFromARingThatIsReconfiguredToo() {
        assertThat(CONNECTED.reconfigured().disconnected()).isEqualTo(new BackendState.InitWait(2));
        assertThat(CONNECTED.reconfigured().connected()).isEqualTo(CONNECTED);
    }
}
