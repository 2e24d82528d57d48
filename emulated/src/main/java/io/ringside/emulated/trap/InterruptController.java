package io.ringside.emulated.trap;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Vcpu;

/**
 * The two 8259A interrupt controllers of a PC, as far as a driver touches them.
 *
 * <pre>
 *   lines 0 to 7  -> master, ports 0x20 and 0x21 -> the processor
 *   lines 8 to 15 -> slave,  ports 0xA0 and 0xA1 -> line 2 of the master
 *
 *   first port   write  0x20 end of interrupt, highest in service; 0x60 + n the same for line n
 *                       0x0A, 0x0B   choose what a read gives: requests or in-service
 *                       0x11         starts the four initialisation words
 *                read   requests, or lines in service
 *   second port  write  mask: a bit of 1 keeps its line from the processor
 *                read   mask
 *   0x4D0, 0x4D1        edge or level: a bit of 1 makes its line level-triggered
 * </pre>
 *
 * <p>Lines start edge-triggered: a rise makes a request, and a fall before delivery withdraws it. A
 * level-triggered one, as PCI cards want it, asks for as long as it is high. Line 0 has the highest
 * priority, and a line in service holds back itself and all below it until the guest has ended it.
 * All lines start masked. What is left out: vectors (the driver asks for its own line), rotating
 * priorities, automatic end of interrupt, special masks, polling.
 *
 * <p>Source: Intel 8259A data sheet; Intel 82371 (PIIX) for edge or level. Threads: the vCPU's.
 */
public final class InterruptController implements PortDevice {
    /** First port of the master; its mask is at the next one. */
    public static final int MASTER_PORT = 0x20;

    /** First port of the slave; its mask is at the next one. */
    public static final int SLAVE_PORT = 0xA0;

    /** Edge or level of the master's lines; those of the slave are at the next port. */
    public static final int LEVEL_PORT = 0x4D0;

    /** From a chip's first port to its mask. */
    public static final int MASK_OFFSET = 1;

    /** The master's line that the slave drives. */
    public static final int CASCADE_LINE = 2;

    /** Written to a first port: ends the line in service that is added to it. */
    public static final int END_OF_LINE = 0x60;

    /** How many lines one chip has. */
    public static final int CHIP_LINES = 8;

    private static final int PORTS_PER_CHIP = 2;
    private static final int MASTER_LEVEL_LINES = 0xF8; // Timer, keyboard and cascade have edges.
    private static final int SLAVE_LEVEL_LINES = 0xDE; // So have the clock and the coprocessor.

    private final Vcpu vcpu;
    private final Chip master = new Chip();
    private final Chip slave = new Chip();

    /** Makes the pair; deliveries are counted on a processor. */
    public InterruptController(final Vcpu vcpu) {
        this.vcpu = vcpu;
    }

    /** Takes its six ports; the hypervisor answers them itself. */
    public void attachTo(final PortIo ports) {
        ports.registerHypervisors(MASTER_PORT, PORTS_PER_CHIP, this);
        ports.registerHypervisors(SLAVE_PORT, PORTS_PER_CHIP, this);
        ports.registerHypervisors(LEVEL_PORT, PORTS_PER_CHIP, this);
    }

    /**
     * A device drives its line.
     *
     * @param line 0 to 15, and not {@link #CASCADE_LINE}
     * @param high whether the device asks for an interrupt
     */
    public void setLine(final int line, final boolean high) {
        if (line < 0 || line >= 2 * CHIP_LINES || line == CASCADE_LINE) {
            throw new IllegalArgumentException("no such interrupt line: line=" + line);
        }
        if (line < CHIP_LINES) {
            master.setLine(line, high);
        } else {
            slave.setLine(line - CHIP_LINES, high);
            cascade();
        }
    }

    /** Whether {@link #deliver} would deliver this line now. */
    public boolean isPending(final int line) {
        return presented() == line;
    }

