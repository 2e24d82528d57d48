package io.ringside.vmbus.protocol;

/**
 * One message of the control plane, in either direction; its bytes are told by {@link
 * MessageReader} and {@link MessageWriter}.
 *
 * <p>A number from the peer is told as it came: whoever handles the message checks it. Source:
 * {@code vmbus_channel_message_type} and the structs beside it, linux/hyperv.h.
 */
public sealed interface ChannelMessage {
    /** The number in the header, see {@link MessageType}. */
    int type();

    /** Host: a channel is there. */
    record OfferChannel(Offer offer) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.OFFER_CHANNEL;
        }
    }

    /** Host: a channel is gone. */
    record RescindOffer(int relid) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.RESCIND_CHANNEL_OFFER;
        }
    }

    /** Guest: tell me all channels. */
    record RequestOffers() implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.REQUEST_OFFERS;
        }
    }

    /** Host: these were all channels that there are now. */
    record AllOffersDelivered() implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.ALL_OFFERS_DELIVERED;
        }
    }

    /**
     * Guest: use these rings.
     *
     * @param downstreamPage the page of the GPADL where the host-to-guest ring starts
     */
    record OpenChannel(
            int relid,
            int openId,
            int ringGpadl,
            int targetVp,
            int downstreamPage,
            UserData userData)
            implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.OPEN_CHANNEL;
        }
    }

    /** Host: the answer to {@link OpenChannel}. */
    record OpenResult(int relid, int openId, int status) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.OPEN_CHANNEL_RESULT;
        }
    }

    /** Guest: the rings are not used any more. There is no answer. */
    record CloseChannel(int relid) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.CLOSE_CHANNEL;
        }
    }

    /**
     * Guest: a list of pages begins.
     *
     * @param gpadl the guest's number for the list
     * @param rangeBytes bytes of the whole list: 8 for the range, 8 for each page
     * @param rangeCount how many ranges it has
     * @param byteCount length of the (first) range
     * @param byteOffset where it starts in its first page
     * @param pages as many as fit the message
     */
    record GpadlHeader(
            int relid,
            int gpadl,
            int rangeBytes,
            int rangeCount,
            int byteCount,
            int byteOffset,
            PageNumbers pages)
            implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.GPADL_HEADER;
        }
    }

    /**
     * Guest: the list of pages goes on.
     *
     * @param number counted from 1 for each list, or 0 by guests that do not count
     */
    record GpadlBody(int number, int gpadl, PageNumbers pages) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.GPADL_BODY;
        }
    }

    /** Host: the answer to the last fragment of a list. */
    record GpadlCreated(int relid, int gpadl, int status) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.GPADL_CREATED;
        }
    }

    /** Guest: let go of a list of pages. */
    record GpadlTeardown(int relid, int gpadl) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.GPADL_TEARDOWN;
        }
    }

    /** Host: nothing of the list is mapped any more. */
    record GpadlTorndown(int gpadl) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.GPADL_TORNDOWN;
        }
    }

    /** Guest: the number of a rescinded channel may be used again. */
    record RelidReleased(int relid) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.RELID_RELEASED;
        }
    }

    /**
     * Guest: let us speak this version.
     *
     * @param targetVp the processor that gets the answers
     * @param interruptPage before 5.0, the address of the interrupt page; from 5.0 {@link
     *     TargetInfo}
     * @param monitorPage1 address of the host-to-guest monitor page
     * @param monitorPage2 address of the guest-to-host monitor page
     * @param clientId with {@link TargetInfo#CLIENT_ID} who the guest says it is, else none
     */
    record InitiateContact(
            int version,
            int targetVp,
            long interruptPage,
            long monitorPage1,
            long monitorPage2,
            Guid clientId)
            implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.INITIATE_CONTACT;
        }
    }

    /**
     * Host: the answer to {@link InitiateContact}.
     *
     * @param messageConnectionId from 5.0, where the guest posts its messages from now on
     * @param features from 6.0, which of the features asked for are there; {@link #NO_FEATURES}
     *     before
     */
    record VersionResponse(
            boolean supported, int connectionState, int messageConnectionId, int features)
            implements ChannelMessage {
        /** The message ends before the features. */
        public static final int NO_FEATURES = -1;

        @Override
        public int type() {
            return MessageType.VERSION_RESPONSE;
        }
    }

    /** Guest: I stop using the bus. */
    record Unload() implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.UNLOAD;
        }
    }

    /** Host: nothing of the guest is in use any more. */
    record UnloadResponse() implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.UNLOAD_RESPONSE;
        }
    }

    /** Guest: connect me to a service of the host by a socket. */
    record TlConnectRequest(Guid endpoint, Guid service) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.TL_CONNECT_REQUEST;
        }
    }

    /** Host: the answer to {@link TlConnectRequest}. */
    record TlConnectResult(Guid endpoint, Guid service, int status) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.TL_CONNECT_RESULT;
        }
    }

    /** Guest: interrupt another processor from now on. */
    record ModifyChannel(int relid, int targetVp) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.MODIFY_CHANNEL;
        }
    }

    /** Host: the answer to {@link ModifyChannel}, from 5.3. */
    record ModifyResponse(int relid, int status) implements ChannelMessage {
        @Override
        public int type() {
            return MessageType.MODIFY_CHANNEL_RESPONSE;
        }
    }

    /** A number that names no message that we speak. */
    record Unsupported(int type) implements ChannelMessage {}

    /** Fewer bytes, or other ones, than its type has. */
    record Malformed(int type) implements ChannelMessage {}
}
