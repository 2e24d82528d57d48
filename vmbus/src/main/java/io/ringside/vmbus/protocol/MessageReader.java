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
import org.agrona.DirectBuffer;

/**
 * Reads the bytes of a message, as a peer sent them: any bytes are safe.
 *
 * <p>A message may be longer than its type needs, except where its length counts pages. Threads:
 * any; there is no state.
 */
public final class MessageReader {
    private static final int U16 = 0xffff;
    private static final int U8 = 0xff;

    private MessageReader() {}

    /** The message in {@code length} bytes; {@link Malformed} or {@link Unsupported} if none is. */
    public static ChannelMessage read(
            final DirectBuffer buffer, final int offset, final int length) {
        if (length < MessageLayout.HEADER_BYTES) {
            return new Malformed(MessageType.INVALID);
        }
        final int type = u32(buffer, offset + MessageLayout.TYPE);
        if (length < leastBytes(type)) {
            return new Malformed(type);
        }
        return switch (type) {
            case MessageType.OFFER_CHANNEL -> new OfferChannel(offer(buffer, offset));
            case MessageType.RESCIND_CHANNEL_OFFER -> new RescindOffer(relid(buffer, offset));
            case MessageType.REQUEST_OFFERS -> new RequestOffers();
            case MessageType.ALL_OFFERS_DELIVERED -> new AllOffersDelivered();
            case MessageType.OPEN_CHANNEL -> openChannel(buffer, offset);
            case MessageType.OPEN_CHANNEL_RESULT ->
                    new OpenResult(
                            relid(buffer, offset),
                            u32(buffer, offset + MessageLayout.OPEN_ID),
                            u32(buffer, offset + MessageLayout.OPEN_RESULT_STATUS));
            case MessageType.CLOSE_CHANNEL -> new CloseChannel(relid(buffer, offset));
            case MessageType.GPADL_HEADER -> gpadlHeader(buffer, offset, length);
            case MessageType.GPADL_BODY -> gpadlBody(buffer, offset, length);
            case MessageType.GPADL_CREATED ->
                    new GpadlCreated(
                            relid(buffer, offset),
                            u32(buffer, offset + MessageLayout.CREATED_GPADL),
                            u32(buffer, offset + MessageLayout.CREATED_STATUS));
            case MessageType.GPADL_TEARDOWN ->
                    new GpadlTeardown(
                            relid(buffer, offset),
                            u32(buffer, offset + MessageLayout.TEARDOWN_GPADL));
            case MessageType.GPADL_TORNDOWN ->
                    new GpadlTorndown(u32(buffer, offset + MessageLayout.TORNDOWN_GPADL));
            case MessageType.RELID_RELEASED -> new RelidReleased(relid(buffer, offset));
            case MessageType.INITIATE_CONTACT -> initiateContact(buffer, offset, length);
            case MessageType.VERSION_RESPONSE -> versionResponse(buffer, offset, length);
            case MessageType.UNLOAD -> new Unload();
            case MessageType.UNLOAD_RESPONSE -> new UnloadResponse();
            case MessageType.TL_CONNECT_REQUEST ->
                    new TlConnectRequest(
                            Guid.read(buffer, offset + MessageLayout.TL_ENDPOINT),
                            Guid.read(buffer, offset + MessageLayout.TL_SERVICE));
            case MessageType.MODIFY_CHANNEL ->
                    new ModifyChannel(
                            relid(buffer, offset),
                            u32(buffer, offset + MessageLayout.MODIFY_TARGET_VP));
            case MessageType.TL_CONNECT_RESULT ->
                    new TlConnectResult(
                            Guid.read(buffer, offset + MessageLayout.TL_ENDPOINT),
                            Guid.read(buffer, offset + MessageLayout.TL_SERVICE),
                            u32(buffer, offset + MessageLayout.TL_STATUS));
            case MessageType.MODIFY_CHANNEL_RESPONSE ->
                    new ModifyResponse(
                            relid(buffer, offset),
                            u32(buffer, offset + MessageLayout.MODIFY_STATUS));
            default -> new Unsupported(type);
        };
    }

    /** The least bytes of a message of this type. */
    static int leastBytes(final int type) {
        return switch (type) {
            case MessageType.OFFER_CHANNEL -> MessageLayout.OFFER_BYTES;
            case MessageType.RESCIND_CHANNEL_OFFER,
                    MessageType.CLOSE_CHANNEL,
                    MessageType.RELID_RELEASED ->
                    MessageLayout.RELID_ONLY_BYTES;
            case MessageType.OPEN_CHANNEL -> MessageLayout.OPEN_BYTES;
            case MessageType.OPEN_CHANNEL_RESULT -> MessageLayout.OPEN_RESULT_BYTES;
            case MessageType.GPADL_HEADER -> MessageLayout.HEADER_PAGES;
            case MessageType.GPADL_BODY -> MessageLayout.BODY_PAGES;
            case MessageType.GPADL_CREATED -> MessageLayout.CREATED_BYTES;
            case MessageType.GPADL_TEARDOWN -> MessageLayout.TEARDOWN_BYTES;
            case MessageType.GPADL_TORNDOWN -> MessageLayout.TORNDOWN_BYTES;
            case MessageType.INITIATE_CONTACT -> MessageLayout.CONTACT_BYTES;
            case MessageType.VERSION_RESPONSE -> MessageLayout.RESPONSE_BYTES;
            case MessageType.TL_CONNECT_REQUEST -> MessageLayout.TL_REQUEST_BYTES;
            case MessageType.MODIFY_CHANNEL -> MessageLayout.MODIFY_BYTES;
            case MessageType.TL_CONNECT_RESULT -> MessageLayout.TL_RESULT_BYTES;
            case MessageType.MODIFY_CHANNEL_RESPONSE -> MessageLayout.MODIFY_RESPONSE_BYTES;
            default -> MessageLayout.HEADER_BYTES;
        };
    }

