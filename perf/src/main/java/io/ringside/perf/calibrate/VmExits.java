package io.ringside.perf.calibrate;

import io.ringside.perf.scenario.RunControl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to leave a guest and come back, by a guest of our own.
 *
 * <p>First in real mode. A kernel that cannot run that in hardware interprets it, which the time of
 * an instruction that leaves nobody gives away; then the guest is a 64-bit one in user mode, which
 * runs directly everywhere.
 *
 * @param figures what could be measured; none where there is no virtual machine monitor
 * @param mode the guest's processor, in words; empty where there is none
 * @param interpreted whether even its plain instructions are interpreted, so that no exit is true
 * @param remarks one line each: what was found, and what could not be measured and why
 */
public record VmExits(
        List<Figure> figures, String mode, boolean interpreted, List<String> remarks) {
    /** Above this a turn of {@code loop} is no hardware's: it takes a processor 1 to 7 cycles. */
    private static final double INTERPRETED_NANOS = 50;

    private static final long PATIENCE_SECONDS = 8;
    private static final long WARM_UP_NANOS = 100_000_000;
    private static final long ROUND_NANOS = 15_000_000;
    private static final int ROUNDS = 9;
    private static final int WARM_UP_TURNS = 100;
    private static final int LEAST_TURNS = 20;
    private static final int MOST_TURNS = 50_000; // the counter of a real-mode loop has 16 bits
    private static final int NO_SUCH_HYPERCALL = -1000;
    private static final int NOT_FROM_USER_MODE = -1;

    /** Copies the lists. */
    public VmExits {
        figures = List.copyOf(figures);
        remarks = List.copyOf(remarks);
    }

    /**
     * Measures with a device of the kernel, usually {@code /dev/kvm}.
     *
     * <p>The guest runs on a thread of its own: a monitor that never comes back is left alone, and
     * the thread ends with the process.
     *
     * @param intel whether a hypercall is encoded as Intel's, not AMD's
     */
    public static VmExits measure(final Path device, final boolean intel, final RunControl control)
            throws InterruptedException {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return none("the guest is made of x86 code, and this is another processor");
        }
        final FutureTask<VmExits> task = new FutureTask<>(() -> here(device, intel, control));
        final Thread thread = new Thread(task, "vm-exits");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (final TimeoutException e) {
            task.cancel(true);
            return none(
                    "nothing within "
                            + PATIENCE_SECONDS
                            + " s: the machine is too busy, or "
                            + device
                            + " does not give the guest back");
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof KvmRefusedException refused) {
                return none(refused.getMessage());
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static VmExits none(final @Nullable String why) {
        return new VmExits(
                List.of(),
                "",
                false,
                List.of("exits: none measured, those of the profile today are used: " + why));
    }

    private static VmExits here(final Path device, final boolean intel, final RunControl control)
            throws KvmRefusedException {
        final List<Figure> figures = new ArrayList<>();
        final List<String> remarks = new ArrayList<>();
        GuestMode mode = GuestMode.REAL;
        final Spread real = spread(device, mode, GuestProgram.SPIN);
        figures.add(new Figure(Quantity.INSTRUCTION_REAL, real));
        boolean interpreted = real.median() > INTERPRETED_NANOS;
        if (interpreted) {
            mode = GuestMode.USER_64;
            final Spread direct = spread(device, mode, GuestProgram.SPIN);
            figures.add(new Figure(Quantity.INSTRUCTION_64, direct));
            interpreted = direct.median() > INTERPRETED_NANOS;
            remarks.add(
                    interpreted
                            ? "exits: the kernel interprets the guest: these are no true exits"
                            : "exits: the kernel interprets real mode: the guest is a 64-bit one"
                                    + " in user mode, which runs directly");
        }
        final GuestProgram hypercall = intel ? GuestProgram.VMCALL : GuestProgram.VMMCALL;
        final GuestProgram[] programs = {
            GuestProgram.PORT_OUT,
            GuestProgram.PORT_IN,
            GuestProgram.STRING_IN,
            GuestProgram.MMIO_WRITE,
            GuestProgram.MMIO_READ,
            GuestProgram.CONTROLLER_OUT,
            GuestProgram.EVENT_OUT,
            hypercall
        };
        for (int i = 0; i < programs.length && !Thread.currentThread().isInterrupted(); i++) {
            control.progress("exits of a guest", (double) i / programs.length);
            try {
                figures.add(new Figure(quantity(programs[i]), spread(device, mode, programs[i])));
                if (programs[i] == GuestProgram.STRING_IN) {
                    remarks.add(
                            "string-in: exits for a rep insw of 256 words: "
                                    + stringExits(device, mode));
                }
            } catch (final KvmRefusedException e) {
                remarks.add(quantity(programs[i]).key() + ": not measured: " + e.getMessage());
            }
        }
        return new VmExits(figures, mode.text(), interpreted, remarks);
    }

    /** How often one block of words comes out: once for all of it, or once a word. */
    private static int stringExits(final Path device, final GuestMode mode)
            throws KvmRefusedException {
        try (KvmGuest guest = KvmGuest.open(device, mode)) {
            guest.start(GuestProgram.STRING_IN, 1);
            int exits = 0;
            while (!isEnd(guest, guest.run()) && exits < KvmGuest.BLOCK_WORDS) {
                exits++;
            }
            return exits;
        }
    }

    private static Quantity quantity(final GuestProgram program) {
        return switch (program) {
            case SPIN -> Quantity.INSTRUCTION_REAL;
            case PORT_OUT -> Quantity.PORT_OUT;
            case PORT_IN -> Quantity.PORT_IN;
            case STRING_IN -> Quantity.STRING_IN;
            case MMIO_WRITE -> Quantity.MMIO_WRITE;
            case MMIO_READ -> Quantity.MMIO_READ;
            case CONTROLLER_OUT -> Quantity.CONTROLLER_OUT;
            case EVENT_OUT -> Quantity.EVENT_OUT;
            case VMCALL, VMMCALL -> Quantity.HYPERCALL;
        };
    }

    private static Spread spread(
            final Path device, final GuestMode mode, final GuestProgram program)
            throws KvmRefusedException {
        try (KvmGuest guest = KvmGuest.open(device, mode)) {
            double each = 0;
            final long warm = System.nanoTime() + WARM_UP_NANOS;
            do {
                each = round(guest, program, WARM_UP_TURNS);
            } while (System.nanoTime() < warm);
            final int turns =
                    (int) Math.clamp(ROUND_NANOS / Math.max(each, 1), LEAST_TURNS, MOST_TURNS);
            final double[] rounds = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                rounds[i] = round(guest, program, turns);
            }
            return Spread.of(rounds);
        }
    }

    /** Runs a program to its end and proves that it did what it is for; nanoseconds a turn. */
    static double round(final KvmGuest guest, final GuestProgram program, final int turns)
            throws KvmRefusedException {
        guest.start(program, turns);
        long answered = 0;
        final long start = System.nanoTime();
        int reason = guest.run();
        while (!isEnd(guest, reason)) {
            if (reason == KvmLayout.EXIT_IO && guest.port() == GuestProgram.MODEL_PORT) {
                answered += guest.accesses();
            } else if (reason == KvmLayout.EXIT_MMIO) {
                answered++;
            } else {
                throw new KvmRefusedException(unexpected(guest, reason));
            }
            reason = guest.run();
        }
        final long nanos = System.nanoTime() - start;
        check(guest, program, turns, answered);
        return (double) nanos / turns;
    }

    private static boolean isEnd(final KvmGuest guest, final int reason) {
        return reason == KvmLayout.EXIT_IO && guest.port() == GuestProgram.END_PORT;
    }

    private static String unexpected(final KvmGuest guest, final int reason) {
        return switch (reason) {
            case KvmLayout.EXIT_IO -> "the guest uses port " + guest.port();
            case KvmLayout.EXIT_SHUTDOWN -> "the guest may not do it";
            case KvmLayout.EXIT_FAIL_ENTRY -> "the processor refuses to enter the guest";
            case KvmLayout.EXIT_INTERNAL_ERROR -> "KVM fails, error " + guest.internalError();
            default -> "the guest stops for reason " + reason;
        };
    }

    private static void check(
            final KvmGuest guest, final GuestProgram program, final int turns, final long answered)
            throws KvmRefusedException {
        final long each = program == GuestProgram.STRING_IN ? KvmGuest.BLOCK_WORDS : 1;
        final long expected = program.exitsToUs() ? turns * each : 0;
        if (answered != expected) {
            throw new KvmRefusedException(answered + " accesses came out, not " + expected);
        }
        if (program == GuestProgram.EVENT_OUT) {
            final long events = guest.events();
            if (events != turns) {
                throw new KvmRefusedException(events + " events came, not " + turns);
            }
        }
        if (program == GuestProgram.VMCALL || program == GuestProgram.VMMCALL) {
            final int answer = guest.eax();
            if (answer != NO_SUCH_HYPERCALL && answer != NOT_FROM_USER_MODE) {
                throw new KvmRefusedException("the kernel answered " + answer);
            }
        }
    }
}
