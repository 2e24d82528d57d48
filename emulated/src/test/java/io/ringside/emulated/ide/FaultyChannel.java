package io.ringside.emulated.ide;

import io.ringside.emulated.trap.PortDevice;
import java.util.function.Consumer;
import java.util.function.IntBinaryOperator;
import org.agrona.concurrent.UnsafeBuffer;

/** A channel between the ports and a model that hands everything on, until it is told to lie. */
public final class FaultyChannel implements PortDevice {
    private final PortDevice model;
    private IntBinaryOperator lie = FaultyChannel::truth;
    private Consumer<UnsafeBuffer> spoiler = memory -> {};

    FaultyChannel(final PortDevice model) {
        this.model = model;
    }

    /** What the guest reads from now on, by port and true value. */
    public void lie(final IntBinaryOperator newLie) {
        lie = newLie;
    }

    /** What happens from now on to data that the guest has fetched in one exit. */
    public void spoil(final Consumer<UnsafeBuffer> newSpoiler) {
        spoiler = newSpoiler;
    }

    /** The truth again. */
    public void honest() {
        lie = FaultyChannel::truth;
        spoiler = memory -> {};
    }

    private static int truth(final int port, final int value) {
        return value;
    }

    @Override
    public int in(final int port, final int widthBytes) {
        return lie.applyAsInt(port, model.in(port, widthBytes));
    }

    @Override
    public void out(final int port, final int widthBytes, final int value) {
        model.out(port, widthBytes, value);
    }

    @Override
    public void inWords(final int port, final UnsafeBuffer memory) {
        model.inWords(port, memory);
        spoiler.accept(memory);
    }

    @Override
    public void outWords(final int port, final UnsafeBuffer memory) {
        model.outWords(port, memory);
    }
}
