package io.ringside.xenbus.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import io.ringside.xenbus.protocol.XenbusState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every pair of states, from the frontend's side. */
class FrontendStepTest {
    private static final FrontendState.Initialising INITIALISING = FrontendState.begin();
    private static final FrontendState.Connected UNCONFIRMED = INITIALISING.connected();
    private static final FrontendState.Connected CONNECTED = UNCONFIRMED.backendConnected();

    /** One letter for each state of the backend, from 0 to 8. */
    private static final Map<FrontendState, String> TABLE =
            Map.of(
                    INITIALISING,
                    "wwPr w Cw rw".replace(" ", ""),
                    INITIALISING.parametersPublished(),
                    "Lwwr n CC rr".replace(" ", ""),
                    UNCONFIRMED,
                    "Lwwr n CL rr".replace(" ", ""),
                    CONNECTED,
                    "LLLr a CL rw".replace(" ", ""),
                    CONNECTED.reconfiguring(),
                    "LLLr w CL rg".replace(" ", ""),
                    CONNECTED.closing(),
                    "FFFr w FF rw".replace(" ", ""),
                    CONNECTED.closing().closed(),
                    "wwwr w ww rw".replace(" ", ""));

    private static final Map<Character, FrontendStep> LETTERS =
            Map.of(
                    'w', FrontendStep.WAIT,
                    'P', FrontendStep.PUBLISH,
                    'n', FrontendStep.CONNECT,
                    'a', FrontendStep.LOOK_AGAIN,
                    'g', FrontendStep.GO_ON,
                    'C', FrontendStep.CLOSE,
                    'L', FrontendStep.LOST,
                    'F', FrontendStep.FINISH,
                    'r', FrontendStep.REFUSE);

    @Test
    void knowsWhatToDoInEveryPairOfStates() {
        assertThat(TABLE).hasSize(7);
        assertThat(LETTERS.values()).containsExactlyInAnyOrder(FrontendStep.values());
        TABLE.forEach((state, row) -> {
            assertThat(row).hasSize(XenbusState.RECONFIGURED + 1);
            for (int other = 0; other < row.length(); other++) {
                assertThat(state.step(other))
                        .as("%s, backend %s", state, XenbusState.name(other))
                        .isEqualTo(LETTERS.get(row.charAt(other)));
            }
        });
    }

    /** Threats, habit 7: whatever number the other end tells, there is an answer. */
    @Test
    void refusesNumbersThatAreNoStates() {
        for (final FrontendState state : TABLE.keySet()) {
            for (final int other : List.of(-1, 9, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE)) {
                assertThat(state.step(other)).as("%s", state).isEqualTo(FrontendStep.REFUSE);
            }
        }
    }

    @Test
    void beginsTheNextConnectionFromEverywhere() {
        for (final FrontendState state : TABLE.keySet()) {
            assertThat(state.renewed()).isEqualTo(new FrontendState.Initialising(2));
            assertThat(state.renewed().renewed().connection()).isEqualTo(3);
        }
    }

    @Test
    void tellsTheNumbersOfTheWireFacts() {
        final Map<?, ?> names =
                (Map<?, ?>) WireFacts.load("xen-store").value("semantics", "xenbusStates");
        for (final FrontendState state : TABLE.keySet()) {
            final int number = state.wireState();
            assertThat(names.containsKey(number + " " + XenbusState.name(number)))
                    .as("%s", state)
                    .isTrue();
            assertThat(XenbusState.name(number)).isEqualTo(state.getClass().getSimpleName());
        }
        assertThat(names).hasSize(XenbusState.RECONFIGURED + 1);
    }
}
