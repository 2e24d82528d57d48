package io.ringside.perf.trace;

import io.ringside.vmbus.protocol.ChannelMessage;
import io.ringside.vmbus.protocol.ChannelMessage.AllOffersDelivered;
import io.ringside.vmbus.protocol.ChannelMessage.CloseChannel;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlBody;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlCreated;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlHeader;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTeardown;
import io.ringside.vmbus.protocol.ChannelMessage.GpadlTorndown;
import io.ringside.vmbus.protocol.ChannelMessage.InitiateContact;
import io.ringside.vmbus.protocol.ChannelMessage.Malformed;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyChannel;
import io.ringside.vmbus.protocol.ChannelMessage.ModifyResponse;
import io.ringside.vmbus.protocol.ChannelMessage.OfferChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OpenChannel;
import io.ringside.vmbus.protocol.ChannelMessage.OpenResult;
import io.ringside.vmbus.protocol.ChannelMessage.RelidReleased;
import io.ringside.vmbus.protocol.ChannelMessage.RequestOffers;
import io.ringside.vmbus.protocol.ChannelMessage.RescindOffer;
import io.ringside.vmbus.protocol.ChannelMessage.TlConnectRequest;
import io.ringside.vmbus.protocol.ChannelMessage.TlConnectResult;
import io.ringside.vmbus.protocol.ChannelMessage.Unload;
import io.ringside.vmbus.protocol.ChannelMessage.UnloadResponse;
import io.ringside.vmbus.protocol.ChannelMessage.Unsupported;
import io.ringside.vmbus.protocol.ChannelMessage.VersionResponse;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import io.ringside.vmbus.protocol.Offer;
import io.ringside.vmbus.protocol.PageNumbers;
import io.ringside.vmbus.protocol.TargetInfo;
import io.ringside.vmbus.protocol.UserData;
import io.ringside.vmbus.protocol.VmbusVersion;

/**
 * A message of the control plane in words. Fields have the names of linux/hyperv.h; paddings and
 * reserved fields are left out.
 */
final class MessageDecoder {
    private static final String RELID = "child_relid";
    private static final long U32 = 0xffff_ffffL;
    private static final int VERSION_SHIFT = 16;
    private static final int MINOR_MASK = 0xffff;

    private MessageDecoder() {}

    /** Names the message and explains it; its fields are added to those of the way it went. */
    static Decoded decode(final ChannelMessage message, final FieldList f) {
        f.in("vmbus_channel_message_header").number("msgtype", message.type());
        return switch (message) {
            case InitiateContact m -> contact(m, f);
            case VersionResponse m -> response(m, f);
            case RequestOffers m ->
                    new Decoded("REQUESTOFFERS", f, "The guest asks which devices there are.");
            case OfferChannel m -> offer(m.offer(), f);
            case AllOffersDelivered m ->
                    new Decoded(
                            "ALLOFFERS_DELIVERED",
                            f,
                            "These were all devices that there are now; others may be offered"
                                    + " later.");
            case GpadlHeader m -> gpadlHeader(m, f);
            case GpadlBody m -> gpadlBody(m, f);
            case GpadlCreated m -> gpadlCreated(m, f);
            case OpenChannel m -> open(m, f);
            case OpenResult m -> openResult(m, f);
            case CloseChannel m -> closeChannel(m, f);
            case GpadlTeardown m -> teardown(m, f);
            case GpadlTorndown m -> torndown(m, f);
            case RescindOffer m -> rescind(m, f);
            case RelidReleased m -> released(m, f);
            case ModifyChannel m -> modify(m, f);
            case ModifyResponse m -> modified(m, f);
            case TlConnectRequest m -> connect(m, f);
            case TlConnectResult m -> connected(m, f);
            case Unload m -> new Decoded("UNLOAD", f, "The guest stops using the bus.");
            case UnloadResponse m ->
                    new Decoded("UNLOAD_RESPONSE", f, "Nothing of the guest is in use any more.");
            case Unsupported m ->
                    new Decoded("message " + m.type(), f, "A message that Ringside does not know.");
            case Malformed m ->
                    new Decoded(
                            "malformed message " + m.type(),
                            f,
                            "Fewer bytes, or other ones, than this type has: it is refused.");
        };
    }

    private static Decoded closeChannel(final CloseChannel m, final FieldList f) {
        return new Decoded(
                "CLOSECHANNEL",
                f.in("vmbus_channel_close_channel").number(RELID, m.relid()),
                "The guest uses the rings no more; there is no answer.");
    }

    private static Decoded teardown(final GpadlTeardown m, final FieldList f) {
        return new Decoded(
                "GPADL_TEARDOWN",
                f.in("vmbus_channel_gpadl_teardown")
                        .number(RELID, m.relid())
                        .hex("gpadl", m.gpadl() & U32),
                "The guest wants the pages of this list back.");
    }

