package io.ringside.vmbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import io.ringside.testkit.WireFacts.Struct;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The layouts and numbers of the hypervisor, against asm-generic/hyperv-tlfs.h. */
class SynicLayoutTest {
    private static final WireFacts FACTS = WireFacts.load("hv-vmbus");

    private final UnsafeBuffer page = new UnsafeBuffer(ByteBuffer.allocateDirect(8192));

    @Test
    void laysPostedMessagesAsTheHeader() {
        final Struct input = FACTS.struct("hv_input_post_message");
        assertThat(PostMessageInput.BYTES).isEqualTo(input.size());
        assertThat(PostMessageInput.PAYLOAD_OFFSET).isEqualTo(input.offset("payload"));
        assertThat(PostMessageInput.MAX_PAYLOAD_BYTES)
                .isEqualTo((int) FACTS.constant("HV_MESSAGE_PAYLOAD_BYTE_COUNT"));
        page.setMemory(0, 256, (byte) 0xff);
        new PostMessageInput().wrap(page, 0).put(4, 40);
        assertThat(page.getInt(input.offset("connectionid"))).isEqualTo(4);
        assertThat(page.getInt(input.offset("reserved"))).isZero();
        assertThat(page.getInt(input.offset("message_type"))).isEqualTo(1);
        assertThat(page.getInt(input.offset("payload_size"))).isEqualTo(40);
    }

    @Test
    void laysMessageSlotsAsTheHeader() {
        final Struct header = FACTS.struct("hv_message_header");
        final Struct message = FACTS.struct("hv_message");
        assertThat(SynicMessage.BYTES).isEqualTo(message.size());
        assertThat(SynicMessage.TYPE_OFFSET).isEqualTo(header.offset("message_type"));
        assertThat(SynicMessage.SIZE_OFFSET).isEqualTo(header.offset("payload_size"));
        assertThat(SynicMessage.FLAGS_OFFSET).isEqualTo(header.offset("message_flags"));
        assertThat(SynicMessage.PORT_OFFSET).isEqualTo(header.offset("port"));
        assertThat(SynicMessage.PAYLOAD_OFFSET).isEqualTo(message.offset("u.payload"));
        assertThat(SynicMessage.PAGE_BYTES).isEqualTo(FACTS.struct("hv_message_page").size());
    }

