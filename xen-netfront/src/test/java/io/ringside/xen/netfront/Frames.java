package io.ringside.xen.netfront;

import io.ringside.device.frame.InternetChecksum;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Ethernet frames of TCP, as a guest would send them. */
final class Frames {
    private static final int ETHERNET_BYTES = 14;
    private static final int TCP_BYTES = 20;

    private Frames() {}

    /**
     * A frame of TCP over IPv4 or IPv6 with so many bytes of payload.
     *
     * @param blank whether its checksum is that of the pseudo header alone
     */
    static byte[] tcp(final int version, final int payloadBytes, final boolean blank) {
        return tcp(version, payloadBytes, blank, 1);
    }

    /** The same of one flow of many. */
    static byte[] tcp(
            final int version, final int payloadBytes, final boolean blank, final int flow) {
        final int ipBytes = version == 4 ? 20 : 40;
        final int transport = ETHERNET_BYTES + ipBytes;
        final byte[] bytes = Workload.pattern(transport + TCP_BYTES + payloadBytes, flow);
        final UnsafeBuffer frame = new UnsafeBuffer(bytes);
        frame.setMemory(ETHERNET_BYTES, ipBytes + TCP_BYTES, (byte) 0);
        frame.putShort(12, (short) (version == 4 ? 0x0800 : 0x86dd), ByteOrder.BIG_ENDIAN);
        final int tcpBytes = TCP_BYTES + payloadBytes;
        if (version == 4) {
            putIpv4(frame, tcpBytes, flow);
        } else {
            putIpv6(frame, tcpBytes, flow);
        }
        frame.putShort(transport, (short) (1024 + flow), ByteOrder.BIG_ENDIAN);
        frame.putShort(transport + 2, (short) 80, ByteOrder.BIG_ENDIAN);
        frame.putInt(transport + 4, 0x01020304 * flow, ByteOrder.BIG_ENDIAN);
        frame.putByte(transport + 12, (byte) 0x50);
        frame.putByte(transport + 13, (byte) 0x10);
        final int addresses = version == 4 ? 8 : 32;
        int sum = InternetChecksum.add(0, frame, transport - addresses, addresses);
        sum = InternetChecksum.addWord(sum, 6);
        sum = InternetChecksum.addWord(sum, tcpBytes);
        frame.putShort(transport + 16, (short) sum, ByteOrder.BIG_ENDIAN);
        if (!blank) {
            final int all = InternetChecksum.add(0, frame, transport, tcpBytes);
            frame.putShort(
                    transport + 16, (short) InternetChecksum.finish(all), ByteOrder.BIG_ENDIAN);
        }
        return bytes;
    }

    private static void putIpv4(final UnsafeBuffer frame, final int tcpBytes, final int flow) {
        frame.putByte(ETHERNET_BYTES, (byte) 0x45);
        frame.putShort(ETHERNET_BYTES + 2, (short) (20 + tcpBytes), ByteOrder.BIG_ENDIAN);
        frame.putByte(ETHERNET_BYTES + 8, (byte) 64);
        frame.putByte(ETHERNET_BYTES + 9, (byte) 6);
        frame.putInt(ETHERNET_BYTES + 12, 0x0a000001 + flow, ByteOrder.BIG_ENDIAN);
        frame.putInt(ETHERNET_BYTES + 16, 0x0a000002, ByteOrder.BIG_ENDIAN);
        final int sum = InternetChecksum.add(0, frame, ETHERNET_BYTES, 20);
        frame.putShort(
                ETHERNET_BYTES + 10, (short) InternetChecksum.finish(sum), ByteOrder.BIG_ENDIAN);
    }

    private static void putIpv6(final UnsafeBuffer frame, final int tcpBytes, final int flow) {
        frame.putByte(ETHERNET_BYTES, (byte) 0x60);
        frame.putShort(ETHERNET_BYTES + 4, (short) tcpBytes, ByteOrder.BIG_ENDIAN);
        frame.putByte(ETHERNET_BYTES + 6, (byte) 6);
        frame.putByte(ETHERNET_BYTES + 7, (byte) 64);
        frame.putLong(ETHERNET_BYTES + 8, 0x20010db800000000L, ByteOrder.BIG_ENDIAN);
        frame.putLong(ETHERNET_BYTES + 16, flow, ByteOrder.BIG_ENDIAN);
        frame.putLong(ETHERNET_BYTES + 24, 0x20010db800000000L, ByteOrder.BIG_ENDIAN);
        frame.putLong(ETHERNET_BYTES + 32, 2, ByteOrder.BIG_ENDIAN);
    }
}