    private static Decoded torndown(final GpadlTorndown m, final FieldList f) {
        return new Decoded(
                "GPADL_TORNDOWN",
                f.in("vmbus_channel_gpadl_torndown").hex("gpadl", m.gpadl() & U32),
                "The host has unmapped the list: the pages are the guest's again.");
    }

    private static Decoded rescind(final RescindOffer m, final FieldList f) {
        return new Decoded(
                "RESCIND_CHANNELOFFER",
                f.in("vmbus_channel_rescind_offer").number(RELID, m.relid()),
                "The device is gone: what is in flight has failed.");
    }

    private static Decoded released(final RelidReleased m, final FieldList f) {
        return new Decoded(
                "RELID_RELEASED",
                f.in("vmbus_channel_relid_released").number(RELID, m.relid()),
                "The guest has forgotten the channel: its number may be used again.");
    }

    private static Decoded modify(final ModifyChannel m, final FieldList f) {
        return new Decoded(
                "MODIFYCHANNEL",
                f.in("vmbus_channel_modifychannel")
                        .number(RELID, m.relid())
                        .number("target_vp", m.targetVp() & U32),
                "The guest wants another processor to be interrupted.");
    }

    private static Decoded modified(final ModifyResponse m, final FieldList f) {
        return new Decoded(
                "MODIFYCHANNEL_RESPONSE",
                f.in("vmbus_channel_modifychannel_response")
                        .number(RELID, m.relid())
                        .hex("status", m.status() & U32),
                "The host answers the change of the processor; 0 is success.");
    }

    private static Decoded connect(final TlConnectRequest m, final FieldList f) {
        return new Decoded(
                "TL_CONNECT_REQUEST",
                endpoints(f.in("vmbus_channel_tl_connect_request"), m.endpoint(), m.service()),
                "The guest wants a socket to a service of the host.");
    }

    private static Decoded connected(final TlConnectResult m, final FieldList f) {
        return new Decoded(
                "TL_CONNECT_RESULT",
                endpoints(f.in("vmbus_channel_tl_connect_result"), m.endpoint(), m.service())
                        .hex("status", m.status() & U32),
                "The host answers the wish for a socket; 0 is success.");
    }

    private static FieldList endpoints(final FieldList f, final Guid endpoint, final Guid service) {
        return f.text("guest_endpoint_id", endpoint.toString(), "")
                .text("host_service_id", service.toString(), "");
    }

    private static String version(final int version) {
        return "version " + (version >>> VERSION_SHIFT) + "." + (version & MINOR_MASK);
    }

    private static Decoded contact(final InitiateContact m, final FieldList f) {
        f.in("vmbus_channel_initiate_contact")
                .hex("vmbus_version_requested", m.version() & U32, version(m.version()))
                .number("target_vcpu", m.targetVp() & U32, "gets the answers");
        if (VmbusVersion.hasMessageConnection(m.version())) {
            f.number("msg_sint", TargetInfo.sint(m.interruptPage()), "their interrupt source")
                    .number("msg_vtl", TargetInfo.vtl(m.interruptPage()))
                    .hex("feature_flags", TargetInfo.features(m.interruptPage()) & U32);
        } else {
            f.hex("interrupt_page", m.interruptPage());
        }
        f.hex("monitor_page1", m.monitorPage1(), "host to guest")
                .hex("monitor_page2", m.monitorPage2(), "guest to host");
        if (VmbusVersion.hasFeatures(m.version())) {
            f.text("client_id", m.clientId().toString(), "");
        }
        return new Decoded(
                "INITIATE_CONTACT",
                f,
                "The guest proposes a version of the bus, the newest that it speaks first.");
    }

    private static Decoded response(final VersionResponse m, final FieldList f) {
        f.in("vmbus_channel_version_response")
                .number("version_supported", m.supported() ? 1 : 0)
                .number("connection_state", m.connectionState())
                .number("msg_conn_id", m.messageConnectionId() & U32, "the guest posts there");
        if (m.features() != VersionResponse.NO_FEATURES) {
            f.hex("supported_features", m.features() & U32);
        }
        return new Decoded(
                "VERSION_RESPONSE",
                f,
                m.supported()
                        ? "The host speaks that version: it is agreed on."
                        : "The host does not speak that version: the guest tries the next older"
                                + " one.");
    }

