package io.ringside.device.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Key, addresses, ports and hashes are the examples of Microsoft's text. */
final class FlowHashTest {
    private static final String KEY =
            "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa";
    private static final String ADDRESSES4 = "420995bb a18e6450";
    private static final String ADDRESSES6 =
            "3ffe250102001fff0000000000000007 3ffe2501020000030000000000000001";
    private static final String PORTS = "0aea 06e6";
    private static final int IPV4 = 0x323E_8FC2;
    private static final int TCP_IPV4 = 0x51CC_C178;
    private static final int IPV6 = 0x2CC1_8CD5;
    private static final int TCP_IPV6 = 0x4020_7D3D;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION = 60;
    private static final int DO_NOT_FRAGMENT = 0x4000;

    private final Toeplitz toeplitz = new Toeplitz();
    private final FlowHash flowHash = new FlowHash(toeplitz);
    private final FrameMetadata metadata = new FrameMetadata();

    @BeforeEach
    void enableAll() {
        toeplitz.key(new UnsafeBuffer(HexFormat.of().parseHex(KEY)), 0, 40);
        flowHash.enable(EnumSet.allOf(HashType.class));
    }

    private static TestFrame ip4(
            final int protocol, final int fragment, final String options, final String... tags) {
        return new TestFrame()
                .ethernet(tags)
                .hex("0800")
                .ipv4(protocol, fragment, ADDRESSES4, options, 20)
                .hex(PORTS)
                .bytes(new byte[16]);
    }

    private static TestFrame ip6(final int nextHeader, final String extensions) {
        return new TestFrame()
                .ethernet()
                .hex("86dd")
                .ipv6(nextHeader, ADDRESSES6, 20 + extensions.replace(" ", "").length() / 2)
                .hex(extensions)
                .hex(PORTS)
                .bytes(new byte[16]);
    }

    private void hashes(final TestFrame frame, final HashType type, final int hash) {
        hashes(frame.toBytes(), type, hash);
    }

    private void hashes(final byte[] frame, final HashType type, final int hash) {
        flowHash.hash(new UnsafeBuffer(frame), 0, frame.length, metadata);
        assertThat(metadata.hashType()).isEqualTo(type);
        assertThat(metadata.hash()).isEqualTo(hash);
    }

    @Test
    void takesThePortsOfTcp() {
        hashes(ip4(TCP, DO_NOT_FRAGMENT, ""), HashType.TCP_IPV4, TCP_IPV4);
        hashes(ip6(TCP, ""), HashType.TCP_IPV6, TCP_IPV6);
    }

    @Test
    void takesTheAddressesAloneOfWhatIsNotTcp() {
        hashes(ip4(UDP, 0, ""), HashType.IPV4, IPV4);
        hashes(ip6(UDP, ""), HashType.IPV6, IPV6);
    }

    @Test
    void fallsBackToTheTypesThatAreEnabled() {
        flowHash.enable(EnumSet.of(HashType.IPV4, HashType.TCP_IPV6));
        hashes(ip4(TCP, 0, ""), HashType.IPV4, IPV4);
        hashes(ip6(TCP, ""), HashType.TCP_IPV6, TCP_IPV6);
        hashes(ip6(UDP, ""), HashType.NONE, 0);
        flowHash.enable(EnumSet.of(HashType.TCP_IPV4, HashType.IPV6));
        hashes(ip4(UDP, 0, ""), HashType.NONE, 0);
        hashes(ip4(TCP, 0, ""), HashType.TCP_IPV4, TCP_IPV4);
        hashes(ip6(TCP, ""), HashType.IPV6, IPV6);
        flowHash.enable(EnumSet.noneOf(HashType.class));
        hashes(ip4(TCP, 0, ""), HashType.NONE, 0);
        hashes(ip6(TCP, ""), HashType.NONE, 0);
    }

    @Test
    void findsThePortsBehindTagsAndOptions() {
        hashes(ip4(TCP, 0, "", "8100"), HashType.TCP_IPV4, TCP_IPV4);
        hashes(ip4(TCP, 0, "", "88a8", "8100"), HashType.TCP_IPV4, TCP_IPV4);
        hashes(ip4(TCP, 0, "", "88a8", "8100", "8100"), HashType.NONE, 0);
        hashes(ip4(TCP, 0, "01010101 00000000"), HashType.TCP_IPV4, TCP_IPV4);
        hashes(ip4(TCP, 0, "01010101".repeat(10), "8100"), HashType.TCP_IPV4, TCP_IPV4);
    }

