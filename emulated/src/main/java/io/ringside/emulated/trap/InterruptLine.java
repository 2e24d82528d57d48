package io.ringside.emulated.trap;

/**
 * A driver's accesses to the interrupt controllers, for its one line. Each access is one exit.
 *
 * <p>Threads: the vCPU's.
 */
public final class InterruptLine {
    private final PortIo io;
    private final InterruptController interrupts;
    private final int line;

    /** For a line of the controllers behind these ports. */
    public InterruptLine(final PortIo io, final InterruptController interrupts, final int line) {
        this.io = io;
        this.interrupts = interrupts;
        this.line = line;
    }

    /** Whether the processor takes an interrupt of this line now; if so, {@link #end} it. */
    public boolean deliver() {
        return interrupts.deliver(line);
    }

    /** Lets the line through both controllers. */
    public void unmask() {
        change(InterruptController.MASTER_PORT, masterLine(), 0, InterruptController.MASK_OFFSET);
        if (isSlave()) {
            change(InterruptController.SLAVE_PORT, chipLine(), 0, InterruptController.MASK_OFFSET);
        }
    }

    /** Keeps the line from the processor, at the chip that it is wired to. */
    public void mask() {
        final int chip =
                isSlave() ? InterruptController.SLAVE_PORT : InterruptController.MASTER_PORT;
        change(chip, chipLine(), 1, InterruptController.MASK_OFFSET);
    }

    /** Makes the line level-triggered, as firmware does for a PCI card. */
    public void levelTriggered() {
        change(InterruptController.LEVEL_PORT, chipLine(), 1, isSlave() ? 1 : 0);
    }

    /** Ends the interrupt at both controllers. */
    public void end() {
        if (isSlave()) {
            io.outb(InterruptController.SLAVE_PORT, InterruptController.END_OF_LINE + chipLine());
        }
        io.outb(InterruptController.MASTER_PORT, InterruptController.END_OF_LINE + masterLine());
    }

    private void change(final int chip, final int bit, final int value, final int offset) {
        final int old = io.inb(chip + offset);
        io.outb(chip + offset, old & ~(1 << bit) | value << bit);
    }

    private boolean isSlave() {
        return line >= InterruptController.CHIP_LINES;
    }

    private int chipLine() {
        return line % InterruptController.CHIP_LINES;
    }

    private int masterLine() {
        return isSlave() ? InterruptController.CASCADE_LINE : line;
    }
}
