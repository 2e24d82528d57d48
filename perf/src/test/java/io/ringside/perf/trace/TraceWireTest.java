package io.ringside.perf.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.perf.trace.TraceEvent.Carrier;
import io.ringside.perf.trace.TraceEvent.Sender;
import io.ringside.testkit.WireFacts;
import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.MessageReader;
import io.ringside.vmbus.protocol.MessageWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What is told, held against the bytes at the offsets that the wire facts record. */
class TraceWireTest {
    private static final WireFacts VMBUS = WireFacts.load("hv-vmbus");
    private static final WireFacts STORVSC = WireFacts.load("hv-storvsc");
    private static final int OFFER_OFFSET = 8;
    private static final int HEADER_RANGE_OFFSET = 20;
    private static final int PACKET_RANGE_OFFSET = 24;

    /** Not in what a message or packet itself has: how it went, and what lies inside of a field. */
    private static final Set<String> NOT_OF_THE_BYTES =
            Set.of("interrupt", "hypercall", "hv_input_post_message", "cdb", "sense_data");

    /** Newer than the facts' header: told by OpenVMM's definitions. */
    private static final Set<String> NEWER =
            Set.of("msg_vtl", "feature_flags", "client_id", "supported_features");

    /** Told in another way: nested, without meaning, or one of two that share their bytes. */
    private static final Set<String> NOT_TOLD =
            Set.of(
                    "header",
                    "d",
                    "range",
                    "u",
                    "offer",
                    "padding",
                    "padding1",
                    "padding2",
                    "interrupt_page",
                    "vm_srb",
                    "storage_channel_properties",
                    "version",
                    "wwn_packet",
                    "sub_channel_count",
                    "buffer",
                    "cdb",
                    "sense_data",
                    "reserve",
                    "monitorid");

    /** Messages that a connection without trouble does not have. */
    private static final List<ChannelMessage> RARE =
            List.of(
                    new ChannelMessage.RescindOffer(7),
                    new ChannelMessage.CloseChannel(8),
                    new ChannelMessage.GpadlTeardown(9, 0x1234),
                    new ChannelMessage.GpadlTorndown(0x5678),
                    new ChannelMessage.RelidReleased(10),
                    new ChannelMessage.VersionResponse(false, 1, 2, 3),
                    new ChannelMessage.OpenResult(11, 12, 0xc000_0001),
                    new ChannelMessage.GpadlCreated(13, 14, 0xc000_0002),
                    new ChannelMessage.ModifyChannel(15, 16),
                    new ChannelMessage.ModifyResponse(17, 0xc000_0003),
                    new ChannelMessage.TlConnectRequest(new Guid(18, 19), new Guid(20, 21)),
                    new ChannelMessage.Unload(),
                    new ChannelMessage.UnloadResponse());

