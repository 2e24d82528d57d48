package io.ringside.vmbus.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

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
import org.agrona.MutableDirectBuffer;

/**
 * Writes the bytes of a message; every byte that no field has is zero.
 *
 * <p>Threads: any; there is no state.
 */
public final class MessageWriter {
    /** Bytes of the longest message. */
    public static final int MAX_BYTES = MessageLayout.MAX_BYTES;

    /** Pages that GPADL_HEADER can name. */
    public static final int HEADER_PAGES =
            (MessageLayout.MAX_BYTES - MessageLayout.HEADER_PAGES) / Long.BYTES;

    /** Pages that GPADL_BODY can name. */
    public static final int BODY_PAGES =
            (MessageLayout.MAX_BYTES - MessageLayout.BODY_PAGES) / Long.BYTES;

    private MessageWriter() {}

    /**
     * Writes a message into {@link #MAX_BYTES} of memory.
     *
     * @return its length in bytes
     */
    public static int write(
            final ChannelMessage message, final MutableDirectBuffer buffer, final int offset) {
        buffer.setMemory(offset, MAX_BYTES, (byte) 0);
        put(buffer, offset + MessageLayout.TYPE, message.type());
        return switch (message) {
            case OfferChannel m -> offer(m.offer(), buffer, offset);
            case RescindOffer m -> relidOnly(buffer, offset, m.relid());
            case RequestOffers m -> MessageLayout.HEADER_BYTES;
            case AllOffersDelivered m -> MessageLayout.HEADER_BYTES;
            case OpenChannel m -> open(m, buffer, offset);
            case OpenResult m -> openResult(m, buffer, offset);
            case CloseChannel m -> relidOnly(buffer, offset, m.relid());
            case GpadlHeader m -> gpadlHeader(m, buffer, offset);
            case GpadlBody m -> gpadlBody(m, buffer, offset);
            case GpadlCreated m -> {
                put(buffer, offset + MessageLayout.RELID, m.relid());
                put(buffer, offset + MessageLayout.CREATED_GPADL, m.gpadl());
                put(buffer, offset + MessageLayout.CREATED_STATUS, m.status());
                yield MessageLayout.CREATED_BYTES;
            }
            case GpadlTeardown m -> {
                put(buffer, offset + MessageLayout.RELID, m.relid());
                put(buffer, offset + MessageLayout.TEARDOWN_GPADL, m.gpadl());
                yield MessageLayout.TEARDOWN_BYTES;
            }
            case GpadlTorndown m -> {
                put(buffer, offset + MessageLayout.TORNDOWN_GPADL, m.gpadl());
                yield MessageLayout.TORNDOWN_BYTES;
            }
            case RelidReleased m -> relidOnly(buffer, offset, m.relid());
            case InitiateContact m -> initiateContact(m, buffer, offset);
            case VersionResponse m -> versionResponse(m, buffer, offset);
            case Unload m -> MessageLayout.HEADER_BYTES;
            case UnloadResponse m -> MessageLayout.HEADER_BYTES;
            case TlConnectRequest m -> {
                m.endpoint().write(buffer, offset + MessageLayout.TL_ENDPOINT);
                m.service().write(buffer, offset + MessageLayout.TL_SERVICE);
                yield MessageLayout.TL_REQUEST_BYTES;
            }
            case TlConnectResult m -> {
                m.endpoint().write(buffer, offset + MessageLayout.TL_ENDPOINT);
                m.service().write(buffer, offset + MessageLayout.TL_SERVICE);
                put(buffer, offset + MessageLayout.TL_STATUS, m.status());
                yield MessageLayout.TL_RESULT_BYTES;
            }
            case ModifyChannel m -> {
                put(buffer, offset + MessageLayout.RELID, m.relid());
                put(buffer, offset + MessageLayout.MODIFY_TARGET_VP, m.targetVp());
                yield MessageLayout.MODIFY_BYTES;
            }
            case ModifyResponse m -> {
                put(buffer, offset + MessageLayout.RELID, m.relid());
                put(buffer, offset + MessageLayout.MODIFY_STATUS, m.status());
                yield MessageLayout.MODIFY_RESPONSE_BYTES;
            }
            case Unsupported m -> MessageLayout.HEADER_BYTES;
            case Malformed m -> MessageLayout.HEADER_BYTES;
        };
    }

    private static int relidOnly(
            final MutableDirectBuffer buffer, final int offset, final int relid) {
        put(buffer, offset + MessageLayout.RELID, relid);
        return MessageLayout.RELID_ONLY_BYTES;
    }

    private static int offer(
            final Offer offer, final MutableDirectBuffer buffer, final int offset) {
        offer.deviceType().write(buffer, offset + MessageLayout.OFFER_TYPE);
        offer.instance().write(buffer, offset + MessageLayout.OFFER_INSTANCE);
        putShort(buffer, offset + MessageLayout.OFFER_FLAGS, offer.flags());
        putShort(buffer, offset + MessageLayout.OFFER_MMIO, offer.mmioMegabytes());
        offer.userData().write(buffer, offset + MessageLayout.OFFER_USER_DATA);
        putShort(buffer, offset + MessageLayout.OFFER_SUB_CHANNEL, offer.subChannelIndex());
        put(buffer, offset + MessageLayout.OFFER_RELID, offer.relid());
        if (offer.isMonitored()) {
            buffer.putByte(offset + MessageLayout.OFFER_MONITOR_ID, (byte) offer.monitorId());
            buffer.putByte(offset + MessageLayout.OFFER_MONITOR_BITS, (byte) 1);
        }
        putShort(
                buffer,
                offset + MessageLayout.OFFER_INTERRUPT_BITS,
                offer.dedicatedInterrupt() ? 1 : 0);
        put(buffer, offset + MessageLayout.OFFER_CONNECTION_ID, offer.connectionId());
        return MessageLayout.OFFER_BYTES;
    }

