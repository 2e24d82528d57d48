package io.ringside.perf.calibrate;

import io.ringside.perf.measure.CacheLines;
import io.ringside.perf.measure.Machine;
import io.ringside.perf.scenario.RunControl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This host, measured.
 *
 * @param machine what it is
 * @param virtualisation what kind of machine it is
 * @param busyProcessors how busy others kept it just before; negative if unknown
 * @param figures all that was measured, in the order of {@link Quantity}
 * @param guestMode the processor of the guest that was left, in words; empty without a guest
 * @param exitsAreTrue whether figures of exits are those of a guest that ran directly
 * @param remarks one line each: what else must be known to read the figures
 */
public record Calibration(
        Machine machine,
        Virtualisation virtualisation,
        double busyProcessors,
        List<Figure> figures,
        String guestMode,
        boolean exitsAreTrue,
        List<String> remarks) {
    private static final Path PROC = Path.of("/proc");
    private static final Path SYS = Path.of("/sys");
    private static final long LOOK_NANOS = 500_000_000;
    private static final int LINE_ROUNDS = 7;
    private static final long LINE_NANOS = 1_000_000_000; // where others take the processors

    /** Copies the lists. */
    public Calibration {
        figures = List.copyOf(figures);
        remarks = List.copyOf(remarks);
    }

    /**
     * Measures for some seconds.
     *
     * @param kvm where virtual machines are made, usually {@code /dev/kvm}
     */
    public static Calibration run(final Path kvm, final RunControl control)
            throws InterruptedException {
        control.progress("looks how busy the machine is", -1);
        final double busy = Machine.busyProcessors(LOOK_NANOS);
        final List<Figure> figures = new ArrayList<>();
        control.progress("copies memory", -1);
        figures.addAll(MemoryCopies.measure(MemoryCopies.AREA_BYTES));
        control.progress("passes cache lines between threads", -1);
        final Spread lines = lines();
        figures.add(new Figure(Quantity.LINE_ROUND_TRIP, lines));
        figures.add(new Figure(Quantity.LINE_TRANSFER, lines.per(2)));
        control.progress("wakes threads", -1);
        figures.addAll(ThreadWakes.measure());
        final VmExits exits = VmExits.measure(kvm, Virtualisation.isIntel(PROC), control);
        figures.addAll(exits.figures());
        return new Calibration(
                Machine.here(),
                Virtualisation.read(PROC, SYS),
                busy,
                figures,
                exits.mode(),
                !exits.figures().isEmpty() && !exits.interpreted(),
                exits.remarks());
    }

    private static Spread lines() throws InterruptedException {
        final double[] rounds = new double[LINE_ROUNDS];
        final long end = System.nanoTime() + LINE_NANOS;
        int count = 0;
        while (count < LINE_ROUNDS && (count == 0 || System.nanoTime() < end)) {
            rounds[count++] = CacheLines.roundTripNanos();
        }
        return Spread.of(Arrays.copyOf(rounds, count));
    }

    /** The figure of a quantity, or null where it was not measured. */
    public @Nullable Spread nanos(final Quantity quantity) {
        for (final Figure figure : figures) {
            if (figure.quantity() == quantity) {
                return figure.nanos();
            }
        }
        return null;
    }

    /** Whether others kept the machine too busy, or it is too small, for its times. */
    public boolean isDoubtful() {
        return Machine.isBusy(busyProcessors) || machine.processors() < 2;
    }
}
