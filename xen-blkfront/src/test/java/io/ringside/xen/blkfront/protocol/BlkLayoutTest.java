package io.ringside.xen.blkfront.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.WireFacts;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BlkLayoutTest {
    private static final WireFacts FACTS = WireFacts.load("xen-blkif");
    private static final byte STALE = (byte) 0xa5;

    @ParameterizedTest
    @ValueSource(strings = {"x86_64-abi", "x86_32-abi"})
    void laysARequestAtTheBytesOfBlkifH(final String protocolName) {
        final BlkAbi abi = abi(protocolName);
        final WireFacts.Struct struct = FACTS.struct("blkif_request" + suffix(abi));
        final UnsafeBuffer slot = stale(abi.requestBytes());

        new BlkRequest(abi)
                .wrap(slot, 0)
                .put(0x11, 0x22, 0x3344, 0x0102030405060708L, 0x1112131415161718L);

        assertThat(abi.requestBytes()).isEqualTo(struct.size());
        final UnsafeBuffer expected = stale(abi.requestBytes());
        expected.setMemory(0, struct.offset("seg"), (byte) 0);
        expected.putByte(struct.offset("operation"), (byte) 0x11);
        expected.putByte(struct.offset("nr_segments"), (byte) 0x22);
        expected.putShort(struct.offset("handle"), (short) 0x3344);
        expected.putLong(struct.offset("id"), 0x0102030405060708L);
        expected.putLong(struct.offset("sector_number"), 0x1112131415161718L);
        assertThat(hex(slot)).isEqualTo(hex(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x86_64-abi", "x86_32-abi"})
    void laysEverySegmentAtTheBytesOfBlkifH(final String protocolName) {
        final BlkAbi abi = abi(protocolName);
        final WireFacts.Struct request = FACTS.struct("blkif_request" + suffix(abi));
        final WireFacts.Struct struct = FACTS.struct("blkif_request_segment");
        final UnsafeBuffer slot = stale(abi.requestBytes());
        final BlkRequest flyweight = new BlkRequest(abi).wrap(slot, 0);
        final BlkSegment segment = new BlkSegment();

        final UnsafeBuffer expected = stale(abi.requestBytes());
        for (int i = 0; i < BlkRequest.MAX_SEGMENTS; i++) {
            flyweight.segment(i, segment).put(0x01020304 + i, i % 8, 7);
            final int at = request.offset("seg") + i * struct.size();
            expected.setMemory(at, struct.size(), (byte) 0);
            expected.putInt(at + struct.offset("gref"), 0x01020304 + i);
            expected.putByte(at + struct.offset("first_sect"), (byte) (i % 8));
            expected.putByte(at + struct.offset("last_sect"), (byte) 7);
        }
        assertThat(BlkSegment.BYTES).isEqualTo(struct.size());
        assertThat(request.size("seg")).isEqualTo(BlkRequest.MAX_SEGMENTS * BlkSegment.BYTES);
        assertThat(hex(slot)).isEqualTo(hex(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x86_64-abi", "x86_32-abi"})
    void laysADiscardAtTheBytesOfBlkifH(final String protocolName) {
        final BlkAbi abi = abi(protocolName);
        final WireFacts.Struct struct = FACTS.struct("blkif_request_discard" + suffix(abi));
        final UnsafeBuffer slot = stale(abi.requestBytes());

        final BlkDiscardRequest request =
                new BlkDiscardRequest(abi)
                        .wrap(slot, 0)
                        .put(0xf1, 0xfe44, -0x0102030405060708L, -0x1112131415161718L, -5);

        final UnsafeBuffer expected = stale(abi.requestBytes());
        expected.setMemory(0, struct.size(), (byte) 0);
        expected.putByte(struct.offset("operation"), (byte) FACTS.constant("BLKIF_OP_DISCARD"));
        expected.putByte(struct.offset("flag"), (byte) 0xf1);
        expected.putShort(struct.offset("handle"), (short) 0xfe44);
        expected.putLong(struct.offset("id"), -0x0102030405060708L);
        expected.putLong(struct.offset("sector_number"), -0x1112131415161718L);
        expected.putLong(struct.offset("nr_sectors"), -5);
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(request.flags()).isEqualTo(0xf1);
        assertThat(request.handle()).isEqualTo(0xfe44);
        assertThat(request.id()).isEqualTo(-0x0102030405060708L);
        assertThat(request.sector()).isEqualTo(-0x1112131415161718L);
        assertThat(request.sectorCount()).isEqualTo(-5);
        assertThat(BlkDiscardRequest.SECURE)
                .isEqualTo((int) FACTS.constant("BLKIF_DISCARD_SECURE"));
        assertVariant(abi, "discard", "u.discard.flag", struct.offset("flag"));
        assertVariant(abi, "discard", "u.discard.nr_sectors", struct.offset("nr_sectors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x86_64-abi", "x86_32-abi"})
    void laysAnIndirectRequestAtTheBytesOfBlkifH(final String protocolName) {
        final BlkAbi abi = abi(protocolName);
        final WireFacts.Struct struct = FACTS.struct("blkif_request_indirect" + suffix(abi));
        final UnsafeBuffer slot = stale(abi.requestBytes());

        final BlkIndirectRequest request =
                new BlkIndirectRequest(abi)
                        .wrap(slot, 0)
                        .put(0xf1, 0xfe22, 0xfe44, -0x0102030405060708L, -0x1112131415161718L);
        for (int i = 0; i < BlkIndirectRequest.MAX_PAGES - 1; i++) {
            request.putPage(i, -0x01020304 + i);
        }

        final UnsafeBuffer expected = stale(abi.requestBytes());
        expected.setMemory(0, struct.size(), (byte) 0);
        expected.putByte(struct.offset("operation"), (byte) FACTS.constant("BLKIF_OP_INDIRECT"));
        expected.putByte(struct.offset("indirect_op"), (byte) 0xf1);
        expected.putShort(struct.offset("nr_segments"), (short) 0xfe22);
        expected.putLong(struct.offset("id"), -0x0102030405060708L);
        expected.putLong(struct.offset("sector_number"), -0x1112131415161718L);
        expected.putShort(struct.offset("handle"), (short) 0xfe44);
        for (int i = 0; i < BlkIndirectRequest.MAX_PAGES - 1; i++) {
            expected.putInt(struct.offset("indirect_grefs") + i * 4, -0x01020304 + i);
            assertThat(request.page(i)).isEqualTo(-0x01020304 + i);
        }
        assertThat(hex(slot)).isEqualTo(hex(expected));
        assertThat(request.page(BlkIndirectRequest.MAX_PAGES - 1)).isZero();
        assertThat(request.innerOperation()).isEqualTo(0xf1);
        assertThat(request.segmentCount()).isEqualTo(0xfe22);
        assertThat(request.handle()).isEqualTo(0xfe44);
        assertThat(request.id()).isEqualTo(-0x0102030405060708L);
        assertThat(request.sector()).isEqualTo(-0x1112131415161718L);
        assertVariant(abi, "indirect", "u.indirect.handle", struct.offset("handle"));
        final int pages = struct.offset("indirect_grefs");
        assertVariant(abi, "indirect", "u.indirect.indirect_grefs", pages);
    }

    /** The backend of Linux has structs of its own: a field lies in them where ours does. */
    private static void assertVariant(
            final BlkAbi abi, final String shape, final String field, final int offset) {
        final String name =
                (abi == BlkAbi.X86_32 ? "x86_32 " : "x86_64 ") + shape + " (linux blkback)";
        final List<?> fields = (List<?>) FACTS.value("requestVariants", name, "fields");
        assertThat(fields)
                .anySatisfy(fact -> {
                    assertThat(((Map<?, ?>) fact).get("name")).isEqualTo(field);
                    assertThat(((Map<?, ?>) fact).get("offset")).isEqualTo(offset);
                });
    }

    @Test
    void countsThePagesThatSegmentsFill() {
        assertThat(BlkIndirectRequest.MAX_PAGES)
                .isEqualTo((int) FACTS.constant("BLKIF_MAX_INDIRECT_PAGES_PER_REQUEST"));
        assertThat(BlkIndirectRequest.SEGMENTS_PER_PAGE)
                .isEqualTo(driverConstant("SEGS_PER_INDIRECT_FRAME"));
        assertThat(BlkIndirectRequest.pageCount(1)).isEqualTo(1);
        assertThat(BlkIndirectRequest.pageCount(512)).isEqualTo(1);
        assertThat(BlkIndirectRequest.pageCount(513)).isEqualTo(2);
        assertThat(BlkIndirectRequest.pageCount(BlkIndirectRequest.MAX_SEGMENTS)).isEqualTo(8);
        final BlkIndirectRequest request =
                new BlkIndirectRequest(BlkAbi.X86_32).wrap(stale(108), 0);
        assertThatThrownBy(() -> request.page(8)).hasMessage("no such page: index=8");
        assertThatThrownBy(() -> request.putPage(-1, 1)).hasMessage("no such page: index=-1");
    }

    /** Row 4 (XSA-216): what a response does not say must not be what lay there before. */
    @ParameterizedTest
    @ValueSource(strings = {"x86_64-abi", "x86_32-abi"})
    void laysAResponseAtTheBytesOfBlkifHAndZeroesItsPadding(final String protocolName) {
        final BlkAbi abi = abi(protocolName);
        final WireFacts.Struct struct = FACTS.struct("blkif_response" + suffix(abi));
        final UnsafeBuffer memory = stale(abi.responseBytes());

        new BlkResponse(abi).wrap(memory, 0).put(0x0102030405060708L, 0x11, -2);

        assertThat(abi.responseBytes()).isEqualTo(struct.size());
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[struct.size()]);
        expected.putLong(struct.offset("id"), 0x0102030405060708L);
        expected.putByte(struct.offset("operation"), (byte) 0x11);
        expected.putShort(struct.offset("status"), (short) -2);
        assertThat(hex(memory)).isEqualTo(hex(expected));
    }

    @Test
    void readsUnsignedFieldsWideAndTheStatusSigned() {
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[BlkAbi.X86_64.requestBytes()]);
        final BlkRequest request =
                new BlkRequest(BlkAbi.X86_64).wrap(slot, 0).put(0xfe, 0xff, 0xfffd, -3, -4);
        final BlkSegment segment = request.segment(10, new BlkSegment());
        segment.put(-5, 0xfa, 0xf9);

        assertThat(request.operation()).isEqualTo(0xfe);
        assertThat(request.segmentCount()).isEqualTo(0xff);
        assertThat(request.handle()).isEqualTo(0xfffd);
        assertThat(request.id()).isEqualTo(-3);
        assertThat(request.sector()).isEqualTo(-4);
        assertThat(segment.reference()).isEqualTo(-5);
        assertThat(segment.firstSector()).isEqualTo(0xfa);
        assertThat(segment.lastSector()).isEqualTo(0xf9);

        final BlkResponse response = new BlkResponse(BlkAbi.X86_64).wrap(slot, 0);
        response.put(-6, 0xf8, -32768);
        assertThat(response.id()).isEqualTo(-6);
        assertThat(response.operation()).isEqualTo(0xf8);
        assertThat(response.status()).isEqualTo(-32768);
    }

    @Test
    void answersAnIndirectRequestByItsInnerOperation() {
        final BlkRequest request =
                new BlkRequest(BlkAbi.X86_64)
                        .wrap(new UnsafeBuffer(new byte[BlkAbi.X86_64.requestBytes()]), 0);
        final WireFacts.Struct indirect = FACTS.struct("blkif_request_indirect");

        assertThat(indirect.offset("indirect_op"))
                .isEqualTo(FACTS.struct("blkif_request").offset("nr_segments"));
        request.put(BlkOperation.INDIRECT, BlkOperation.WRITE, 0, 0, 0);
        assertThat(request.answeredOperation()).isEqualTo(BlkOperation.WRITE);
        request.put(BlkOperation.READ, 5, 0, 0, 0);
        assertThat(request.answeredOperation()).isEqualTo(BlkOperation.READ);
    }

    @Test
    void refusesASegmentThatNoRequestHas() {
        final UnsafeBuffer slot = new UnsafeBuffer(new byte[BlkAbi.X86_64.requestBytes()]);
        final BlkRequest request = new BlkRequest(BlkAbi.X86_64).wrap(slot, 0);

        assertThatThrownBy(() -> request.segment(11, new BlkSegment()))
                .hasMessage("no such segment: index=11");
        assertThatThrownBy(() -> request.segment(-1, new BlkSegment()))
                .hasMessage("no such segment: index=-1");
    }

    @Test
    void numbersOperationsAndStatusesAsBlkifH() {
        assertThat(BlkOperation.READ).isEqualTo((int) FACTS.constant("BLKIF_OP_READ"));
        assertThat(BlkOperation.WRITE).isEqualTo((int) FACTS.constant("BLKIF_OP_WRITE"));
        assertThat(BlkOperation.WRITE_BARRIER)
                .isEqualTo((int) FACTS.constant("BLKIF_OP_WRITE_BARRIER"));
        assertThat(BlkOperation.FLUSH_DISKCACHE)
                .isEqualTo((int) FACTS.constant("BLKIF_OP_FLUSH_DISKCACHE"));
        assertThat(BlkOperation.RESERVED_1).isEqualTo((int) FACTS.constant("BLKIF_OP_RESERVED_1"));
        assertThat(BlkOperation.DISCARD).isEqualTo((int) FACTS.constant("BLKIF_OP_DISCARD"));
        assertThat(BlkOperation.INDIRECT).isEqualTo((int) FACTS.constant("BLKIF_OP_INDIRECT"));
        assertThat(BlkRequest.MAX_SEGMENTS)
                .isEqualTo((int) FACTS.constant("BLKIF_MAX_SEGMENTS_PER_REQUEST"));
        assertThat(BlkStatus.OKAY).isEqualTo((int) FACTS.constant("BLKIF_RSP_OKAY"));
        assertThat(BlkStatus.ERROR).isEqualTo((int) FACTS.constant("BLKIF_RSP_ERROR"));
        assertThat(BlkStatus.EOPNOTSUPP).isEqualTo((int) FACTS.constant("BLKIF_RSP_EOPNOTSUPP"));
        assertThat(BlkKeys.INFO_CDROM).isEqualTo((int) FACTS.constant("VDISK_CDROM"));
        assertThat(BlkKeys.INFO_REMOVABLE).isEqualTo((int) FACTS.constant("VDISK_REMOVABLE"));
        assertThat(BlkKeys.INFO_READ_ONLY).isEqualTo((int) FACTS.constant("VDISK_READONLY"));
    }

    @Test
    void namesUnknownCodesByTheirNumber() {
        assertThat(BlkOperation.name(BlkOperation.FLUSH_DISKCACHE)).isEqualTo("FlushDiskcache");
        assertThat(BlkOperation.name(BlkOperation.INDIRECT)).isEqualTo("Indirect");
        assertThat(BlkOperation.name(77)).isEqualTo("[77]");
        assertThat(BlkStatus.name(BlkStatus.EOPNOTSUPP)).isEqualTo("NotSupported");
        assertThat(BlkStatus.name(-77)).isEqualTo("[-77]");
    }

    @Test
    void namesLayoutsAsProtocolsHAndTakesAMissingNameForTheNativeOne() {
        assertThat(BlkAbi.X86_64.protocolName())
                .isEqualTo(FACTS.value("constants", "XEN_IO_PROTO_ABI_X86_64"));
        assertThat(BlkAbi.X86_32.protocolName())
                .isEqualTo(FACTS.value("constants", "XEN_IO_PROTO_ABI_X86_32"));
        assertThat(BlkAbi.named("x86_64-abi")).isSameAs(BlkAbi.X86_64);
        assertThat(BlkAbi.named("x86_32-abi")).isSameAs(BlkAbi.X86_32);
        assertThat(BlkAbi.named(null)).isSameAs(BlkAbi.NATIVE);
        assertThat(BlkAbi.NATIVE.protocolName())
                .isEqualTo(FACTS.value("constants", "XEN_IO_PROTO_ABI_NATIVE"));
        assertThat(BlkAbi.named("arm-abi")).isNull();
        assertThat(BlkAbi.named("banana")).isNull();
    }

    @Test
    void knowsEveryKeyThatThePeerMayKnow() {
        assertThat(keys("frontend"))
                .containsExactlyInAnyOrder(
                        BlkKeys.EVENT_CHANNEL,
                        BlkKeys.RING_REF,
                        BlkKeys.RING_REF + "<i>",
                        BlkKeys.RING_PAGE_ORDER,
                        BlkKeys.NUM_RING_PAGES,
                        BlkKeys.PROTOCOL,
                        BlkKeys.FEATURE_PERSISTENT,
                        BlkKeys.FEATURE_LARGE_SECTOR_SIZE,
                        BlkKeys.NUM_QUEUES,
                        BlkKeys.DEVICE_TYPE,
                        BlkKeys.VIRTUAL_DEVICE,
                        BlkKeys.VIRTUAL_DEVICE_EXT,
                        BlkKeys.TRUSTED,
                        "backend / backend-id / handle / state");
        assertThat(keys("backend"))
                .containsExactlyInAnyOrder(
                        BlkKeys.FEATURE_BARRIER,
                        BlkKeys.FEATURE_FLUSH_CACHE,
                        BlkKeys.FEATURE_DISCARD,
                        BlkKeys.DISCARD_ALIGNMENT,
                        BlkKeys.DISCARD_GRANULARITY,
                        BlkKeys.DISCARD_SECURE,
                        BlkKeys.FEATURE_PERSISTENT,
                        BlkKeys.MAX_INDIRECT_SEGMENTS,
                        BlkKeys.MAX_RING_PAGE_ORDER,
                        BlkKeys.MAX_RING_PAGES,
                        BlkKeys.MAX_QUEUES,
                        BlkKeys.INFO,
                        BlkKeys.SECTORS,
                        BlkKeys.SECTOR_SIZE,
                        BlkKeys.PHYSICAL_SECTOR_SIZE,
                        "state / online / hotplug-status");
        assertThat(keys("backendPrivate"))
                .containsExactlyInAnyOrder(
                        BlkKeys.MODE,
                        BlkKeys.PARAMS,
                        BlkKeys.PHYSICAL_DEVICE,
                        BlkKeys.PHYSICAL_DEVICE_PATH,
                        BlkKeys.TYPE,
                        BlkKeys.DIRECT_IO_SAFE,
                        BlkKeys.DISCARD_ENABLE);
        assertThat((String) FACTS.value("xenstoreKeys", "frontendDir"))
                .contains("/device/" + BlkKeys.DEVICE_CLASS + "/");
    }

    @Test
    void numbersPagesAndQueuesInTheirNames() {
        assertThat(BlkKeys.ringRef(0)).isEqualTo("ring-ref0");
        assertThat(BlkKeys.ringRef(15)).isEqualTo("ring-ref15");
        assertThat(BlkKeys.queue(3)).isEqualTo("queue-3");
        assertThat(BlkKeys.RING_PAGE_ORDER_LIMIT)
                .isEqualTo(driverConstant("XENBUS_MAX_RING_GRANT_ORDER"));
        assertThat(BlkKeys.RING_PAGES_LIMIT).isEqualTo(driverConstant("XENBUS_MAX_RING_GRANTS"));
    }

    private static int driverConstant(final String name) {
        return ((Number) FACTS.value("driverConstants", "blkback", name)).intValue();
    }

    @Test
    void takesTheHandleFromTheNameOfTheDirectory() {
        assertThat(BlkKeys.handle("/local/domain/5/device/vbd/51712")).isEqualTo(51712);
        assertThat(BlkKeys.handle("/local/domain/0/backend/vbd/5/268439552")).isEqualTo(4096);
    }

    private static List<Object> keys(final String side) {
        final List<?> facts = (List<?>) FACTS.value("xenstoreKeys", side);
        final List<Object> names = new ArrayList<>();
        for (final Object fact : facts) {
            names.add(((Map<?, ?>) fact).get("key"));
        }
        return names;
    }

    private static BlkAbi abi(final String protocolName) {
        final BlkAbi abi = BlkAbi.named(protocolName);
        if (abi == null) {
            throw new AssertionError("no such layout: " + protocolName);
        }
        return abi;
    }

    private static String suffix(final BlkAbi abi) {
        return abi == BlkAbi.X86_32 ? "@x86_32" : "";
    }

    private static UnsafeBuffer stale(final int lengthBytes) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[lengthBytes]);
        buffer.setMemory(0, lengthBytes, STALE);
        return buffer;
    }

    private static String hex(final UnsafeBuffer buffer) {
        return HexFormat.ofDelimiter(" ").formatHex(buffer.byteArray());
    }
}