    @Test
    void takesNoPortsOfAFragment() {
        hashes(ip4(TCP, 0x2000, ""), HashType.IPV4, IPV4);
        hashes(ip4(TCP, 0x0001, ""), HashType.IPV4, IPV4);
        hashes(ip4(TCP, 0x1FFF, ""), HashType.IPV4, IPV4);
        hashes(ip6(FRAGMENT, "0600 0001 00000001"), HashType.IPV6, IPV6);
    }

    @Test
    void goesAlongTheExtensionHeadersOfIpv6() {
        final String hops = "2b00 0104 00000000";
        final String routing = "3c02 0000 00000000" + "00".repeat(16);
        final String destination = "3300 0104 00000000";
        final String authentication = "0604 0000" + "00".repeat(20);
        hashes(
                ip6(HOP_BY_HOP, hops + routing + destination + authentication),
                HashType.TCP_IPV6,
                TCP_IPV6);
        hashes(ip6(ROUTING, "0600 0000 00000000"), HashType.TCP_IPV6, TCP_IPV6);
        hashes(ip6(AUTHENTICATION, "0601 0000 00000000 00000000"), HashType.TCP_IPV6, TCP_IPV6);
    }

    @Test
    void goesAlongEightExtensionHeadersAndNoMore() {
        final String more = "3c00 0104 00000000";
        final String last = "0600 0104 00000000";
        hashes(ip6(DESTINATION, more.repeat(7) + last), HashType.TCP_IPV6, TCP_IPV6);
        hashes(ip6(DESTINATION, more.repeat(8) + last), HashType.IPV6, IPV6);
    }

    @Test
    void hashesWhatIsWholeOfAFrameCutShort() {
        final byte[] tcp4 = ip4(TCP, 0, "01010101").toBytes();
        for (int length = 0; length < tcp4.length; length++) {
            final byte[] cut = Arrays.copyOf(tcp4, length);
            if (length < 34) {
                hashes(cut, HashType.NONE, 0);
            } else if (length < 42) {
                hashes(cut, HashType.IPV4, IPV4);
            } else {
                hashes(cut, HashType.TCP_IPV4, TCP_IPV4);
            }
        }
        final byte[] tcp6 = ip6(DESTINATION, "0601 0104" + "00".repeat(12)).toBytes();
        for (int length = 0; length < tcp6.length; length++) {
            final byte[] cut = Arrays.copyOf(tcp6, length);
            if (length < 54) {
                hashes(cut, HashType.NONE, 0);
            } else if (length < 74) {
                hashes(cut, HashType.IPV6, IPV6);
            } else {
                hashes(cut, HashType.TCP_IPV6, TCP_IPV6);
            }
        }
    }

    @Test
    void hashesNothingThatIsNotIp() {
        hashes(new TestFrame().ethernet().hex("0806").bytes(new byte[46]), HashType.NONE, 0);
        final byte[] wrongVersion = ip4(TCP, 0, "").toBytes();
        wrongVersion[14] = 0x65;
        hashes(wrongVersion, HashType.NONE, 0);
        wrongVersion[14] = 0x44;
        hashes(wrongVersion, HashType.NONE, 0);
        final byte[] four = ip6(TCP, "").toBytes();
        four[14] = 0x45;
        hashes(four, HashType.NONE, 0);
    }

    @Test
    void readsHeadersInAnyPieces() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final byte[] frame = ip6(DESTINATION, "0601 0104" + "00".repeat(12)).toBytes();
        for (int round = 0; round < 500; round++) {
            final int[] ends = random.ints(1 + random.nextInt(6), 1, frame.length).toArray();
            final int[] places = Arrays.stream(ends).sorted().distinct().toArray();
            metadata.clear();
            flowHash.hash(TestFrame.inPieces(frame, places), metadata);
            assertThat(metadata.hash())
                    .as("%s round %s ends %s", seed, round, Arrays.toString(places))
                    .isEqualTo(TCP_IPV6);
        }
    }

    @Test
    void readsNoByteBeyondAFrameOfRandomBytes() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final byte[][] starts = {
            ip4(TCP, 0, "01010101").toBytes(),
            ip6(DESTINATION, "0601 0104" + "00".repeat(12)).toBytes()
        };
        for (int round = 0; round < 20_000; round++) {
            final byte[] frame = Arrays.copyOf(starts[round & 1], random.nextInt(120));
            for (int i = 0; i < 4 && frame.length > 14; i++) {
                frame[14 + random.nextInt(frame.length - 14)] = (byte) random.nextInt();
            }
            flowHash.hash(new UnsafeBuffer(frame), 0, frame.length, metadata);
            assertThat(metadata.hashType() == HashType.NONE && metadata.hash() != 0)
                    .as("%s round %s", seed, round)
                    .isFalse();
        }
    }
}
