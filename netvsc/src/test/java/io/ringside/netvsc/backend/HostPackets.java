package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisPacket;
import org.agrona.concurrent.UnsafeBuffer;

/** What a host sends, as a test keeps it. */
final class HostPackets {
    private HostPackets() {}

    /** One packet of the host that answers something. */
    record Answer(long id, byte[] bytes) {
        int word(final int at) {
            return new UnsafeBuffer(bytes).getInt(at, LITTLE_ENDIAN);
        }
    }

    /** One RNDIS message of the host, in its receive section. */
    record Received(int channel, byte[] bytes) {
        int word(final int at) {
            return new UnsafeBuffer(bytes).getInt(at, LITTLE_ENDIAN);
        }

        byte[] frame() {
            final RndisPacket packet = new RndisPacket();
            final UnsafeBuffer message = new UnsafeBuffer(bytes);
            if (!packet.read(message, 0, bytes.length)) {
                throw new IllegalStateException("not a packet: bytes=" + bytes.length);
            }
            final byte[] frame = new byte[packet.frameBytes()];
            message.getBytes(packet.frameOffset(), frame);
            return frame;
        }

        PerPacketInfo info() {
            final RndisPacket packet = new RndisPacket();
            final PerPacketInfo info = new PerPacketInfo();
            final UnsafeBuffer message = new UnsafeBuffer(bytes);
            if (!packet.read(message, 0, bytes.length)
                    || !info.read(message, packet.infoOffset(), packet.infoBytes())) {
                throw new IllegalStateException("not sound: bytes=" + bytes.length);
            }
            return info;
        }
    }

    /** One transfer-page packet. */
    record Transfer(int index, long id, int ranges) {}
}
