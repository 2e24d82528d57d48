package io.ringside.emulated.ide.protocol;

/**
 * Where one IDE channel is: two legacy port ranges, its half of the bus master, its line.
 *
 * @param commandBlock first of eight ports: data, and the task file
 * @param control one port: device control when written, alternate status when read
 * @param busMaster first of eight ports: the bus master's registers for this channel
 * @param irq the interrupt line
 */
public record IdePorts(int commandBlock, int control, int busMaster, int irq) {
    /** Ports in a command block. */
    public static final int COMMAND_BLOCK_PORTS = 8;

    /** Ports of the bus master for one channel. */
    public static final int BUS_MASTER_PORTS = 8;

    /** What our firmware has put into base address register 4 of the PCI function. */
    public static final int BUS_MASTER_BASE = 0xC000;

    /** The first channel, in legacy mode. */
    public static final IdePorts PRIMARY = new IdePorts(0x1F0, 0x3F6, BUS_MASTER_BASE, 14);

    /** The second channel, in legacy mode. */
    public static final IdePorts SECONDARY =
            new IdePorts(0x170, 0x376, BUS_MASTER_BASE + BUS_MASTER_PORTS, 15);
}