    @Test
    void tellsTheBytesAtTheOffsetsOfTheHeaders() {
        int compared = 0;
        for (final TraceEvent event : events()) {
            final UnsafeBuffer bytes = bytes(event);
            for (final TraceField field : event.fields()) {
                if (!NOT_OF_THE_BYTES.contains(field.struct()) && !NEWER.contains(field.name())) {
                    check(event, field, bytes);
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(500);
    }

    private static void check(
            final TraceEvent event, final TraceField field, final UnsafeBuffer bytes) {
        final String name =
                switch (field.name()) {
                    case "user_def" -> "u.std.user_def";
                    default -> field.name();
                };
        final WireFacts.Struct struct = facts(field.struct()).struct(field.struct());
        final int at = base(event, field.struct(), bytes) + struct.offset(name);
        final String value = field.value();
        assertThat(value)
                .as("%s %s.%s", event, field.struct(), name)
                .isEqualTo(expected(name, value, bytes, at, struct.size(name)));
    }

    /** The same bytes, written in the form of {@code told}. */
    private static String expected(
            final String name,
            final String told,
            final UnsafeBuffer bytes,
            final int at,
            final int size) {
        if (told.equals("zeros")) {
            return FieldList.hexOf(bytes, at, size).matches("(00 ?)+") ? "zeros" : "other bytes";
        }
        if (name.equals("cdb") || name.equals("sense_data")) {
            return FieldList.hexOf(bytes, at, (told.length() + 1) / 3);
        }
        if (name.startsWith("pfn")) {
            final long first = bytes.getLong(at);
            return told.replaceFirst("^0x[0-9a-f]+", "0x" + Long.toHexString(first));
        }
        if (size == Guid.BYTES) {
            return Guid.read(bytes, at).toString();
        }
        long number = 0;
        for (int i = size - 1; i >= 0; i--) {
            number = number << Byte.SIZE | bytes.getByte(at + i) & 0xff;
        }
        return told.startsWith("0x") ? "0x" + Long.toHexString(number) : Long.toString(number);
    }

    private static WireFacts facts(final String struct) {
        return struct.startsWith("vmst") || struct.startsWith("vst") || struct.startsWith("vmscsi")
                ? STORVSC
                : VMBUS;
    }

    /** Where a struct starts in a message or packet. */
    private static int base(final TraceEvent event, final String struct, final UnsafeBuffer bytes) {
        final int payload = event.carrier() == Carrier.PACKET ? bytes.getShort(2) * 8 : 0;
        return switch (struct) {
            case "vmbus_channel_offer" -> OFFER_OFFSET;
            case "gpa_range" ->
                    event.carrier() == Carrier.PACKET ? PACKET_RANGE_OFFSET : HEADER_RANGE_OFFSET;
            case "vstor_packet" -> payload;
            case "vmscsi_request", "vmstorage_channel_properties", "vmstorage_protocol_version" ->
                    payload + STORVSC.struct("vstor_packet").offset("vm_srb");
            default -> 0;
        };
    }

    @Test
    void namesEveryFieldOfEveryStructThatIsNotReserved() {
        for (final TraceEvent event : events()) {
            final Set<String> structs = new HashSet<>();
            final Set<String> told = new HashSet<>();
            for (final TraceField field : event.fields()) {
                told.add(field.struct() + "." + field.name());
                structs.add(field.struct());
            }
            for (final String struct : structs) {
                if (!NOT_OF_THE_BYTES.contains(struct)) {
                    assertThat(missing(struct, told)).as("%s %s", event, struct).isEmpty();
                }
            }
        }
    }

    private static Set<String> missing(final String struct, final Set<String> told) {
        final Set<String> missing = new TreeSet<>();
        final List<?> fields = (List<?>) facts(struct).value("structs", struct, "fields");
        for (final Object field : fields) {
            final String name = String.valueOf(((Map<?, ?>) field).get("name"));
            if (!name.contains(".")
                    && !name.startsWith("reserved")
                    && !NOT_TOLD.contains(name)
                    && !told.contains(struct + "." + name)) {
                missing.add(name);
            }
        }
        return missing;
    }

    @Test
    void namesMessagesByTheirNumbers() {
        final Map<String, Long> names = new HashMap<>();
        for (final Map<String, Object> message : VMBUS.vectors("channelMessageTable")) {
            names.put(
                    String.valueOf(message.get("name")), (long) WireFacts.number(message, "type"));
        }
        for (final TraceEvent event : events()) {
            if (event.carrier() == Carrier.MESSAGE) {
                assertThat(StorvscTraceTest.value(event, "vmbus_channel_message_header", "msgtype"))
                        .isEqualTo(String.valueOf(names.get("CHANNELMSG_" + event.name())));
            }
        }
    }

    private static List<TraceEvent> events() {
        final List<TraceEvent> events = new ArrayList<>();
        events.addAll(StorvscTraceTest.trace(BlockOperation.READ, 3));
        events.addAll(StorvscTraceTest.trace(BlockOperation.DISCARD, 1));
        final TraceRecorder recorder = new TraceRecorder(events::add);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MessageWriter.MAX_BYTES]);
        for (final ChannelMessage message : RARE) {
            final int length = MessageWriter.write(message, buffer, 0);
            final ChannelMessage read = MessageReader.read(buffer, 0, length);
            recorder.event(
                    Sender.HOST,
                    Carrier.MESSAGE,
                    MessageDecoder.decode(read, new FieldList()),
                    buffer,
                    0,
                    length);
        }
        return events;
    }

    private static UnsafeBuffer bytes(final TraceEvent event) {
        return new UnsafeBuffer(HexFormat.ofDelimiter(" ").parseHex(event.hex()));
    }
}