    private static int open(
            final OpenChannel m, final MutableDirectBuffer buffer, final int offset) {
        put(buffer, offset + MessageLayout.RELID, m.relid());
        put(buffer, offset + MessageLayout.OPEN_ID, m.openId());
        put(buffer, offset + MessageLayout.OPEN_GPADL, m.ringGpadl());
        put(buffer, offset + MessageLayout.OPEN_TARGET_VP, m.targetVp());
        put(buffer, offset + MessageLayout.OPEN_DOWNSTREAM_PAGE, m.downstreamPage());
        m.userData().write(buffer, offset + MessageLayout.OPEN_USER_DATA);
        return MessageLayout.OPEN_BYTES;
    }

    private static int openResult(
            final OpenResult m, final MutableDirectBuffer buffer, final int offset) {
        put(buffer, offset + MessageLayout.RELID, m.relid());
        put(buffer, offset + MessageLayout.OPEN_ID, m.openId());
        put(buffer, offset + MessageLayout.OPEN_RESULT_STATUS, m.status());
        return MessageLayout.OPEN_RESULT_BYTES;
    }

    private static int gpadlHeader(
            final GpadlHeader m, final MutableDirectBuffer buffer, final int offset) {
        checkFits(m.pages(), HEADER_PAGES);
        put(buffer, offset + MessageLayout.RELID, m.relid());
        put(buffer, offset + MessageLayout.HEADER_GPADL, m.gpadl());
        putShort(buffer, offset + MessageLayout.HEADER_RANGE_BYTES, m.rangeBytes());
        putShort(buffer, offset + MessageLayout.HEADER_RANGE_COUNT, m.rangeCount());
        put(buffer, offset + MessageLayout.HEADER_BYTE_COUNT, m.byteCount());
        put(buffer, offset + MessageLayout.HEADER_BYTE_OFFSET, m.byteOffset());
        m.pages().write(buffer, offset + MessageLayout.HEADER_PAGES);
        return MessageLayout.HEADER_PAGES + m.pages().count() * Long.BYTES;
    }

    private static int gpadlBody(
            final GpadlBody m, final MutableDirectBuffer buffer, final int offset) {
        checkFits(m.pages(), BODY_PAGES);
        put(buffer, offset + MessageLayout.BODY_NUMBER, m.number());
        put(buffer, offset + MessageLayout.BODY_GPADL, m.gpadl());
        m.pages().write(buffer, offset + MessageLayout.BODY_PAGES);
        return MessageLayout.BODY_PAGES + m.pages().count() * Long.BYTES;
    }

    private static void checkFits(final PageNumbers pages, final int most) {
        if (pages.count() > most) {
            throw new IllegalArgumentException(
                    "too many pages for one message: pages=" + pages.count() + " most=" + most);
        }
    }

    private static int initiateContact(
            final InitiateContact m, final MutableDirectBuffer buffer, final int offset) {
        put(buffer, offset + MessageLayout.CONTACT_VERSION, m.version());
        put(buffer, offset + MessageLayout.CONTACT_TARGET_VP, m.targetVp());
        putLong(buffer, offset + MessageLayout.CONTACT_INTERRUPT_PAGE, m.interruptPage());
        putLong(buffer, offset + MessageLayout.CONTACT_MONITOR_1, m.monitorPage1());
        putLong(buffer, offset + MessageLayout.CONTACT_MONITOR_2, m.monitorPage2());
        if (!VmbusVersion.hasFeatures(m.version())) {
            return MessageLayout.CONTACT_BYTES;
        }
        m.clientId().write(buffer, offset + MessageLayout.CONTACT_CLIENT_ID);
        return MessageLayout.CONTACT_2_BYTES;
    }

    private static int versionResponse(
            final VersionResponse m, final MutableDirectBuffer buffer, final int offset) {
        buffer.putByte(offset + MessageLayout.RESPONSE_SUPPORTED, (byte) (m.supported() ? 1 : 0));
        buffer.putByte(offset + MessageLayout.RESPONSE_STATE, (byte) m.connectionState());
        put(buffer, offset + MessageLayout.RESPONSE_CONNECTION_ID, m.messageConnectionId());
        if (m.features() == VersionResponse.NO_FEATURES) {
            return MessageLayout.RESPONSE_BYTES;
        }
        put(buffer, offset + MessageLayout.RESPONSE_FEATURES, m.features());
        return MessageLayout.RESPONSE_2_BYTES;
    }

    private static void putShort(
            final MutableDirectBuffer buffer, final int index, final int value) {
        buffer.putShort(index, (short) value, LITTLE_ENDIAN);
    }

    private static void put(final MutableDirectBuffer buffer, final int index, final int value) {
        buffer.putInt(index, value, LITTLE_ENDIAN);
    }

    private static void putLong(
            final MutableDirectBuffer buffer, final int index, final long value) {
        buffer.putLong(index, value, LITTLE_ENDIAN);
    }
}
