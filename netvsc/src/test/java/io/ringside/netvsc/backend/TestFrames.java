package io.ringside.netvsc.backend;

import io.ringside.device.frame.InternetChecksum;
import org.agrona.concurrent.UnsafeBuffer;

/** Frames for tests. */
final class TestFrames {
    static final long GUEST = 0x00_15_5D_00_00_01L;
    static final long OTHER = 0x00_15_5D_00_00_02L;
    static final long EVERYBODY = 0xFFFF_FFFF_FFFFL;

    private TestFrames() {}

    /** A frame of no protocol, of so many bytes. */
    static byte[] plain(final long to, final int lengthBytes, final int fill) {
        final byte[] frame = new byte[lengthBytes];
        for (int i = 14; i < lengthBytes; i++) {
            frame[i] = (byte) (fill + i);
        }
        putAddress(frame, 0, to);
        putAddress(frame, 6, OTHER);
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xB5;
        return frame;
    }

    private static void putAddress(final byte[] frame, final int at, final long address) {
        for (int i = 0; i < 6; i++) {
            frame[at + i] = (byte) (address >>> (5 - i) * 8);
        }
    }

    /** TCP over IPv4, whole: all sums right. */
    static byte[] tcp4(final int ports, final int payloadBytes) {
        final byte[] frame = new byte[54 + payloadBytes];
        final UnsafeBuffer b = new UnsafeBuffer(frame);
        putAddress(frame, 0, GUEST);
        putAddress(frame, 6, OTHER);
        put(b, 12, 0x0800);
        put(b, 14, 0x4500);
        put(b, 16, 40 + payloadBytes);
        put(b, 18, 7);
        put(b, 22, 0x4006);
        put(b, 26, 0x0A00);
        put(b, 28, 0x0001);
        put(b, 30, 0x0A00);
        put(b, 32, 0x0002);
        put(b, 34, ports);
        put(b, 36, 80);
        put(b, 46, 0x5018);
        put(b, 48, 1000);
        for (int i = 0; i < payloadBytes; i++) {
            frame[54 + i] = (byte) (i * 7);
        }
        put(b, 24, InternetChecksum.finish(InternetChecksum.add(0, b, 14, 20)));
        put(b, 50, pseudo4(b, 6, 20 + payloadBytes));
        put(b, 50, InternetChecksum.finish(InternetChecksum.add(0, b, 34, 20 + payloadBytes)));
        return frame;
    }

    /** UDP over IPv4, whole. */
    static byte[] udp4(final int payloadBytes) {
        final byte[] tcp = tcp4(1000, payloadBytes);
        final byte[] frame = new byte[42 + payloadBytes];
        System.arraycopy(tcp, 0, frame, 0, 38);
        System.arraycopy(tcp, 54, frame, 42, payloadBytes);
        final UnsafeBuffer b = new UnsafeBuffer(frame);
        put(b, 16, 28 + payloadBytes);
        put(b, 22, 0x4011);
        put(b, 24, 0);
        put(b, 24, InternetChecksum.finish(InternetChecksum.add(0, b, 14, 20)));
        put(b, 38, 8 + payloadBytes);
        put(b, 40, pseudo4(b, 17, 8 + payloadBytes));
        put(b, 40, InternetChecksum.finish(InternetChecksum.add(0, b, 34, 8 + payloadBytes)));
        return frame;
    }

    /** TCP over IPv6, whole. */
    static byte[] tcp6(final int ports, final int payloadBytes) {
        final byte[] tcp = tcp4(ports, payloadBytes);
        final byte[] frame = new byte[74 + payloadBytes];
        System.arraycopy(tcp, 0, frame, 0, 12);
        System.arraycopy(tcp, 34, frame, 54, 20 + payloadBytes);
        final UnsafeBuffer b = new UnsafeBuffer(frame);
        put(b, 12, 0x86DD);
        put(b, 14, 0x6000);
        put(b, 18, 20 + payloadBytes);
        put(b, 20, 0x0640);
        put(b, 22, 0xFE80);
        put(b, 36, 1);
        put(b, 38, 0xFE80);
        put(b, 52, 2);
        put(b, 70, pseudo6(b, 6, 20 + payloadBytes));
        put(b, 70, InternetChecksum.finish(InternetChecksum.add(0, b, 54, 20 + payloadBytes)));
        return frame;
    }

    /** The same frame with its transport sum blank: the pseudo header alone. */
    static byte[] blank(final byte[] whole) {
        final byte[] frame = whole.clone();
        final UnsafeBuffer b = new UnsafeBuffer(frame);
        if ((frame[12] & 0xFF) == 0x86) {
            put(b, 70, pseudo6(b, 6, frame.length - 54));
        } else if (frame[23] == 6) {
            put(b, 50, pseudo4(b, 6, frame.length - 34));
        } else {
            put(b, 40, pseudo4(b, 17, frame.length - 34));
        }
        return frame;
    }

    /** A frame to be cut, as a guest leaves it: no length, no sum of the IP header. */
    static byte[] large(final byte[] whole) {
        final byte[] frame = blank(whole);
        final UnsafeBuffer b = new UnsafeBuffer(frame);
        if ((frame[12] & 0xFF) == 0x86) {
            put(b, 18, 0);
            put(b, 70, pseudo6(b, 6, 0));
        } else {
            put(b, 16, 0);
            put(b, 24, 0);
            put(b, 50, pseudo4(b, 6, 0));
        }
        return frame;
    }

    private static int pseudo4(final UnsafeBuffer b, final int protocol, final int bytes) {
        final int sum = InternetChecksum.add(0, b, 26, 8);
        return InternetChecksum.addWord(InternetChecksum.addWord(sum, protocol), bytes);
    }

    private static int pseudo6(final UnsafeBuffer b, final int protocol, final int bytes) {
        final int sum = InternetChecksum.add(0, b, 22, 32);
        return InternetChecksum.addWord(InternetChecksum.addWord(sum, protocol), bytes);
    }

    /** Whether the sum of the IPv4 header is right. */
    static boolean isIpv4HeaderRight(final byte[] frame) {
        return InternetChecksum.add(0, new UnsafeBuffer(frame), 14, 20) == 0xFFFF;
    }

    /** Whether the transport sum of TCP over IPv4 or IPv6, or UDP over IPv4, is right. */
    static boolean isTransportRight(final byte[] frame) {
        final UnsafeBuffer b = new UnsafeBuffer(frame);
        final boolean ipv6 = (frame[12] & 0xFF) == 0x86;
        final int start = ipv6 ? 54 : 34;
        final int bytes = frame.length - start;
        final int pseudo = ipv6 ? pseudo6(b, 6, bytes) : pseudo4(b, frame[23], bytes);
        return InternetChecksum.addWord(pseudo, InternetChecksum.add(0, b, start, bytes)) == 0xFFFF;
    }

    static int word(final byte[] frame, final int at) {
        return (frame[at] & 0xFF) << 8 | frame[at + 1] & 0xFF;
    }

    private static void put(final UnsafeBuffer b, final int at, final int value) {
        b.putShort(at, (short) value, java.nio.ByteOrder.BIG_ENDIAN);
    }
}
