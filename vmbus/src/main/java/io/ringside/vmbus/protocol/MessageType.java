package io.ringside.vmbus.protocol;

/** The numbers of the messages. Source: {@code vmbus_channel_message_type}, linux/hyperv.h. */
public final class MessageType {
    public static final int INVALID = 0;
    public static final int OFFER_CHANNEL = 1;
    public static final int RESCIND_CHANNEL_OFFER = 2;
    public static final int REQUEST_OFFERS = 3;
    public static final int ALL_OFFERS_DELIVERED = 4;
    public static final int OPEN_CHANNEL = 5;
    public static final int OPEN_CHANNEL_RESULT = 6;
    public static final int CLOSE_CHANNEL = 7;
    public static final int GPADL_HEADER = 8;
    public static final int GPADL_BODY = 9;
    public static final int GPADL_CREATED = 10;
    public static final int GPADL_TEARDOWN = 11;
    public static final int GPADL_TORNDOWN = 12;
    public static final int RELID_RELEASED = 13;
    public static final int INITIATE_CONTACT = 14;
    public static final int VERSION_RESPONSE = 15;
    public static final int UNLOAD = 16;
    public static final int UNLOAD_RESPONSE = 17;
    public static final int TL_CONNECT_REQUEST = 21;
    public static final int MODIFY_CHANNEL = 22;
    public static final int TL_CONNECT_RESULT = 23;
    public static final int MODIFY_CHANNEL_RESPONSE = 24;

    /** One more than the last number of protocol 5.3. */
    public static final int COUNT = 25;

    private MessageType() {}
}
