package io.ringside.netvsc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class OffloadLayoutTest {
    private static final WireFacts FACTS = WireFacts.load("hv-netvsc");
    private static final byte STALE = (byte) 0xa5;

    @Test
    void laysWhatAHostOffersAtTheBytesOfHypervNetH() {
        final WireFacts.Struct offload = FACTS.struct("ndis_offload");
        final WireFacts.Struct sums = FACTS.struct("ndis_csum_offload");
        final WireFacts.Struct lso1 = FACTS.struct("ndis_lsov1_offload");
        final WireFacts.Struct lso2 = FACTS.struct("ndis_lsov2_offload");
        final UnsafeBuffer memory = stale(NdisOffload.BYTES);
        final NdisOffload told =
                new NdisOffload()
                        .wrap(memory, 0, NdisOffload.BYTES)
                        .putNothing()
                        .putChecksumIpv4(0x155, 0x154)
                        .putChecksumIpv6(0x55, 0x54)
                        .putLargeSend1(60000, 2)
                        .putLargeSendIpv4(61000, 3)
                        .putLargeSendIpv6(62000, 4, 5)
                        .putCoalescing(true, true);
        assertThat(offload.size()).isEqualTo(NdisOffload.BYTES);
        assertThat(FACTS.constant("NDIS_OFFLOAD_SIZE_6_0")).isEqualTo(NdisOffload.LEAST_BYTES);
        assertThat(FACTS.constant("NDIS_OFFLOAD_SIZE_6_1")).isEqualTo(NdisOffload.BYTES_6_1);
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[NdisOffload.BYTES]);
        expected.putByte(0, (byte) FACTS.constant("NDIS_OBJECT_TYPE_OFFLOAD"));
        expected.putByte(1, (byte) 3);
        expected.putShort(2, (short) offload.size());
        final int csum = offload.offset("csum");
        for (final String encapsulation :
                new String[] {"ip4_txenc", "ip4_rxenc", "ip6_txenc", "ip6_rxenc"}) {
            expected.putInt(
                    csum + sums.offset(encapsulation),
                    (int) FACTS.constant("NDIS_OFFLOAD_ENCAP_8023"));
        }
        expected.putInt(csum + sums.offset("ip4_txcsum"), 0x155);
        expected.putInt(csum + sums.offset("ip4_rxcsum"), 0x154);
        expected.putInt(csum + sums.offset("ip6_txcsum"), 0x55);
        expected.putInt(csum + sums.offset("ip6_rxcsum"), 0x54);
        expected.putInt(offload.offset("lsov1") + lso1.offset("encap"), 2);
        expected.putInt(offload.offset("lsov1") + lso1.offset("maxsize"), 60000);
        expected.putInt(offload.offset("lsov1") + lso1.offset("minsegs"), 2);
        expected.putInt(offload.offset("lsov2") + lso2.offset("ip4_encap"), 2);
        expected.putInt(offload.offset("lsov2") + lso2.offset("ip4_maxsz"), 61000);
        expected.putInt(offload.offset("lsov2") + lso2.offset("ip4_minsg"), 3);
        expected.putInt(offload.offset("lsov2") + lso2.offset("ip6_encap"), 2);
        expected.putInt(offload.offset("lsov2") + lso2.offset("ip6_maxsz"), 62000);
        expected.putInt(offload.offset("lsov2") + lso2.offset("ip6_minsg"), 4);
        expected.putInt(offload.offset("lsov2") + lso2.offset("ip6_opts"), 5);
        expected.putByte(offload.offset("rsc"), (byte) 1);
        expected.putByte(offload.offset("rsc") + 1, (byte) 1);
        assertThat(hex(memory)).isEqualTo(hex(expected));
        assertThat(told.sendChecksumIpv4()).isEqualTo(0x155);
        assertThat(told.receiveChecksumIpv6()).isEqualTo(0x54);
        assertThat(told.largeSend1Bytes()).isEqualTo(60000);
        assertThat(told.largeSendIpv4Bytes()).isEqualTo(61000);
        assertThat(told.largeSendIpv6Bytes()).isEqualTo(62000);
        assertThat(told.largeSendIpv6Options()).isEqualTo(5);
        assertThat(told.coalescesIpv4() && told.coalescesIpv6()).isTrue();
        told.wrap(memory, 0, NdisOffload.BYTES_6_1);
        assertThat(told.coalescesIpv4()).isFalse();
    }

    @Test
    void numbersTheBitsOfSumsAsHypervNetH() {
        assertThat(FACTS.constant("NDIS_TXCSUM_CAP_TCP4")).isEqualTo(NdisOffload.SEND_TCP4);
        assertThat(FACTS.constant("NDIS_TXCSUM_CAP_UDP4")).isEqualTo(NdisOffload.SEND_UDP4);
        assertThat(FACTS.constant("NDIS_TXCSUM_CAP_IP4")).isEqualTo(NdisOffload.SEND_IPV4);
        assertThat(FACTS.constant("NDIS_TXCSUM_CAP_TCP6")).isEqualTo(NdisOffload.SEND_TCP6);
        assertThat(FACTS.constant("NDIS_TXCSUM_CAP_UDP6")).isEqualTo(NdisOffload.SEND_UDP6);
        assertThat(FACTS.constant("NDIS_RXCSUM_CAP_IP4")).isEqualTo(NdisOffload.RECEIVE_IPV4);
        assertThat(FACTS.constant("NDIS_LSOV2_CAP_IP6EXT"))
                .isEqualTo(NdisOffload.LSO_IPV6_EXTENSIONS);
        assertThat(FACTS.constant("NDIS_LSOV2_CAP_TCP6OPT"))
                .isEqualTo(NdisOffload.LSO_TCP6_OPTIONS);
    }

    @Test
    void laysWhatAGuestWantsAtTheBytesOfHypervNetH() {
        final WireFacts.Struct params = FACTS.struct("ndis_offload_params");
        final UnsafeBuffer memory = stale(OffloadParameters.BYTES);
        final OffloadParameters wanted =
                new OffloadParameters()
                        .wrap(memory, 0, OffloadParameters.BYTES)
                        .putNothing()
                        .putChecksumIpv4(4, 3, 2)
                        .putChecksumIpv6(1, 4)
                        .putLargeSend(1, 2, 1)
                        .putCoalescing(2, 1);
        assertThat(params.size()).isEqualTo(OffloadParameters.BYTES);
        assertThat(FACTS.constant("VERSION_4_OFFLOAD_SIZE"))
                .isEqualTo(OffloadParameters.BYTES_VERSION_4);
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[OffloadParameters.BYTES]);
        expected.putByte(0, (byte) FACTS.constant("NDIS_OBJECT_TYPE_DEFAULT"));
        expected.putByte(1, (byte) FACTS.constant("NDIS_OFFLOAD_PARAMETERS_REVISION_3"));
        expected.putShort(2, (short) params.size());
        expected.putByte(params.offset("ip_v4_csum"), (byte) 4);
        expected.putByte(params.offset("tcp_ip_v4_csum"), (byte) 3);
        expected.putByte(params.offset("udp_ip_v4_csum"), (byte) 2);
        expected.putByte(params.offset("tcp_ip_v6_csum"), (byte) 1);
        expected.putByte(params.offset("udp_ip_v6_csum"), (byte) 4);
        expected.putByte(params.offset("lso_v1"), (byte) 1);
        expected.putByte(params.offset("lso_v2_ipv4"), (byte) 2);
        expected.putByte(params.offset("lso_v2_ipv6"), (byte) 1);
        expected.putByte(params.offset("rsc_ip_v4"), (byte) 2);
        expected.putByte(params.offset("rsc_ip_v6"), (byte) 1);
        assertThat(hex(memory)).isEqualTo(hex(expected));
        assertThat(wanted.checksumUdpIpv6()).isEqualTo(OffloadParameters.SUMS_BOTH);
        assertThat(wanted.largeSendIpv4()).isEqualTo(OffloadParameters.ON);
        assertThat(wanted.coalescingIpv4()).isEqualTo(OffloadParameters.ON);
        wanted.wrap(memory, 0, OffloadParameters.BYTES_VERSION_4);
        assertThat(wanted.coalescingIpv4()).isEqualTo(OffloadParameters.NO_CHANGE);
    }

    @Test
    void laysReceiveScalingAtTheBytesOfHypervNetH() {
        final WireFacts.Struct cap = FACTS.struct("ndis_recv_scale_cap");
        final UnsafeBuffer memory = stale(RssCapabilities.BYTES);
        final RssCapabilities capabilities = new RssCapabilities().wrap(memory, 0);
        capabilities.put(0x301, 7, 8, 128);
        assertThat(cap.size()).isEqualTo(RssCapabilities.BYTES);
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[cap.size()]);
        expected.putByte(0, (byte) FACTS.constant("NDIS_OBJECT_TYPE_RSS_CAPABILITIES"));
        expected.putByte(1, (byte) FACTS.constant("NDIS_RECEIVE_SCALE_CAPABILITIES_REVISION_2"));
        expected.putShort(2, (short) cap.size());
        expected.putInt(cap.offset("cap_flag"), 0x301);
        expected.putInt(cap.offset("num_int_msg"), 7);
        expected.putInt(cap.offset("num_recv_que"), 8);
        expected.putShort(cap.offset("num_indirect_tabent"), (short) 128);
        assertThat(hex(memory)).isEqualTo(hex(expected));
        assertThat(capabilities.queues()).isEqualTo(8);
        assertThat(capabilities.entries()).isEqualTo(128);
    }

    @Test
    void laysTheTableAndTheKeyOfReceiveScalingBehindItsHeader() {
        final WireFacts.Struct param = FACTS.struct("ndis_recv_scale_param");
        final int length = RssParameters.bytes(128);
        final UnsafeBuffer memory = stale(length);
        final UnsafeBuffer key =
                new UnsafeBuffer(HexFormat.of().parseHex((String) FACTS.value("rssDefaultKey")));
        final RssParameters wanted = new RssParameters().wrap(memory, 0, length);
        wanted.put(RssParameters.DISABLE, 0x1601, 128, key);
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[length]);
        expected.putByte(0, (byte) FACTS.constant("NDIS_OBJECT_TYPE_RSS_PARAMETERS"));
        expected.putByte(1, (byte) 2);
        expected.putShort(2, (short) param.size());
        expected.putShort(param.offset("flag"), (short) 16);
        expected.putInt(param.offset("hashinfo"), 0x1601);
        expected.putShort(param.offset("indirect_tabsize"), (short) 512);
        expected.putInt(param.offset("indirect_taboffset"), param.size());
        expected.putShort(param.offset("hashkey_size"), (short) 40);
        expected.putInt(param.offset("hashkey_offset"), param.size() + 512);
        for (int i = 0; i < 128; i++) {
            wanted.putEntry(i, i % 3);
            expected.putInt(param.size() + i * 4, i % 3);
        }
        expected.putBytes(param.size() + 512, key, 0, 40);
        assertThat(param.size()).isEqualTo(RssParameters.HEADER_BYTES);
        assertThat(hex(memory)).isEqualTo(hex(expected));
        assertThat(wanted.isSound()).isTrue();
        assertThat(wanted.channel(127)).isEqualTo(1);
        final UnsafeBuffer copied = new UnsafeBuffer(new byte[40]);
        wanted.copyKey(copied);
        assertThat(hex(copied)).isEqualTo(hex(key));
    }

    @Test
    void refusesATableOrAKeyThatLiesOutside() {
        final WireFacts.Struct param = FACTS.struct("ndis_recv_scale_param");
        final int length = RssParameters.bytes(16);
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[length]);
        final UnsafeBuffer key = new UnsafeBuffer(new byte[40]);
        final RssParameters wanted = new RssParameters().wrap(memory, 0, length);
        for (final String field : new String[] {"indirect_taboffset", "hashkey_offset"}) {
            for (final int offset : new int[] {0, 39, length - 39, -1, 0x7fff_ffff}) {
                wanted.put(0, 0, 16, key);
                memory.putInt(param.offset(field), offset);
                assertThat(wanted.isSound()).as("%s=%d", field, offset).isFalse();
            }
        }
        for (final int tableBytes : new int[] {0, 2, 516, 0xfffc}) {
            wanted.put(0, 0, 16, key);
            memory.putShort(param.offset("indirect_tabsize"), (short) tableBytes);
            assertThat(wanted.isSound()).as("tableBytes=%d", tableBytes).isFalse();
        }
        wanted.put(0, 0, 16, key);
        memory.putShort(param.offset("hashkey_size"), (short) 41);
        assertThat(wanted.isSound()).isFalse();
    }

    @Test
    void laysAnAddressAsTextAtTheBytesOfHypervNetH() {
        final WireFacts.Struct info = FACTS.struct("rndis_config_parameter_info");
        final int length = RndisConfigParameter.ADDRESS_BYTES;
        final UnsafeBuffer memory = stale(length);
        final RndisConfigParameter parameter = new RndisConfigParameter().wrap(memory, 0, length);
        parameter.putAddress(0x00155dabcdefL);
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[length]);
        expected.putInt(info.offset("parameter_name_offset"), info.size());
        expected.putInt(
                info.offset("parameter_name_length"), 2 * (int) FACTS.constant("NWADR_STRLEN"));
        expected.putInt(
                info.offset("parameter_type"),
                (int) FACTS.constant("RNDIS_CONFIG_PARAM_TYPE_STRING"));
        expected.putInt(info.offset("parameter_value_offset"), info.size() + 28);
        expected.putInt(info.offset("parameter_value_length"), 24);
        final String text = FACTS.value("constants", "NWADR_STR") + "00155DABCDEF";
        for (int i = 0; i < text.length(); i++) {
            expected.putShort(info.size() + 2 * i, (short) text.charAt(i));
        }
        assertThat(hex(memory)).isEqualTo(hex(expected));
        assertThat(parameter.address()).isEqualTo(0x00155dabcdefL);
    }

    /** Row 31: what is no digit, and what lies outside, is no address. */
    @Test
    void refusesAnAddressThatIsNone() {
        final int length = RndisConfigParameter.ADDRESS_BYTES;
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[length]);
        final RndisConfigParameter parameter = new RndisConfigParameter().wrap(memory, 0, length);
        for (final int letter : new int[] {0, '/', ':', 'G', 'g', 0x660, 0xff21, 0xffff}) {
            parameter.putAddress(1);
            memory.putShort(length - 2, (short) letter);
            assertThat(parameter.address()).as("%x", letter).isEqualTo(-1);
        }
        for (int word = 0; word < 5; word++) {
            for (final int value : new int[] {0, 19, length - 3, length, 0x7fff_ffff, -1}) {
                parameter.putAddress(1);
                memory.putInt(word * 4, value);
                assertThat(parameter.address()).as("word %d=%d", word, value).isEqualTo(-1);
            }
        }
        assertThat(new RndisConfigParameter().wrap(memory, 0, 19).address()).isEqualTo(-1);
    }

    private static UnsafeBuffer stale(final int lengthBytes) {
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[lengthBytes]);
        memory.setMemory(0, lengthBytes, STALE);
        return memory;
    }

    private static String hex(final UnsafeBuffer memory) {
        return HexFormat.ofDelimiter(" ").formatHex(memory.byteArray());
    }
}
