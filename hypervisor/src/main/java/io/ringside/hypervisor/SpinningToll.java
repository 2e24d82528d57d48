package io.ringside.hypervisor;

/** Takes real time: a spin for as long as the charge says. Copies take their own. */
record SpinningToll(Clock clock) implements Toll {
    @Override
    public void stall(final long nanos) {
        final long start = clock.nanoTime();
        while (clock.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void copied(final long lengthBytes) {
        // The bytes were really moved, in real time.
    }
}
