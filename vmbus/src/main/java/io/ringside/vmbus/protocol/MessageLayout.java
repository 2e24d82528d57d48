package io.ringside.vmbus.protocol;

/**
 * Where the fields of each message are, in bytes from its start; all little-endian.
 *
 * <pre>
 *  byte   0    1    2    3    4    5    6    7
 *       +----+----+----+----+----+----+----+----+
 *    0  |   message type    |         0         |   every message
 *       +----+----+----+----+----+----+----+----+
 *    8  |   relid           |   ...             |   most that name a channel
 *       +----+----+----+----+----+----+----+----+
 * </pre>
 *
 * <p>A test holds every offset and size against the wire facts. Source: linux/hyperv.h.
 */
final class MessageLayout {
    static final int TYPE = 0;
    static final int HEADER_BYTES = 8;
    static final int MAX_BYTES = 240;

    static final int RELID = 8;
    static final int RELID_ONLY_BYTES = 12;

    // OFFERCHANNEL: the offer starts at 8.
    static final int OFFER_TYPE = 8;
    static final int OFFER_INSTANCE = 24;
    static final int OFFER_FLAGS = 56;
    static final int OFFER_MMIO = 58;
    static final int OFFER_USER_DATA = 60;
    static final int OFFER_SUB_CHANNEL = 180;
    static final int OFFER_RELID = 184;
    static final int OFFER_MONITOR_ID = 188;
    static final int OFFER_MONITOR_BITS = 189;
    static final int OFFER_INTERRUPT_BITS = 190;
    static final int OFFER_CONNECTION_ID = 192;
    static final int OFFER_BYTES = 196;

    static final int OPEN_ID = 12;
    static final int OPEN_GPADL = 16;
    static final int OPEN_TARGET_VP = 20;
    static final int OPEN_DOWNSTREAM_PAGE = 24;
    static final int OPEN_USER_DATA = 28;
    static final int OPEN_BYTES = 148;

    static final int OPEN_RESULT_STATUS = 16;
    static final int OPEN_RESULT_BYTES = 20;

    static final int HEADER_GPADL = 12;
    static final int HEADER_RANGE_BYTES = 16;
    static final int HEADER_RANGE_COUNT = 18;
    static final int HEADER_BYTE_COUNT = 20;
    static final int HEADER_BYTE_OFFSET = 24;
    static final int HEADER_PAGES = 28;

    static final int BODY_NUMBER = 8;
    static final int BODY_GPADL = 12;
    static final int BODY_PAGES = 16;

    static final int CREATED_GPADL = 12;
    static final int CREATED_STATUS = 16;
    static final int CREATED_BYTES = 20;

    static final int TEARDOWN_GPADL = 12;
    static final int TEARDOWN_BYTES = 16;

    static final int TORNDOWN_GPADL = 8;
    static final int TORNDOWN_BYTES = 12;

    static final int CONTACT_VERSION = 8;
    static final int CONTACT_TARGET_VP = 12;
    static final int CONTACT_INTERRUPT_PAGE = 16;
    static final int CONTACT_MONITOR_1 = 24;
    static final int CONTACT_MONITOR_2 = 32;
    static final int CONTACT_BYTES = 40;
    static final int CONTACT_CLIENT_ID = 40;
    static final int CONTACT_2_BYTES = 56;

    static final int RESPONSE_SUPPORTED = 8;
    static final int RESPONSE_STATE = 9;
    static final int RESPONSE_CONNECTION_ID = 12;
    static final int RESPONSE_BYTES = 16;
    static final int RESPONSE_FEATURES = 16;
    static final int RESPONSE_2_BYTES = 20;

    static final int MODIFY_TARGET_VP = 12;
    static final int MODIFY_BYTES = 16;
    static final int MODIFY_STATUS = 12;
    static final int MODIFY_RESPONSE_BYTES = 16;

    static final int TL_ENDPOINT = 8;
    static final int TL_SERVICE = 24;
    static final int TL_REQUEST_BYTES = 40;
    static final int TL_STATUS = 40;
    static final int TL_RESULT_BYTES = 44;

    private MessageLayout() {}
}