    private static Offer offer(final DirectBuffer buffer, final int offset) {
        final boolean monitored =
                (buffer.getByte(offset + MessageLayout.OFFER_MONITOR_BITS) & 1) != 0;
        final int monitorId = buffer.getByte(offset + MessageLayout.OFFER_MONITOR_ID) & U8;
        return new Offer(
                Guid.read(buffer, offset + MessageLayout.OFFER_TYPE),
                Guid.read(buffer, offset + MessageLayout.OFFER_INSTANCE),
                u16(buffer, offset + MessageLayout.OFFER_FLAGS),
                u16(buffer, offset + MessageLayout.OFFER_MMIO),
                UserData.read(buffer, offset + MessageLayout.OFFER_USER_DATA),
                u16(buffer, offset + MessageLayout.OFFER_SUB_CHANNEL),
                u32(buffer, offset + MessageLayout.OFFER_RELID),
                monitored ? monitorId : Offer.NO_MONITOR,
                (u16(buffer, offset + MessageLayout.OFFER_INTERRUPT_BITS) & 1) != 0,
                u32(buffer, offset + MessageLayout.OFFER_CONNECTION_ID));
    }

    private static OpenChannel openChannel(final DirectBuffer buffer, final int offset) {
        return new OpenChannel(
                relid(buffer, offset),
                u32(buffer, offset + MessageLayout.OPEN_ID),
                u32(buffer, offset + MessageLayout.OPEN_GPADL),
                u32(buffer, offset + MessageLayout.OPEN_TARGET_VP),
                u32(buffer, offset + MessageLayout.OPEN_DOWNSTREAM_PAGE),
                UserData.read(buffer, offset + MessageLayout.OPEN_USER_DATA));
    }

    private static ChannelMessage gpadlHeader(
            final DirectBuffer buffer, final int offset, final int length) {
        final int pageBytes = length - MessageLayout.HEADER_PAGES;
        if (pageBytes % Long.BYTES != 0) {
            return new Malformed(MessageType.GPADL_HEADER);
        }
        return new GpadlHeader(
                relid(buffer, offset),
                u32(buffer, offset + MessageLayout.HEADER_GPADL),
                u16(buffer, offset + MessageLayout.HEADER_RANGE_BYTES),
                u16(buffer, offset + MessageLayout.HEADER_RANGE_COUNT),
                u32(buffer, offset + MessageLayout.HEADER_BYTE_COUNT),
                u32(buffer, offset + MessageLayout.HEADER_BYTE_OFFSET),
                PageNumbers.read(
                        buffer, offset + MessageLayout.HEADER_PAGES, pageBytes / Long.BYTES));
    }

    private static ChannelMessage gpadlBody(
            final DirectBuffer buffer, final int offset, final int length) {
        final int pageBytes = length - MessageLayout.BODY_PAGES;
        if (pageBytes % Long.BYTES != 0) {
            return new Malformed(MessageType.GPADL_BODY);
        }
        return new GpadlBody(
                u32(buffer, offset + MessageLayout.BODY_NUMBER),
                u32(buffer, offset + MessageLayout.BODY_GPADL),
                PageNumbers.read(
                        buffer, offset + MessageLayout.BODY_PAGES, pageBytes / Long.BYTES));
    }

    private static InitiateContact initiateContact(
            final DirectBuffer buffer, final int offset, final int length) {
        return new InitiateContact(
                u32(buffer, offset + MessageLayout.CONTACT_VERSION),
                u32(buffer, offset + MessageLayout.CONTACT_TARGET_VP),
                u64(buffer, offset + MessageLayout.CONTACT_INTERRUPT_PAGE),
                u64(buffer, offset + MessageLayout.CONTACT_MONITOR_1),
                u64(buffer, offset + MessageLayout.CONTACT_MONITOR_2),
                length < MessageLayout.CONTACT_2_BYTES
                        ? Guid.NONE
                        : Guid.read(buffer, offset + MessageLayout.CONTACT_CLIENT_ID));
    }

    private static VersionResponse versionResponse(
            final DirectBuffer buffer, final int offset, final int length) {
        return new VersionResponse(
                buffer.getByte(offset + MessageLayout.RESPONSE_SUPPORTED) != 0,
                buffer.getByte(offset + MessageLayout.RESPONSE_STATE) & U8,
                u32(buffer, offset + MessageLayout.RESPONSE_CONNECTION_ID),
                length < MessageLayout.RESPONSE_2_BYTES
                        ? VersionResponse.NO_FEATURES
                        : u32(buffer, offset + MessageLayout.RESPONSE_FEATURES));
    }

    private static int relid(final DirectBuffer buffer, final int offset) {
        return u32(buffer, offset + MessageLayout.RELID);
    }

    private static int u16(final DirectBuffer buffer, final int index) {
        return buffer.getShort(index, LITTLE_ENDIAN) & U16;
    }

    private static int u32(final DirectBuffer buffer, final int index) {
        return buffer.getInt(index, LITTLE_ENDIAN);
    }

    private static long u64(final DirectBuffer buffer, final int index) {
        return buffer.getLong(index, LITTLE_ENDIAN);
    }
}
