package io.ringside.device.net;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;

/**
 * A switch between several backends.
 *
 * <p>It learns from each frame at which port its source is. A frame to an address that it knows
 * leaves by that port alone; one to a group, or to an address that it does not know, leaves by all
 * ports but the one it came by. A frame to an address at the port it came by goes nowhere, as on
 * any bridge, and is no drop. Time is what {@link #timeIs} was last given.
 *
 * <p>A slow backend harms itself only: when its shelf is full, the frame is dropped for it, counted
 * at its port, and goes on to the others.
 *
 * <p>VLAN tags are carried, but do not divide the switch. Offloads are carried as they are: all
 * ports take blank checksums and frames still to be cut, and a backend whose guest takes neither
 * does that work.
 *
 * <p>Threads: one for the switch and all of its ports. Source: IEEE 802.1D, 7.7 to 7.9.
 */
public final class LearningSwitch {
    private static final int HEADER_BYTES = 14;
    private static final int GROUP_BIT_SHIFT = 40;

    private final Port[] ports;
    private final MacTable table;
    private long nowNanos;

    /**
     * Makes a switch.
     *
     * @param portCount how many ports it has
     * @param slots most packets that wait or are lent at one port
     * @param maxFrameBytes most bytes of one packet, from 14 on
     * @param tableEntries most addresses that it remembers: a power of two from 8 on
     * @param ageLimitNanos how long it remembers an address that is not seen again
     */
    public LearningSwitch(
            final int portCount,
            final int slots,
            final int maxFrameBytes,
            final int tableEntries,
            final long ageLimitNanos) {
        if (portCount <= 0 || maxFrameBytes < HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "no such switch: portCount=" + portCount + " maxFrameBytes=" + maxFrameBytes);
        }
        this.table = new MacTable(tableEntries, ageLimitNanos);
        this.ports = new Port[portCount];
        for (int i = 0; i < portCount; i++) {
            ports[i] = new Port(i, new PacketShelf(slots, maxFrameBytes));
        }
    }

    /** One port; always the same for a number. */
    public PacketPort port(final int number) {
        return ports[number];
    }

    /** Says what time it is, by any clock that does not go back. */
    public void timeIs(final long newNowNanos) {
        nowNanos = newNowNanos;
    }

    private void forward(final Packet packet, final Port from) {
        final long destination = address(packet, 0);
        final long source = address(packet, 6);
        if (!isGroup(source)) {
            table.learn(source, from.number, nowNanos);
        }
        final int known =
                isGroup(destination) ? MacTable.NOWHERE : table.portOf(destination, nowNanos);
        if (known == MacTable.NOWHERE) {
            for (final Port port : ports) {
                if (port != from) {
                    port.deliver(packet);
                }
            }
        } else if (known != from.number) {
            ports[known].deliver(packet);
        }
    }

    /** Six bytes of the header, which may be divided among segments. */
    private static long address(final Packet packet, final int offsetBytes) {
        int segment = 0;
        int at = offsetBytes;
        long address = 0;
        for (int i = 0; i < 6; i++) {
            while (at >= packet.segment(segment).capacity()) {
                at -= packet.segment(segment).capacity();
                segment++;
            }
            address = (address << Byte.SIZE) | (packet.segment(segment).getByte(at) & 0xFF);
            at++;
        }
        return address;
    }

    /** Whether an address means several receivers: the lowest bit of its first byte. */
    private static boolean isGroup(final long address) {
        return (address >>> GROUP_BIT_SHIFT & 1) != 0;
    }

    private final class Port extends ShelfPort {
        private final int number;

        Port(final int number, final PacketShelf shelf) {
            super(shelf);
            this.number = number;
        }

        /** Always true: there is no room to wait for that is the sender's own. */
        @Override
        public boolean send(final Packet packet) {
            if (mayLeave(packet.totalBytes(), HEADER_BYTES)) {
                forward(packet, this);
            }
            return true;
        }

        void deliver(final Packet packet) {
            if (!isLinkUp() || shelf.isFull()) {
                drop(1);
            } else {
                put(packet);
            }
        }

        /** What was learnt at this port is flooded from then on. */
        @Override
        public void close() {
            super.close();
            table.forget(number);
        }
    }
}