    private static Decoded offer(final Offer offer, final FieldList f) {
        f.in("vmbus_channel_offer")
                .text("if_type", offer.deviceType().toString(), deviceName(offer.deviceType()))
                .text("if_instance", offer.instance().toString(), "")
                .hex("chn_flags", offer.flags())
                .number("mmio_megabytes", offer.mmioMegabytes());
        userData(f, "user_def", offer.userData());
        f.number("sub_channel_index", offer.subChannelIndex())
                .in("vmbus_channel_offer_channel")
                .number(RELID, offer.relid() & U32, "the channel's number from now on");
        if (offer.isMonitored()) {
            f.number("monitorid", offer.monitorId());
        }
        f.number("monitor_allocated", offer.isMonitored() ? 1 : 0)
                .number("is_dedicated_interrupt", offer.dedicatedInterrupt() ? 1 : 0)
                .number("connection_id", offer.connectionId() & U32, "what the guest signals");
        return new Decoded(
                "OFFERCHANNEL",
                f,
                "The host offers a "
                        + deviceName(offer.deviceType())
                        + ": its class says which driver, its instance which device.");
    }

    private static String deviceName(final Guid type) {
        if (type.equals(DeviceType.SCSI)) {
            return "SCSI controller";
        } else if (type.equals(DeviceType.IDE)) {
            return "accelerated IDE disk";
        } else if (type.equals(DeviceType.FIBRE_CHANNEL)) {
            return "fibre channel adapter";
        } else if (type.equals(DeviceType.NETWORK)) {
            return "network card";
        }
        return "device";
    }

    private static void userData(final FieldList f, final String name, final UserData data) {
        if (data.equals(UserData.NONE)) {
            f.text(name, "zeros", UserData.BYTES + " bytes");
            return;
        }
        final StringBuilder text = new StringBuilder(UserData.BYTES * 2);
        for (int i = 0; i < UserData.BYTES; i++) {
            text.append(Integer.toHexString(data.byteAt(i) | 0x100), 1, 3);
        }
        f.text(name, text.toString(), "");
    }

    private static Decoded gpadlHeader(final GpadlHeader m, final FieldList f) {
        f.in("vmbus_channel_gpadl_header")
                .number(RELID, m.relid() & U32)
                .hex("gpadl", m.gpadl() & U32, "the guest's number for the list")
                .number("range_buflen", m.rangeBytes(), "bytes of the whole list")
                .number("rangecount", m.rangeCount())
                .in("gpa_range")
                .number("byte_count", m.byteCount() & U32)
                .number("byte_offset", m.byteOffset() & U32);
        pages(f, "pfn_array", m.pages());
        return new Decoded(
                "GPADL_HEADER",
                f,
                "The guest lists pages of its memory for the host to map; what does not fit"
                        + " follows.");
    }

    private static Decoded gpadlBody(final GpadlBody m, final FieldList f) {
        f.in("vmbus_channel_gpadl_body")
                .number("msgnumber", m.number() & U32)
                .hex("gpadl", m.gpadl() & U32);
        pages(f, "pfn", m.pages());
        return new Decoded("GPADL_BODY", f, "The list of pages goes on.");
    }

    private static void pages(final FieldList f, final String name, final PageNumbers numbers) {
        final PageRuns runs = new PageRuns();
        for (int i = 0; i < numbers.count(); i++) {
            runs.add(numbers.page(i));
        }
        f.text(name, runs.text(), runs.countText());
    }

    private static Decoded gpadlCreated(final GpadlCreated m, final FieldList f) {
        return new Decoded(
                "GPADL_CREATED",
                f.in("vmbus_channel_gpadl_created")
                        .number(RELID, m.relid() & U32)
                        .hex("gpadl", m.gpadl() & U32)
                        .hex("creation_status", m.status() & U32),
                m.status() == 0
                        ? "The host has the whole list, and every page of it exists."
                        : "The host refuses the list.");
    }

    private static Decoded open(final OpenChannel m, final FieldList f) {
        f.in("vmbus_channel_open_channel")
                .number(RELID, m.relid() & U32)
                .number("openid", m.openId() & U32)
                .hex("ringbuffer_gpadlhandle", m.ringGpadl() & U32)
                .number("target_vp", m.targetVp() & U32, "the host interrupts it")
                .number(
                        "downstream_ringbuffer_pageoffset",
                        m.downstreamPage() & U32,
                        "host to guest from there on");
        userData(f, "userdata", m.userData());
        return new Decoded(
                "OPENCHANNEL",
                f,
                "The guest opens the channel: those pages are its two rings, one for each"
                        + " direction.");
    }

    private static Decoded openResult(final OpenResult m, final FieldList f) {
        return new Decoded(
                "OPENCHANNEL_RESULT",
                f.in("vmbus_channel_open_result")
                        .number(RELID, m.relid() & U32)
                        .number("openid", m.openId() & U32)
                        .hex("status", m.status() & U32),
                m.status() == 0
                        ? "The host has mapped both rings: from now on packets flow through them."
                        : "The host refuses to open the channel.");
    }
}
