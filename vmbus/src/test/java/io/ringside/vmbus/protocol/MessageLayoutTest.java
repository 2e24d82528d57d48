package io.ringside.vmbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import io.ringside.testkit.WireFacts.Struct;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Every offset, size and number of the channel messages, against linux/hyperv.h. */
class MessageLayoutTest {
    private static final WireFacts FACTS = WireFacts.load("hv-vmbus");

    @Test
    void laysOffersAsHypervH() {
        final Struct message = FACTS.struct("vmbus_channel_offer_channel");
        final Struct offer = FACTS.struct("vmbus_channel_offer");
        final int start = message.offset("offer");
        assertThat(MessageLayout.OFFER_TYPE).isEqualTo(start + offer.offset("if_type"));
        assertThat(MessageLayout.OFFER_INSTANCE).isEqualTo(start + offer.offset("if_instance"));
        assertThat(MessageLayout.OFFER_FLAGS).isEqualTo(start + offer.offset("chn_flags"));
        assertThat(MessageLayout.OFFER_MMIO).isEqualTo(start + offer.offset("mmio_megabytes"));
        assertThat(MessageLayout.OFFER_USER_DATA).isEqualTo(start + offer.offset("u.std.user_def"));
        assertThat(UserData.BYTES).isEqualTo(offer.size("u.std.user_def"));
        assertThat(MessageLayout.OFFER_SUB_CHANNEL)
                .isEqualTo(start + offer.offset("sub_channel_index"));
        assertThat(MessageLayout.OFFER_RELID).isEqualTo(message.offset("child_relid"));
        assertThat(MessageLayout.OFFER_MONITOR_ID).isEqualTo(message.offset("monitorid"));
        assertThat(MessageLayout.OFFER_MONITOR_BITS).isEqualTo(message.offset("monitor_allocated"));
        assertThat(MessageLayout.OFFER_INTERRUPT_BITS)
                .isEqualTo(message.offset("is_dedicated_interrupt"));
        assertThat(MessageLayout.OFFER_CONNECTION_ID).isEqualTo(message.offset("connection_id"));
        assertThat(MessageLayout.OFFER_BYTES).isEqualTo(message.size());
    }

    @Test
    void laysOpeningAsHypervH() {
        final Struct open = FACTS.struct("vmbus_channel_open_channel");
        assertThat(MessageLayout.RELID).isEqualTo(open.offset("child_relid"));
        assertThat(MessageLayout.OPEN_ID).isEqualTo(open.offset("openid"));
        assertThat(MessageLayout.OPEN_GPADL).isEqualTo(open.offset("ringbuffer_gpadlhandle"));
        assertThat(MessageLayout.OPEN_TARGET_VP).isEqualTo(open.offset("target_vp"));
        assertThat(MessageLayout.OPEN_DOWNSTREAM_PAGE)
                .isEqualTo(open.offset("downstream_ringbuffer_pageoffset"));
        assertThat(MessageLayout.OPEN_USER_DATA).isEqualTo(open.offset("userdata"));
        assertThat(MessageLayout.OPEN_BYTES).isEqualTo(open.size());
        final Struct result = FACTS.struct("vmbus_channel_open_result");
        assertThat(MessageLayout.OPEN_ID).isEqualTo(result.offset("openid"));
        assertThat(MessageLayout.OPEN_RESULT_STATUS).isEqualTo(result.offset("status"));
        assertThat(MessageLayout.OPEN_RESULT_BYTES).isEqualTo(result.size());
        for (final String name :
                new String[] {"close_channel", "rescind_offer", "relid_released"}) {
            final Struct struct = FACTS.struct("vmbus_channel_" + name);
            assertThat(struct.offset("child_relid")).as(name).isEqualTo(MessageLayout.RELID);
            assertThat(struct.size()).as(name).isEqualTo(MessageLayout.RELID_ONLY_BYTES);
        }
    }

