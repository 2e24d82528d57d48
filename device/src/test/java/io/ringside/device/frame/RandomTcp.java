package io.ringside.device.frame;

import java.util.SplittableRandom;

/**
 * A frame of TCP with random headers: tags, options, extension headers, flags, payload. Checksums
 * and lengths are random too.
 */
final class RandomTcp {
    private static final int TCP = 6;
    private static final int DESTINATION = 60;

    final byte[] bytes;
    final int network;
    final int transport;
    final int headerBytes;
    final boolean isIpv4;

    RandomTcp(final SplittableRandom random, final int payloadBytes) {
        final int tags = random.nextInt(3);
        final TestFrame frame =
                new TestFrame().ethernet(new String[][] {{}, {"8100"}, {"88a8", "8100"}}[tags]);
        network = 14 + 4 * tags;
        isIpv4 = random.nextBoolean();
        final byte[] tcp = new byte[20 + 4 * random.nextInt(11)];
        random.nextBytes(tcp);
        tcp[12] = (byte) ((tcp.length / 4) << 4 | random.nextInt(16));
        if (isIpv4) {
            final String options = "01010100".repeat(random.nextInt(11));
            frame.hex("0800")
                    .ipv4(TCP, 0x4000, "0a000001 c0a80102", options, random.nextInt(60000));
            transport = network + 20 + options.length() / 2;
        } else {
            final int extensions = random.nextInt(4);
            frame.hex("86dd")
                    .ipv6(
                            extensions > 0 ? DESTINATION : TCP,
                            "fe80" + "00".repeat(13) + "01" + "2001" + "00".repeat(13) + "02",
                            random.nextInt(60000));
            for (int i = 1; i <= extensions; i++) {
                frame.hex(i < extensions ? "3c00 0104 00000000" : "0600 0104 00000000");
            }
            transport = network + 40 + 8 * extensions;
        }
        headerBytes = transport + tcp.length;
        final byte[] payload = new byte[payloadBytes];
        random.nextBytes(payload);
        bytes = frame.bytes(tcp).bytes(payload).toBytes();
        if (isIpv4) {
            bytes[network + 4] = (byte) random.nextInt();
            bytes[network + 5] = (byte) 0xFE;
            bytes[network + 10] = (byte) random.nextInt();
        }
    }

    int version() {
        return isIpv4 ? 4 : 6;
    }

    SegmentationType type() {
        return isIpv4 ? SegmentationType.TCP_IPV4 : SegmentationType.TCP_IPV6;
    }

    /** What its segment of that number is, made by the plainest way there is. */
    byte[] segment(final int number, final int segmentPayload, final boolean blank) {
        final int first = number * segmentPayload;
        final int count = Math.min(segmentPayload, bytes.length - headerBytes - first);
        final byte[] segment = new byte[headerBytes + count];
        System.arraycopy(bytes, 0, segment, 0, headerBytes);
        System.arraycopy(bytes, headerBytes + first, segment, headerBytes, count);
        if (isIpv4) {
            put(segment, network + 2, segment.length - network);
            put(segment, network + 4, get(bytes, network + 4) + number);
            put(segment, network + 10, 0);
            put(segment, network + 10, ~NaiveChecksum.sum(0, segment, network, transport));
        } else {
            put(segment, network + 4, segment.length - network - 40);
        }
        final int sequence = get(bytes, transport + 4) << 16 | get(bytes, transport + 6);
        put(segment, transport + 4, (sequence + first) >>> 16);
        put(segment, transport + 6, sequence + first);
        if (number > 0) {
            segment[transport + 13] &= (byte) ~0x80;
        }
        if (first + count < bytes.length - headerBytes) {
            segment[transport + 13] &= (byte) ~0x09;
        }
        final int pseudo =
                NaiveChecksum.pseudoHeader(
                        segment,
                        isIpv4 ? network + 12 : network + 8,
                        isIpv4 ? network + 20 : network + 40,
                        TCP,
                        segment.length - transport);
        put(segment, transport + 16, blank ? pseudo : 0);
        if (!blank) {
            put(
                    segment,
                    transport + 16,
                    ~NaiveChecksum.sum(pseudo, segment, transport, segment.length));
        }
        return segment;
    }

    static int get(final byte[] bytes, final int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    static void put(final byte[] bytes, final int at, final int word) {
        bytes[at] = (byte) (word >>> 8);
        bytes[at + 1] = (byte) word;
    }
}
