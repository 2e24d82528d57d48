package io.ringside.perf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.CrossingCosts;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;

/** Whose turn it is, and what time it is then. */
class SimulationTest {
    private static final long WAKE = 3000;
    private static final long SWITCH = 1500;
    private static final long LINE = 50;

    private final Simulation simulation =
            new Simulation(new ModelCosts(CrossingCosts.COUNTS, WAKE, SWITCH, LINE, 0.5));
    private final long begin = simulation.nanoTime();
    private final List<String> told = new ArrayList<>();

    /** What an agent does in a step. */
    @FunctionalInterface
    private interface Step {
        int work() throws Exception;
    }

    private record Steps(Step step) implements Agent {
        @Override
        public int doWork() throws Exception {
            return step.work();
        }

        @Override
        public String roleName() {
            return "steps";
        }
    }

    private Strand strand(final String name, final boolean polls) {
        return new Strand(simulation, name, polls);
    }

    private static void does(final Strand strand, final Step step) {
        strand.does(new Steps(step), () -> 0);
    }

    private void tell(final String what) {
        told.add(simulation.nanoTime() - begin + " " + what);
    }

    @Test
    void handsTheTurnOverInTheMidstOfAStep() {
        final Strand first = strand("first", false);
        final Strand second = strand("second", false);
        does(
                first,
                () -> {
                    tell("first begins");
                    simulation.stall(100);
                    tell("first goes on");
                    simulation.stall(1000);
                    simulation.end();
                    return 1;
                });
        does(
                second,
                () -> {
                    tell("second begins");
                    simulation.stall(70);
                    tell("second goes on");
                    simulation.stall(400);
                    return 1;
                });
        simulation.run();
        assertThat(told)
                .containsExactly(
                        "0 first begins",
                        "0 second begins",
                        "70 second goes on",
                        "100 first goes on",
                        "470 second begins",
                        "540 second goes on",
                        "940 second begins",
                        "1010 second goes on");
    }

    @Test
    void wakesASleeperAtTheRingAndAWakeUpLater() {
        final Strand sleeper = strand("sleeper", false);
        final Strand ringer = strand("ringer", false);
        final int[] steps = new int[2];
        does(
                sleeper,
                () -> {
                    tell("looks");
                    if (steps[0]++ == 2) {
                        simulation.end();
                    }
                    return 0;
                });
        does(
                ringer,
                () -> {
                    if (steps[1]++ > 0) {
                        return 0;
                    }
                    simulation.stall(10_000);
                    sleeper.ring();
                    return 1;
                });
        simulation.run();
        assertThat(told).containsExactly("0 looks", LINE + " looks", 10_000 + WAKE + " looks");
    }

    @Test
    void remembersARingThatFindsItsOwnerAwake() {
        final Strand owner = strand("owner", false);
        final int[] steps = new int[1];
        does(
                owner,
                () -> {
                    tell("looks");
                    if (++steps[0] == 4) {
                        simulation.end();
                    }
                    if (steps[0] == 2) {
                        owner.ring();
                    }
                    return steps[0] == 3 ? 1 : 0;
                });
        simulation.run();
        assertThat(told).containsExactly("0 looks", "50 looks", "100 looks", "150 looks");
    }

    @Test
    void showsAPollerWhatIsWrittenWhenTheLineHasComeOver() {
        final Strand poller = strand("poller", true);
        final Strand writer = strand("writer", true);
        final boolean[] written = new boolean[1];
        does(
                writer,
                () -> {
                    simulation.stall(500);
                    written[0] = true;
                    simulation.stall(5000);
                    return 1;
                });
        does(
                poller,
                () -> {
                    if (written[0]) {
                        tell("seen");
                        simulation.end();
                    }
                    return 0;
                });
        simulation.run();
        assertThat(told).containsExactly(500 + LINE + " seen");
    }

    @Test
    void letsStrandsTakeTurnsOnOneProcessorAndPayForTheSwitch() {
        final HostProcessors one = new HostProcessors(1, SWITCH);
        final int[] steps = new int[1];
        for (final String name : List.of("a", "b")) {
            final Strand strand = strand(name, false);
            strand.runsOn(one);
            does(
                    strand,
                    () -> {
                        tell(name);
                        if (++steps[0] == 4) {
                            simulation.end();
                        }
                        simulation.stall(100);
                        return 1;
                    });
        }
        simulation.run();
        assertThat(told).containsExactly("0 a", "1600 b", "3200 a", "4800 b");
    }

    @Test
    void chargesCopiesByTheByteAndLosesNoFraction() {
        final Strand strand = strand("copies", false);
        final int[] steps = new int[1];
        does(
                strand,
                () -> {
                    tell("copies");
                    simulation.copied(3);
                    if (++steps[0] == 4) {
                        simulation.end();
                    }
                    return 1;
                });
        simulation.run();
        assertThat(told).containsExactly("0 copies", "1 copies", "3 copies", "4 copies");
        assertThat(strand.busyNanos()).isEqualTo(6);
    }

    @Test
    void endsWithWhatAStrandThrows() {
        does(strand("waits", false), () -> 0);
        does(
                strand("fails", false),
                () -> {
                    throw new IllegalArgumentException("as it must");
                });
        assertThatThrownBy(simulation::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("as it must");
    }

    @Test
    void saysSoWhenNobodyWouldEverGoOn() {
        does(strand("sleeps", false), () -> 0);
        assertThatThrownBy(simulation::run).hasMessageContaining("nobody goes on");
    }
}