    @Test
    void laysPageListsAsHypervH() {
        final Struct header = FACTS.struct("vmbus_channel_gpadl_header");
        assertThat(MessageLayout.HEADER_GPADL).isEqualTo(header.offset("gpadl"));
        assertThat(MessageLayout.HEADER_RANGE_BYTES).isEqualTo(header.offset("range_buflen"));
        assertThat(MessageLayout.HEADER_RANGE_COUNT).isEqualTo(header.offset("rangecount"));
        final Struct range = FACTS.struct("gpa_range");
        final int start = header.offset("range");
        assertThat(MessageLayout.HEADER_BYTE_COUNT).isEqualTo(start + range.offset("byte_count"));
        assertThat(MessageLayout.HEADER_BYTE_OFFSET).isEqualTo(start + range.offset("byte_offset"));
        assertThat(MessageLayout.HEADER_PAGES).isEqualTo(start + range.offset("pfn_array"));
        assertThat(MessageLayout.HEADER_PAGES).isEqualTo(computed("GPADL_HEADER_FIRST_PFN_OFFSET"));
        assertThat(MessageWriter.HEADER_PAGES).isEqualTo(computed("GPADL_HEADER_MAX_PFNS"));
        final Struct body = FACTS.struct("vmbus_channel_gpadl_body");
        assertThat(MessageLayout.BODY_NUMBER).isEqualTo(body.offset("msgnumber"));
        assertThat(MessageLayout.BODY_GPADL).isEqualTo(body.offset("gpadl"));
        assertThat(MessageLayout.BODY_PAGES).isEqualTo(body.offset("pfn"));
        assertThat(MessageWriter.BODY_PAGES).isEqualTo(computed("GPADL_BODY_MAX_PFNS"));
        final Struct created = FACTS.struct("vmbus_channel_gpadl_created");
        assertThat(MessageLayout.CREATED_GPADL).isEqualTo(created.offset("gpadl"));
        assertThat(MessageLayout.CREATED_STATUS).isEqualTo(created.offset("creation_status"));
        assertThat(MessageLayout.CREATED_BYTES).isEqualTo(created.size());
        final Struct teardown = FACTS.struct("vmbus_channel_gpadl_teardown");
        assertThat(MessageLayout.TEARDOWN_GPADL).isEqualTo(teardown.offset("gpadl"));
        assertThat(MessageLayout.TEARDOWN_BYTES).isEqualTo(teardown.size());
        final Struct torndown = FACTS.struct("vmbus_channel_gpadl_torndown");
        assertThat(MessageLayout.TORNDOWN_GPADL).isEqualTo(torndown.offset("gpadl"));
        assertThat(MessageLayout.TORNDOWN_BYTES).isEqualTo(torndown.size());
    }

    @Test
    void laysContactAsHypervH() {
        final Struct contact = FACTS.struct("vmbus_channel_initiate_contact");
        assertThat(MessageLayout.CONTACT_VERSION)
                .isEqualTo(contact.offset("vmbus_version_requested"));
        assertThat(MessageLayout.CONTACT_TARGET_VP).isEqualTo(contact.offset("target_vcpu"));
        assertThat(MessageLayout.CONTACT_INTERRUPT_PAGE)
                .isEqualTo(contact.offset("interrupt_page"));
        assertThat(MessageLayout.CONTACT_INTERRUPT_PAGE).isEqualTo(contact.offset("msg_sint"));
        assertThat(MessageLayout.CONTACT_MONITOR_1).isEqualTo(contact.offset("monitor_page1"));
        assertThat(MessageLayout.CONTACT_MONITOR_2).isEqualTo(contact.offset("monitor_page2"));
        assertThat(MessageLayout.CONTACT_BYTES).isEqualTo(contact.size());
        assertThat(MessageLayout.CONTACT_2_BYTES).isEqualTo(contact.size() + Guid.BYTES);
        final Struct response = FACTS.struct("vmbus_channel_version_response");
        assertThat(MessageLayout.RESPONSE_SUPPORTED)
                .isEqualTo(response.offset("version_supported"));
        assertThat(MessageLayout.RESPONSE_STATE).isEqualTo(response.offset("connection_state"));
        assertThat(MessageLayout.RESPONSE_CONNECTION_ID).isEqualTo(response.offset("msg_conn_id"));
        assertThat(MessageLayout.RESPONSE_BYTES).isEqualTo(response.size());
        assertThat(MessageLayout.RESPONSE_FEATURES).isEqualTo(response.size());
    }

