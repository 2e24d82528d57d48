package io.ringside.xenbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class XenbusLayoutTest {
    private final WireFacts grant = WireFacts.load("xen-grant");
    private final WireFacts event = WireFacts.load("xen-evtchn");
    private final WireFacts store = WireFacts.load("xen-store");

    // ---- grants

    @Test
    void laysAGrantEntryAtTheBytesOfGrantTableH() {
        final WireFacts.Struct facts = grant.struct("grant_entry_v1");
        assertThat(GrantEntry.SIZE_BYTES).isEqualTo(facts.size());
        final UnsafeBuffer page = new UnsafeBuffer(new byte[64]);
        final GrantEntry entry = new GrantEntry().wrap(page, 3);
        entry.frame(0xA1B2_C3D4L);
        entry.headerRelease(GrantEntry.header(0x8005, 0x7FEF));
        final int base = 3 * facts.size();
        assertThat(hex(page, base, facts.size())).isEqualTo("05 80 ef 7f d4 c3 b2 a1");
        assertThat(page.getShort(base + facts.offset("flags"))).isEqualTo((short) 0x8005);
        assertThat(page.getShort(base + facts.offset("domid"))).isEqualTo((short) 0x7FEF);
        assertThat(page.getInt(base + facts.offset("frame"))).isEqualTo(0xA1B2_C3D4);
        assertThat(entry.frame()).as("unsigned").isEqualTo(0xA1B2_C3D4L);
        final int header = entry.headerAcquire();
        assertThat(GrantEntry.flags(header)).isEqualTo(0x8005);
        assertThat(GrantEntry.domain(header)).isEqualTo(0x7FEF);
        assertThat(hex(page, 0, base)).isEqualTo("00 ".repeat(base).trim());
        assertThat(page.getLong(base + facts.size())).isZero();
    }

    @Test
    void exchangesAHeaderOnlyForTheOneThatWasExpected() {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[8]);
        final GrantEntry entry = new GrantEntry().wrap(page, 0);
        entry.headerRelease(GrantEntry.header(1, 7));
        assertThat(entry.compareAndSetHeaderVolatile(GrantEntry.header(9, 7), 0)).isFalse();
        assertThat(entry.compareAndSetHeaderVolatile(GrantEntry.header(1, 7), 0)).isTrue();
        assertThat(entry.headerAcquire()).isZero();
    }

    @Test
    void knowsTheNumbersOfGrantTableH() {
        final Map<String, Integer> ours =
                Map.ofEntries(
                        Map.entry("GTF_type_mask", GrantEntry.TYPE_MASK),
                        Map.entry("GTF_invalid", GrantEntry.INVALID),
                        Map.entry("GTF_permit_access", GrantEntry.PERMIT_ACCESS),
                        Map.entry("GTF_readonly", GrantEntry.READ_ONLY),
                        Map.entry("GTF_reading", GrantEntry.READING),
                        Map.entry("GTF_writing", GrantEntry.WRITING),
                        Map.entry("GTF_sub_page", GrantEntry.SUB_PAGE),
                        Map.entry("GNTTAB_NR_RESERVED_ENTRIES", GrantEntry.RESERVED_ENTRIES),
                        Map.entry("GNTTAB_RESERVED_CONSOLE", GrantEntry.CONSOLE_REFERENCE),
                        Map.entry("GNTTAB_RESERVED_XENSTORE", GrantEntry.STORE_REFERENCE),
                        Map.entry("ENTRIES_PER_4K_FRAME_V1", GrantEntry.ENTRIES_PER_PAGE),
                        Map.entry("DOMID_FIRST_RESERVED", DomainId.FIRST_RESERVED));
        ours.forEach(
                (name, value) -> assertThat(grant.constant(name)).as(name).isEqualTo((long) value));
        assertThat(DomainId.isDomain(0) && DomainId.isDomain(0x7FEF)).isTrue();
        assertThat(DomainId.isDomain(-1) || DomainId.isDomain(0x7FF0)).isFalse();
    }

    @Test
    void namesEveryGrantStatusAsGrantTableHDoes() {
        for (int status = GnttabStatus.OKAY; status >= GnttabStatus.NO_SPACE; status--) {
            assertThat(grant.constant(GnttabStatus.name(status))).isEqualTo(status);
        }
        assertThat(GnttabStatus.name(1)).isEqualTo("[1]");
        assertThat(GnttabStatus.name(-14)).isEqualTo("[-14]");
        assertThat(GnttabStatus.name(Integer.MIN_VALUE)).isEqualTo("[-2147483648]");
        assertThat(GnttabStatus.GENERAL_ERROR).isEqualTo(-1);
        assertThat(GnttabStatus.BAD_DOMAIN).isEqualTo(-2);
        assertThat(GnttabStatus.BAD_GNTREF).isEqualTo(-3);
        assertThat(GnttabStatus.BAD_HANDLE).isEqualTo(-4);
        assertThat(GnttabStatus.NO_DEVICE_SPACE).isEqualTo(-7);
        assertThat(GnttabStatus.BAD_PAGE).isEqualTo(-9);
        assertThat(GnttabStatus.EAGAIN).isEqualTo(-12);
    }

    // ---- events

    @Test
    void laysTheSharedPageAtTheBytesOfXenH() {
        final WireFacts.Struct shared = event.struct("shared_info");
        final WireFacts.Struct vcpu = event.struct("vcpu_info");
        assertThat(SharedInfo.SIZE_BYTES).isEqualTo(shared.size());
        assertThat(SharedInfo.VCPU_INFO_BYTES).isEqualTo(vcpu.size());
        assertThat(SharedInfo.VCPUS).isEqualTo((int) event.constant("XEN_LEGACY_MAX_VCPUS"));
        assertThat(SharedInfo.PORTS).isEqualTo((int) event.constant("EVTCHN_2L_NR_CHANNELS"));
        assertThat(1 << SharedInfo.PORTS_PER_WORD_SHIFT)
                .isEqualTo((int) event.constant("BITS_PER_SELECTOR_WORD"));

        final UnsafeBuffer page = new UnsafeBuffer(new byte[4096]);
        final SharedInfo info = new SharedInfo(page);
        final int secondVcpu = shared.offset("vcpu_info") + vcpu.size();
        info.setPendingVolatile(4095);
        info.setMaskVolatile(65);
        info.setSelectorVolatile(1, 63);
        info.setUpcallVolatile(1);
        assertThat(page.getLong(shared.offset("evtchn_pending") + 504)).isEqualTo(1L << 63);
        assertThat(page.getLong(shared.offset("evtchn_mask") + 8)).isEqualTo(2);
        assertThat(page.getLong(secondVcpu + vcpu.offset("evtchn_pending_sel")))
                .isEqualTo(1L << 63);
        assertThat(page.getByte(secondVcpu + vcpu.offset("evtchn_upcall_pending")))
                .isEqualTo((byte) 1);
        assertThat(setBytes(page)).as("and nothing else").isEqualTo(4);
        page.putByte(secondVcpu + vcpu.offset("evtchn_upcall_mask"), (byte) 1);
        assertThat(info.isUpcallMaskedVolatile(1)).isTrue();
        assertThat(info.isUpcallMaskedVolatile(0)).isFalse();
    }

    @Test
    void tellsWhoWasFirst() {
        final UnsafeBuffer page = new UnsafeBuffer(new byte[4096]);
        final SharedInfo info = new SharedInfo(page);
        assertThat(info.setPendingVolatile(70)).isTrue();
        assertThat(info.setPendingVolatile(70)).isFalse();
        assertThat(info.setPendingVolatile(71)).isTrue();
        assertThat(info.isPendingVolatile(70)).isTrue();
        assertThat(info.readyWordVolatile(1)).isEqualTo(0xC0);
        assertThat(info.setMaskVolatile(71)).isTrue();
        assertThat(info.setMaskVolatile(71)).isFalse();
        assertThat(info.isMaskedVolatile(71)).isTrue();
        assertThat(info.readyWordVolatile(1)).isEqualTo(0x40);
        assertThat(info.clearMaskVolatile(71)).isTrue();
        assertThat(info.clearMaskVolatile(71)).isFalse();
        assertThat(info.clearPendingVolatile(70)).isTrue();
        assertThat(info.clearPendingVolatile(70)).isFalse();
        assertThat(info.setSelectorVolatile(0, 1)).isTrue();
        assertThat(info.setSelectorVolatile(0, 1)).isFalse();
        assertThat(info.takeSelectorVolatile(0)).isEqualTo(2);
        assertThat(info.takeSelectorVolatile(0)).isZero();
        page.putByte(1, (byte) 1);
        assertThat(info.setUpcallVolatile(0)).isTrue();
        assertThat(info.setUpcallVolatile(0)).isFalse();
        assertThat(info.isUpcallVolatile(0)).isTrue();
        assertThat(info.takeUpcallVolatile(0)).isTrue();
        assertThat(info.takeUpcallVolatile(0)).isFalse();
        assertThat(info.isUpcallMaskedVolatile(0)).as("left alone").isTrue();
    }

    @Test
    void knowsTheNumbersOfEventChannelH() {
        for (int status = EventChannelStatus.CLOSED; status <= EventChannelStatus.IPI; status++) {
            assertThat(event.constant("EVTCHNSTAT_" + EventChannelStatus.name(status)))
                    .isEqualTo(status);
        }
        assertThat(EventChannelStatus.name(-1) + EventChannelStatus.name(6)).isEqualTo("[-1][6]");
        assertThat(EventChannelStatus.UNBOUND).isEqualTo(1);
        assertThat(EventChannelStatus.INTERDOMAIN).isEqualTo(2);
    }

    // ---- the store

    @Test
    void knowsTheStatesOfXenbusH() {
        for (int state = XenbusState.UNKNOWN; state <= XenbusState.RECONFIGURED; state++) {
            assertThat(store.constant("XenbusState" + XenbusState.name(state))).isEqualTo(state);
        }
        assertThat(XenbusState.name(9) + XenbusState.name(-1)).isEqualTo("[9][-1]");
        assertThat(XenbusState.INIT_WAIT).isEqualTo(2);
        assertThat(XenbusState.CLOSED).isEqualTo(6);
    }

    @Test
    void laysTheHeadOfAMessageAtTheBytesOfXsWireH() {
        final WireFacts.Struct facts = store.struct("xsd_sockmsg");
        assertThat(StoreMessage.HEADER_BYTES).isEqualTo(facts.size());
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[32]);
        final StoreMessage message = new StoreMessage().wrap(bytes, 8);
        message.type(0x0403_0201).requestId(0x0807_0605).transactionId(0x0C0B_0A09);
        message.payloadBytes(0xF00F_0E0D);
        assertThat(hex(bytes, 0, 32))
                .isEqualTo(
                        "00 00 00 00 00 00 00 00 01 02 03 04 05 06 07 08"
                                + " 09 0a 0b 0c 0d 0e 0f f0 00 00 00 00 00 00 00 00");
        assertThat(bytes.getInt(8 + facts.offset("type"))).isEqualTo(message.type());
        assertThat(bytes.getInt(8 + facts.offset("req_id"))).isEqualTo(message.requestId());
        assertThat(bytes.getInt(8 + facts.offset("tx_id"))).isEqualTo(message.transactionId());
        assertThat(message.payloadBytes()).as("unsigned").isEqualTo(0xF00F_0E0DL);
        assertThat(bytes.getInt(8 + facts.offset("len"))).isEqualTo(0xF00F_0E0D);
    }

    @Test
    void laysTheRingPageAtTheBytesOfXsWireH() {
        final WireFacts.Struct facts = store.struct("xenstore_domain_interface");
        assertThat(StoreRingPage.SIZE_BYTES).as("with the port").isEqualTo(facts.size() + 4);
        assertThat(StoreRingPage.RING_BYTES).isEqualTo(facts.size("req"));
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[4096]);
        final StoreRingPage page = new StoreRingPage(bytes);
        page.consumerRelease(StoreRingPage.REQUESTS, 1);
        page.producerRelease(StoreRingPage.REQUESTS, 2);
        page.consumerRelease(StoreRingPage.RESPONSES, 3);
        page.producerRelease(StoreRingPage.RESPONSES, 4);
        page.features(5);
        page.connectionRelease(6);
        page.errorRelease(7);
        final String[] fields = {
            "req_cons", "req_prod", "rsp_cons", "rsp_prod", "server_features", "connection", "error"
        };
        for (int i = 0; i < fields.length; i++) {
            assertThat(bytes.getInt(facts.offset(fields[i]))).as(fields[i]).isEqualTo(i + 1);
        }
        assertThat(setBytes(bytes)).as("and nothing else").isEqualTo(fields.length);
        page.putBytes(StoreRingPage.RESPONSES, 5, ByteBuffer.wrap(new byte[] {9}), 1);
        assertThat(bytes.getByte(facts.offset("rsp") + 5)).isEqualTo((byte) 9);
        assertThat(page.producerAcquire(StoreRingPage.REQUESTS)).isEqualTo(2);
        assertThat(page.consumerAcquire(StoreRingPage.RESPONSES)).isEqualTo(3);
        assertThat(page.features() + page.connectionAcquire() + page.errorAcquire()).isEqualTo(18);
        page.eventPort(0xA1B2_C3D4);
        assertThat(bytes.getInt(facts.size())).as("newer: at the end").isEqualTo(0xA1B2_C3D4);
        assertThat(page.eventPort()).isEqualTo(0xA1B2_C3D4);
        final Map<String, Integer> ours =
                Map.of(
                        "XENSTORE_SERVER_FEATURE_RECONNECTION", StoreRingPage.FEATURE_RECONNECTION,
                        "XENSTORE_SERVER_FEATURE_ERROR", StoreRingPage.FEATURE_ERROR,
                        "XENSTORE_CONNECTED", StoreRingPage.CONNECTED,
                        "XENSTORE_RECONNECT", StoreRingPage.RECONNECT,
                        "XENSTORE_ERROR_NONE", StoreRingPage.ERROR_NONE,
                        "XENSTORE_ERROR_COMM", StoreRingPage.ERROR_COMMUNICATION,
                        "XENSTORE_ERROR_RINGIDX", StoreRingPage.ERROR_RING_INDEX,
                        "XENSTORE_ERROR_PROTO", StoreRingPage.ERROR_PROTOCOL);
        ours.forEach(
                (name, value) -> assertThat(store.constant(name)).as(name).isEqualTo((long) value));
    }

    @Test
    void knowsTheMessagesOfXsWireH() {
        int messages = 0;
        for (int type = 0; type <= StoreMessageType.SET_QUOTA; type++) {
            final String name = StoreMessageType.name(type);
            if (!name.startsWith("[")) {
                final Object value =
                        type <= StoreMessageType.DIRECTORY_PART
                                ? store.value("constants", "XS_" + name)
                                : store.value("upstreamAdditions", "constants", "XS_" + name);
                assertThat(value).as(name).isEqualTo(type);
                messages++;
            }
        }
        assertThat(messages).isEqualTo(26);
        assertThat(StoreMessageType.name(27) + StoreMessageType.name(-1)).isEqualTo("[27][-1]");
    }

    @Test
    void knowsTheLimitsOfXsWireH() {
        assertThat(store.constant("XENSTORE_PAYLOAD_MAX")).isEqualTo(XenStoreLimits.PAYLOAD_BYTES);
        assertThat(store.constant("XENSTORE_ABS_PATH_MAX"))
                .isEqualTo(XenStoreLimits.ABSOLUTE_PATH_BYTES);
        assertThat(store.constant("XENSTORE_REL_PATH_MAX"))
                .isEqualTo(XenStoreLimits.RELATIVE_PATH_BYTES);
    }

    @Test
    void refusesByNamesThatTheWireHas() {
        final List<String> names = new ArrayList<>();
        for (final Map<String, Object> error : store.vectors("errors")) {
            names.add(String.valueOf(error.get("name")));
            if ("ENOSPC".equals(error.get("name"))) {
                assertThat(error.get("linuxErrno")).isEqualTo(XenErrno.ENOSPC);
            }
            if ("EINVAL".equals(error.get("name"))) {
                assertThat(error.get("linuxErrno")).isEqualTo(XenErrno.EINVAL);
            }
        }
        assertThat(names)
                .contains(
                        XenStoreErrors.EINVAL,
                        XenStoreErrors.EACCES,
                        XenStoreErrors.EEXIST,
                        XenStoreErrors.ENOENT,
                        XenStoreErrors.ENOSPC,
                        XenStoreErrors.EIO,
                        XenStoreErrors.EAGAIN,
                        XenStoreErrors.E2BIG,
                        XenStoreErrors.EPERM,
                        XenStoreErrors.ENOMEM,
                        XenStoreErrors.EBUSY,
                        XenStoreErrors.ENOSYS);
    }

    @Test
    void writesKeysThatTheWireFactsList() {
        final String keys = WireFacts.load("xen-blkif").value("xenstoreKeys").toString();
        assertThat(keys)
                .contains(
                        XenbusKeys.STATE,
                        XenbusKeys.FRONTEND,
                        XenbusKeys.BACKEND,
                        XenbusKeys.BACKEND_ID,
                        XenbusKeys.ONLINE,
                        XenbusKeys.HANDLE,
                        XenbusKeys.VIRTUAL_DEVICE,
                        XenbusKeys.DEVICE_TYPE,
                        XenbusKeys.MODE,
                        XenbusKeys.PARAMS);
    }

    private static int setBytes(final UnsafeBuffer page) {
        int count = 0;
        for (int i = 0; i < page.capacity(); i++) {
            count += page.getByte(i) != 0 ? 1 : 0;
        }
        return count;
    }

    private static String hex(final UnsafeBuffer buffer, final int offset, final int length) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("%02x ".formatted(buffer.getByte(offset + i)));
        }
        return text.toString().trim();
    }
}
