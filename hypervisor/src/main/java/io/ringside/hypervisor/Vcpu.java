package io.ringside.hypervisor;

/**
 * One virtual processor: where crossings are counted, and charged when a cost profile says so.
 *
 * <p>What a charge does is its {@link Toll}'s: with real time it is a spin on the thread that
 * crosses, for as long as the real crossing would have stalled it. Copies are counted beside the
 * crossings, in bytes, and the toll is told of them.
 *
 * <p>Threads: one writer, the half that runs on it. Others read the counts after that half has
 * stopped, or accept figures that lag behind.
 */
@SuppressWarnings("EnumOrdinal") // An index into the arrays of this object, never stored.
public final class Vcpu {
    private static final Crossing[] CROSSINGS = Crossing.values();

    private final String name;
    private final Toll toll;
    private final long[] counts = new long[CROSSINGS.length];
    private final int[] costNanos = new int[CROSSINGS.length];
    private final int handOverNanos;
    private long bytesCopied;

    /**
     * Makes a processor.
     *
     * @param name what traces and reports call it
     * @param costs what each crossing is charged
     * @param clock measures the charges
     */
    public Vcpu(final String name, final CrossingCosts costs, final Clock clock) {
        this(name, costs, new SpinningToll(clock));
    }

    /**
     * Makes a processor whose charges somebody else takes.
     *
     * @param name what traces and reports call it
     * @param costs what each crossing is charged
     * @param toll takes the charges
     */
    public Vcpu(final String name, final CrossingCosts costs, final Toll toll) {
        this.name = name;
        this.toll = toll;
        for (final Crossing crossing : CROSSINGS) {
            costNanos[crossing.ordinal()] = costs.nanos(crossing);
        }
        handOverNanos = costs.handOverNanos();
    }

    /** What traces and reports call it. */
    public String name() {
        return name;
    }

    /** One crossing. */
    public void cross(final Crossing crossing) {
        cross(crossing, 1);
    }

    /** So many crossings of one kind, charged together. */
    public void cross(final Crossing crossing, final int times) {
        final int kind = crossing.ordinal();
        counts[kind] += times;
        final long charge = (long) costNanos[kind] * times;
        if (charge != 0) {
            toll.stall(charge);
        }
    }

    /** One crossing that is charged nothing: the cost of another one holds it. */
    public void crossUncharged(final Crossing crossing) {
        counts[crossing.ordinal()]++;
    }

    /**
     * Another thread is told to answer an exit: one {@link Crossing#KICK}, which the exit carries,
     * charged what the hand-over costs beside the exit and nothing of its own.
     */
    public void handOver() {
        crossUncharged(Crossing.KICK);
        if (handOverNanos != 0) {
            toll.stall(handOverNanos);
        }
    }

    /** So many bytes copied by this half from one buffer to another. */
    public void copied(final long lengthBytes) {
        bytesCopied += lengthBytes;
        toll.copied(lengthBytes);
    }

    /** How many crossings of a kind there were. */
    public long count(final Crossing crossing) {
        return counts[crossing.ordinal()];
    }

    /** How many bytes this half copied. */
    public long bytesCopied() {
        return bytesCopied;
    }
}