    @Test
    void laysModifyAndSocketsAsHypervH() {
        final Struct modify = FACTS.struct("vmbus_channel_modifychannel");
        assertThat(MessageLayout.MODIFY_TARGET_VP).isEqualTo(modify.offset("target_vp"));
        assertThat(MessageLayout.MODIFY_BYTES).isEqualTo(modify.size());
        final Struct answer = FACTS.struct("vmbus_channel_modifychannel_response");
        assertThat(MessageLayout.MODIFY_STATUS).isEqualTo(answer.offset("status"));
        assertThat(MessageLayout.MODIFY_RESPONSE_BYTES).isEqualTo(answer.size());
        final Struct socket = FACTS.struct("vmbus_channel_tl_connect_request");
        assertThat(MessageLayout.TL_ENDPOINT).isEqualTo(socket.offset("guest_endpoint_id"));
        assertThat(MessageLayout.TL_SERVICE).isEqualTo(socket.offset("host_service_id"));
        assertThat(MessageLayout.TL_REQUEST_BYTES).isEqualTo(socket.size());
        assertThat(MessageLayout.HEADER_BYTES)
                .isEqualTo(FACTS.struct("vmbus_channel_message_header").size());
        assertThat(MessageLayout.MAX_BYTES)
                .isEqualTo((int) FACTS.constant("MAX_SIZE_CHANNEL_MESSAGE"));
    }

    @Test
    void numbersMessagesAsHypervH() {
        final Map<String, Integer> numbers = new LinkedHashMap<>();
        numbers.put("INVALID", MessageType.INVALID);
        numbers.put("OFFERCHANNEL", MessageType.OFFER_CHANNEL);
        numbers.put("RESCIND_CHANNELOFFER", MessageType.RESCIND_CHANNEL_OFFER);
        numbers.put("REQUESTOFFERS", MessageType.REQUEST_OFFERS);
        numbers.put("ALLOFFERS_DELIVERED", MessageType.ALL_OFFERS_DELIVERED);
        numbers.put("OPENCHANNEL", MessageType.OPEN_CHANNEL);
        numbers.put("OPENCHANNEL_RESULT", MessageType.OPEN_CHANNEL_RESULT);
        numbers.put("CLOSECHANNEL", MessageType.CLOSE_CHANNEL);
        numbers.put("GPADL_HEADER", MessageType.GPADL_HEADER);
        numbers.put("GPADL_BODY", MessageType.GPADL_BODY);
        numbers.put("GPADL_CREATED", MessageType.GPADL_CREATED);
        numbers.put("GPADL_TEARDOWN", MessageType.GPADL_TEARDOWN);
        numbers.put("GPADL_TORNDOWN", MessageType.GPADL_TORNDOWN);
        numbers.put("RELID_RELEASED", MessageType.RELID_RELEASED);
        numbers.put("INITIATE_CONTACT", MessageType.INITIATE_CONTACT);
        numbers.put("VERSION_RESPONSE", MessageType.VERSION_RESPONSE);
        numbers.put("UNLOAD", MessageType.UNLOAD);
        numbers.put("UNLOAD_RESPONSE", MessageType.UNLOAD_RESPONSE);
        numbers.put("TL_CONNECT_REQUEST", MessageType.TL_CONNECT_REQUEST);
        numbers.put("MODIFYCHANNEL", MessageType.MODIFY_CHANNEL);
        numbers.put("TL_CONNECT_RESULT", MessageType.TL_CONNECT_RESULT);
        numbers.put("MODIFYCHANNEL_RESPONSE", MessageType.MODIFY_CHANNEL_RESPONSE);
        numbers.put("COUNT", MessageType.COUNT);
        numbers.forEach((name, number) ->
                assertThat(FACTS.constant("CHANNELMSG_" + name)).as(name).isEqualTo((long) number));
    }

    @Test
    void needsAtLeastWhatLinuxNeedsOfEachMessageOfTheHost() {
        int checked = 0;
        for (final Map<String, Object> row : FACTS.vectors("channelMessageTable")) {
            final int least = WireFacts.number(row, "minPayloadBytes");
            if (Boolean.TRUE.equals(row.get("guestHandles")) && least > 0) {
                assertThat(MessageReader.leastBytes(WireFacts.number(row, "type")))
                        .as("%s", row)
                        .isEqualTo(least);
                checked++;
            }
        }
        assertThat(checked).isEqualTo(7);
    }

    @Test
    void numbersVersionsAsHypervH() {
        assertThat(VmbusVersion.V0_13).isEqualTo((int) FACTS.constant("VERSION_WS2008"));
        assertThat(VmbusVersion.V1_1).isEqualTo((int) FACTS.constant("VERSION_WIN7"));
        assertThat(VmbusVersion.V2_4).isEqualTo((int) FACTS.constant("VERSION_WIN8"));
        assertThat(VmbusVersion.V3_0).isEqualTo((int) FACTS.constant("VERSION_WIN8_1"));
        assertThat(VmbusVersion.V4_0).isEqualTo((int) FACTS.constant("VERSION_WIN10"));
        assertThat(VmbusVersion.V4_1).isEqualTo((int) FACTS.constant("VERSION_WIN10_V4_1"));
        assertThat(VmbusVersion.V5_0).isEqualTo((int) FACTS.constant("VERSION_WIN10_V5"));
        assertThat(VmbusVersion.V5_1).isEqualTo((int) FACTS.constant("VERSION_WIN10_V5_1"));
        assertThat(VmbusVersion.V5_2).isEqualTo((int) FACTS.constant("VERSION_WIN10_V5_2"));
        assertThat(VmbusVersion.V5_3).isEqualTo((int) FACTS.constant("VERSION_WIN10_V5_3"));
    }

