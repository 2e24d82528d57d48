package io.ringside.xen.netfront.backend;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.TransportChecksum;
import io.ringside.device.host.Packet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Frames as bytes, with whole headers. */
final class TestFrames {
    static final int TCP_HEADERS_IPV4 = 14 + 20 + 20;
    static final int TCP_HEADERS_IPV6 = 14 + 40 + 20;
    static final int ACK_AND_PSH = 0x18;

    private TestFrames() {}

    /** Any bytes, which are no IP. */
    static byte[] plain(final int lengthBytes, final int seed) {
        final byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = (byte) (seed + i * 7);
        }
        bytes[0] = 0;
        if (lengthBytes > 13) {
            bytes[12] = 0x12;
            bytes[13] = 0x34;
        }
        return bytes;
    }

    /** Any bytes to an address. */
    static byte[] to(final long destination, final long source) {
        final byte[] bytes = plain(60, (int) source);
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (destination >>> 40 - 8 * i);
            bytes[6 + i] = (byte) (source >>> 40 - 8 * i);
        }
        return bytes;
    }

    /** TCP over IPv4, its checksum blank: the field holds the sum of the pseudo header. */
    static byte[] tcpIpv4(final int payloadBytes, final int flow) {
        final ByteBuffer frame = ByteBuffer.allocate(TCP_HEADERS_IPV4 + payloadBytes);
        ethernet(frame, 0x0800);
        frame.put((byte) 0x45).put((byte) 0).putShort((short) (40 + payloadBytes));
        frame.putShort((short) 0x4711).putShort((short) 0x4000);
        frame.put((byte) 64).put((byte) 6).putShort((short) 0);
        frame.putInt(0x0a00_0001 + flow).putInt(0x0a00_0002);
        frame.putShort(24, (short) ~sum(frame, 14, 20));
        tcp(frame, payloadBytes, flow);
        long pseudo = sum(frame, 26, 8) + 6 + 20 + payloadBytes;
        pseudo = (pseudo & 0xffff) + (pseudo >>> 16);
        frame.putShort(TCP_HEADERS_IPV4 - 4, (short) pseudo);
        return frame.array();
    }

    /** The same over IPv6. */
    static byte[] tcpIpv6(final int payloadBytes, final int flow) {
        final ByteBuffer frame = ByteBuffer.allocate(TCP_HEADERS_IPV6 + payloadBytes);
        ethernet(frame, 0x86dd);
        frame.putInt(0x6000_0000).putShort((short) (20 + payloadBytes));
        frame.put((byte) 6).put((byte) 64);
        frame.putLong(0xfe80_0000_0000_0000L).putLong(flow + 1);
        frame.putLong(0xfe80_0000_0000_0000L).putLong(9999);
        tcp(frame, payloadBytes, flow);
        long pseudo = sum(frame, 22, 32) + 6 + 20 + payloadBytes;
        pseudo = (pseudo & 0xffff) + (pseudo >>> 16);
        frame.putShort(TCP_HEADERS_IPV6 - 4, (short) pseudo);
        return frame.array();
    }

    private static void ethernet(final ByteBuffer frame, final int type) {
        frame.order(ByteOrder.BIG_ENDIAN);
        frame.put(new byte[] {0, 0x16, 0x3e, 0, 0, 1, 0, 0x16, 0x3e, 0, 0, 2});
        frame.putShort((short) type);
    }

    private static void tcp(final ByteBuffer frame, final int payloadBytes, final int flow) {
        frame.putShort((short) (1000 + flow)).putShort((short) 80);
        frame.putInt(0x1000_0000).putInt(0x2000_0000);
        frame.put((byte) 0x50).put((byte) ACK_AND_PSH).putShort((short) 0x7fff);
        frame.putInt(0);
        for (int i = 0; i < payloadBytes; i++) {
            frame.put((byte) (flow + i * 11 + (i >>> 8)));
        }
    }

    private static int sum(final ByteBuffer frame, final int from, final int count) {
        long sum = 0;
        for (int i = from; i < from + count; i += 2) {
            sum += frame.getShort(i) & 0xffff;
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    /** Whether the transport checksum of a frame is right. */
    static TransportChecksum.Verdict verdict(final byte[] frame) {
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(frame.length));
        memory.putBytes(0, frame);
        return new TransportChecksum().verify(new Packet(1, 0).add(memory, 0, frame.length));
    }

    /** Says of a frame over IPv4 or IPv6 that its TCP checksum is blank. */
    static void blank(final FrameMetadata metadata, final boolean ipv6) {
        metadata.checksumBlank(ipv6 ? 54 : 34, 16);
    }

    /** Part of a frame. */
    static byte[] part(final byte[] frame, final int from, final int count) {
        final byte[] part = new byte[count];
        System.arraycopy(frame, from, part, 0, count);
        return part;
    }
}