    /**
     * The processor takes an interrupt: if this line is the one that the controllers present, it
     * goes into service and one {@link Crossing#INTERRUPT} is counted.
     *
     * @return false if the line is quiet, masked, held back, or not the first
     */
    public boolean deliver(final int line) {
        if (presented() != line) {
            return false;
        }
        if (line >= CHIP_LINES) {
            slave.acknowledge(line - CHIP_LINES);
            master.acknowledge(CASCADE_LINE);
            cascade();
        } else {
            master.acknowledge(line);
        }
        vcpu.cross(Crossing.INTERRUPT);
        return true;
    }

    @Override
    public int in(final int port, final int widthBytes) {
        if (port >= LEVEL_PORT) {
            return (isMaster(port) ? master : slave).level;
        }
        final Chip chip = isMaster(port) ? master : slave;
        return (port & MASK_OFFSET) == 0 ? chip.readFirst() : chip.mask;
    }

    @Override
    public void out(final int port, final int widthBytes, final int value) {
        final Chip chip = isMaster(port) ? master : slave;
        if (port >= LEVEL_PORT) {
            chip.level = value & (chip == master ? MASTER_LEVEL_LINES : SLAVE_LEVEL_LINES);
        } else if ((port & MASK_OFFSET) == 0) {
            chip.writeFirst(value & 0xFF);
        } else {
            chip.writeSecond(value & 0xFF);
        }
        cascade();
    }

    private static boolean isMaster(final int port) {
        return port < SLAVE_PORT || port == LEVEL_PORT;
    }

    private int presented() {
        final int line = master.presented();
        return line == CASCADE_LINE ? CHIP_LINES + slave.presented() : line;
    }

    private void cascade() {
        master.setLine(CASCADE_LINE, slave.presented() != Chip.NOTHING);
    }

    /** One 8259A: eight lines, one output. */
    private static final class Chip {
        static final int NOTHING = -1;

        private static final int INITIALISE = 0x10;
        private static final int WITH_FOURTH_WORD = 0x01;
        private static final int WITHOUT_THIRD_WORD = 0x02;
        private static final int READ_CONTROL = 0x08;
        private static final int READ_CHOICE = 0x02;
        private static final int READ_IN_SERVICE = 0x01;
        private static final int END = 0x20;
        private static final int OF_LINE = 0x40;
        private static final int LINE_MASK = 0x07;

        private int high;
        private int requests;
        private int inService;
        private int mask = 0xFF;
        private int level;
        private boolean readsInService;
        private int initialisationWordsLeft;

        void setLine(final int line, final boolean isHigh) {
            final int bit = 1 << line;
            if (!isHigh) {
                high &= ~bit;
                requests &= ~bit;
            } else if ((high & bit) == 0) {
                high |= bit;
                requests |= bit;
            }
        }

        /** The line that this chip asks for, or {@link #NOTHING}. */
        int presented() {
            final int line = Integer.numberOfTrailingZeros(asking() & ~mask);
            return line < Integer.numberOfTrailingZeros(inService) ? line : NOTHING;
        }

        private int asking() {
            return requests & ~level | high & level;
        }

        void acknowledge(final int line) {
            requests &= ~(1 << line);
            inService |= 1 << line;
        }

        int readFirst() {
            return readsInService ? inService : asking();
        }

        void writeFirst(final int value) {
            if ((value & INITIALISE) != 0) {
                requests = 0;
                inService = 0;
                mask = 0;
                readsInService = false;
                initialisationWordsLeft =
                        1
                                + ((value & WITHOUT_THIRD_WORD) == 0 ? 1 : 0)
                                + ((value & WITH_FOURTH_WORD) != 0 ? 1 : 0);
            } else if ((value & READ_CONTROL) != 0) {
                if ((value & READ_CHOICE) != 0) {
                    readsInService = (value & READ_IN_SERVICE) != 0;
                }
            } else if ((value & END) != 0) {
                inService &=
                        (value & OF_LINE) != 0
                                ? ~(1 << (value & LINE_MASK))
                                : ~Integer.lowestOneBit(inService);
            }
        }

        void writeSecond(final int value) {
            if (initialisationWordsLeft > 0) {
                initialisationWordsLeft--;
            } else {
                mask = value;
            }
        }
    }
}