    @Test
    void zeroesEveryByteOfASlotThatTheMessageDoesNotHave() {
        page.setMemory(0, SynicMessage.BYTES, (byte) 0xff);
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[] {1, 2, 3});
        new SynicMessage().wrap(page, 0).fill(7, true, payload, 0, 3);
        for (int i = 19; i < SynicMessage.BYTES; i++) {
            assertThat(page.getByte(i)).as("threats, row 38: byte %d", i).isZero();
        }
        assertThat(page.getInt(8)).isEqualTo(7);
        assertThat(page.getByte(5)).isEqualTo((byte) 1);
        assertThat(page.getShort(6)).isZero();
    }

    @Test
    void laysEventFlagsAsTheHeader() {
        assertThat(EventFlags.BYTES).isEqualTo(FACTS.struct("hv_synic_event_flags").size());
        assertThat(EventFlags.COUNT).isEqualTo((int) FACTS.constant("HV_EVENT_FLAGS_COUNT"));
        assertThat(FACTS.value("computed", "INTERRUPT_PAGE_GUEST_TO_HOST_OFFSET"))
                .isEqualTo(EventFlags.GUEST_TO_HOST_OFFSET);
        final EventFlags flags = new EventFlags().wrap(page, 0);
        for (final int flag : new int[] {1, 63, 64, 2047}) {
            assertThat(flags.setVolatile(flag)).isTrue();
            assertThat(flags.setVolatile(flag)).isFalse();
            assertThat(page.getByte(flag / 8)).isEqualTo((byte) (1 << flag % 8));
            assertThat(flags.takeWordVolatile(flag / 64)).isEqualTo(1L << flag);
            assertThat(flags.isSetVolatile(flag)).isFalse();
        }
    }

    @Test
    void laysMonitorPagesAsTheHeader() {
        final Struct struct = FACTS.struct("hv_monitor_page");
        assertThat(MonitorPage.BYTES).isEqualTo(struct.size());
        assertThat(MonitorPage.GROUP_ENABLE_OFFSET).isEqualTo(struct.offset("trigger_state"));
        assertThat(MonitorPage.GROUPS_OFFSET).isEqualTo(struct.offset("trigger_group"));
        assertThat(MonitorPage.GROUP_BYTES)
                .isEqualTo(FACTS.struct("hv_monitor_trigger_group").size());
        assertThat(MonitorPage.NEXT_CHECK_OFFSET).isEqualTo(struct.offset("next_checktime"));
        assertThat(MonitorPage.LATENCY_OFFSET).isEqualTo(struct.offset("latency"));
        assertThat(MonitorPage.PARAMETER_OFFSET).isEqualTo(struct.offset("parameter"));
        final Struct parameter = FACTS.struct("hv_monitor_parameter");
        assertThat(MonitorPage.PARAMETER_BYTES).isEqualTo(parameter.size());
        assertThat(MonitorPage.PARAMETER_FLAG_OFFSET).isEqualTo(parameter.offset("flagnumber"));

        final MonitorPage monitor = new MonitorPage(page);
        monitor.setPendingVolatile(37);
        assertThat(page.getInt(16, ByteOrder.LITTLE_ENDIAN)).isEqualTo(1 << 5);
        assertThat(monitor.pendingVolatile(1)).isEqualTo(1 << 5);
        assertThat(monitor.takePendingVolatile(37)).isTrue();
        assertThat(monitor.takePendingVolatile(37)).isFalse();
        monitor.describe(37, 0x10001, 0, 1000);
        assertThat(monitor.isGroupEnabled(1)).isTrue();
        assertThat(monitor.isGroupEnabled(0)).isFalse();
        assertThat(monitor.latency100Nanos(37)).isEqualTo(1000);
        assertThat(monitor.connectionId(37)).isEqualTo(0x10001);
        assertThat(page.getShort(576 + 2 * 37)).isEqualTo((short) 1000);
    }

    @Test
    void numbersAsTheHeader() {
        final Map<String, Integer> numbers = new LinkedHashMap<>();
        numbers.put("HVCALL_POST_MESSAGE", HypercallCode.POST_MESSAGE);
        numbers.put("HVCALL_SIGNAL_EVENT", HypercallCode.SIGNAL_EVENT);
        numbers.put("HV_HYPERCALL_FAST_BIT", (int) HypercallCode.FAST);
        numbers.put("HV_HYPERCALL_RESULT_MASK", (int) HypercallCode.CODE_MASK);
        numbers.put("HV_STATUS_SUCCESS", HvStatus.SUCCESS);
        numbers.put("HV_STATUS_INVALID_HYPERCALL_CODE", HvStatus.INVALID_HYPERCALL_CODE);
        numbers.put("HV_STATUS_INVALID_HYPERCALL_INPUT", HvStatus.INVALID_HYPERCALL_INPUT);
        numbers.put("HV_STATUS_INVALID_ALIGNMENT", HvStatus.INVALID_ALIGNMENT);
        numbers.put("HV_STATUS_INVALID_PARAMETER", HvStatus.INVALID_PARAMETER);
        numbers.put("HV_STATUS_ACCESS_DENIED", HvStatus.ACCESS_DENIED);
        numbers.put("HV_STATUS_OPERATION_DENIED", HvStatus.OPERATION_DENIED);
        numbers.put("HV_STATUS_INSUFFICIENT_MEMORY", HvStatus.INSUFFICIENT_MEMORY);
        numbers.put("HV_STATUS_INVALID_PORT_ID", HvStatus.INVALID_PORT_ID);
        numbers.put("HV_STATUS_INVALID_CONNECTION_ID", HvStatus.INVALID_CONNECTION_ID);
        numbers.put("HV_STATUS_INSUFFICIENT_BUFFERS", HvStatus.INSUFFICIENT_BUFFERS);
        numbers.put("HV_REGISTER_SCONTROL", SynicRegister.CONTROL);
        numbers.put("HV_REGISTER_SVERSION", SynicRegister.VERSION);
        numbers.put("HV_REGISTER_SIEFP", SynicRegister.EVENT_PAGE);
        numbers.put("HV_REGISTER_SIMP", SynicRegister.MESSAGE_PAGE);
        numbers.put("HV_REGISTER_EOM", SynicRegister.END_OF_MESSAGE);
        numbers.put("HV_REGISTER_SINT0", SynicRegister.SINT0);
        numbers.put("HV_SYNIC_SINT_COUNT", SynicRegister.SINT_COUNT);
        numbers.put("VMBUS_MESSAGE_SINT", SynicRegister.VMBUS_SINT);
        numbers.put("HV_SYNIC_SINT_MASKED", (int) SynicRegister.SINT_MASKED);
        numbers.put("HV_SYNIC_SINT_VECTOR_MASK", (int) SynicRegister.SINT_VECTOR_MASK);
        numbers.put("HV_SYNIC_FIRST_VALID_VECTOR", SynicRegister.FIRST_VECTOR);
        numbers.put("VMBUS_MESSAGE_CONNECTION_ID", ConnectionId.MESSAGE);
        numbers.put("VMBUS_MESSAGE_CONNECTION_ID_4", ConnectionId.MESSAGE_5);
        numbers.put("VMBUS_EVENT_CONNECTION_ID", ConnectionId.EVENT);
        numbers.put("VMBUS_MONITOR_CONNECTION_ID", ConnectionId.MONITOR);
        numbers.forEach((name, number) ->
                assertThat(FACTS.constant(name)).as(name).isEqualTo((long) number));
        assertThat(FACTS.value("openvmmCrossCheck", "newerProtocol", "status", "connectionRefused"))
                .isEqualTo(ReplyStatus.CONNECTION_REFUSED & 0xffff_ffffL);
        assertThat(
                        ((Number)
                                        FACTS.value(
                                                "openvmmCrossCheck",
                                                "newerProtocol",
                                                "status",
                                                "unsuccessful"))
                                .longValue())
                .isEqualTo(ReplyStatus.UNSUCCESSFUL & 0xffff_ffffL);
    }

    @Test
    void packsASignalIntoOneWord() {
        final long input = SignalEventInput.of(0x10002, 3);
        assertThat(input).isEqualTo(0x3_0001_0002L);
        assertThat(SignalEventInput.connectionId(input)).isEqualTo(0x10002);
        assertThat(SignalEventInput.flag(input)).isEqualTo(3);
        assertThat(SignalEventInput.reserved(input | 1L << 48)).isEqualTo(1);
    }
}