    @Test
    void namesDevicesByTheirGuids() {
        final Map<String, Guid> guids = new LinkedHashMap<>();
        guids.put("HV_NIC_GUID", DeviceType.NETWORK);
        guids.put("HV_IDE_GUID", DeviceType.IDE);
        guids.put("HV_SCSI_GUID", DeviceType.SCSI);
        guids.put("HV_SYNTHFC_GUID", DeviceType.FIBRE_CHANNEL);
        guids.put("HV_SHUTDOWN_GUID", DeviceType.SHUTDOWN);
        guids.put("HV_TS_GUID", DeviceType.TIME);
        guids.put("HV_HEART_BEAT_GUID", DeviceType.HEARTBEAT);
        guids.put("HV_KVP_GUID", DeviceType.KEY_VALUE);
        guids.forEach((name, guid) -> {
            assertThat(guid.toString()).isEqualTo(FACTS.value("guids", name, "canonical"));
            final UnsafeBuffer bytes = new UnsafeBuffer(new byte[Guid.BYTES]);
            guid.write(bytes, 0);
            assertThat(HexFormat.of().formatHex(bytes.byteArray()))
                    .isEqualTo(FACTS.value("guids", name, "wire"));
            assertThat(Guid.read(bytes, 0)).isEqualTo(guid);
        });
    }

    @Test
    void namesFeaturesAndOfferFlags() {
        final String[] names = {
            "guest_specified_signal_parameters",
            "channel_interrupt_redirection",
            "modify_connection",
            "client_id",
            "confidential_channels",
            "pause_resume",
            "server_specified_monitor_pages",
            "gpa_pinning"
        };
        final int[] flags = {
            TargetInfo.GUEST_SPECIFIED_SIGNAL_PARAMETERS,
            TargetInfo.CHANNEL_INTERRUPT_REDIRECTION,
            TargetInfo.MODIFY_CONNECTION,
            TargetInfo.CLIENT_ID,
            TargetInfo.CONFIDENTIAL_CHANNELS,
            TargetInfo.PAUSE_RESUME,
            TargetInfo.SERVER_SPECIFIED_MONITOR_PAGES,
            TargetInfo.GPA_PINNING
        };
        for (int i = 0; i < names.length; i++) {
            assertThat(FACTS.value("openvmmCrossCheck", "newerProtocol", "featureFlags", names[i]))
                    .as(names[i])
                    .isEqualTo(flags[i]);
        }
        final long info = TargetInfo.of(2, 1, 0x8000_0001);
        assertThat(TargetInfo.sint(info)).isEqualTo(2);
        assertThat(TargetInfo.vtl(info)).isEqualTo(1);
        assertThat(TargetInfo.features(info)).isEqualTo(0x8000_0001);
        assertThat(Offer.ENUMERATE_DEVICE_INTERFACE)
                .isEqualTo((int) FACTS.constant("VMBUS_CHANNEL_ENUMERATE_DEVICE_INTERFACE"));
        assertThat(Offer.NAMED_PIPE_MODE)
                .isEqualTo((int) FACTS.constant("VMBUS_CHANNEL_NAMED_PIPE_MODE"));
        assertThat(Offer.LOOPBACK).isEqualTo((int) FACTS.constant("VMBUS_CHANNEL_LOOPBACK_OFFER"));
        assertThat(Offer.PARENT).isEqualTo((int) FACTS.constant("VMBUS_CHANNEL_PARENT_OFFER"));
        assertThat(Offer.REQUEST_MONITORED_NOTIFICATION)
                .isEqualTo((int) FACTS.constant("VMBUS_CHANNEL_REQUEST_MONITORED_NOTIFICATION"));
        assertThat(Offer.TLNPI_PROVIDER)
                .isEqualTo((int) FACTS.constant("VMBUS_CHANNEL_TLNPI_PROVIDER_OFFER"));
    }

    private static int computed(final String name) {
        return ((Number) FACTS.value("computed", name)).intValue();
    }
}
