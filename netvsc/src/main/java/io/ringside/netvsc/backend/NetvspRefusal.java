package io.ringside.netvsc.backend;

/** Why a backend did not do what a guest asked for. */
public enum NetvspRefusal {
    /** A packet of a type that this protocol has no use for: dropped. */
    PACKET_TYPE,
    /** An NVSP message shorter than its type needs: answered with a failure, as are all below. */
    MESSAGE_LENGTH,
    /** An NVSP message that this device does not know, or that its version does not have. */
    MESSAGE,
    /** An NVSP message out of its turn, or on the wrong channel. */
    STATE,
    /** A version that this device does not speak. */
    VERSION,
    /** A buffer that does not exist, is too small or too large, or is there already. */
    BUFFER,
    /** A section outside of the send buffer, or more bytes than it has. */
    SECTION,
    /** Pages that do not exist, or more of them than one packet may name. */
    PAGES,
    /** Sub-channels that cannot be given: none asked for, or old ones not gone. */
    SUB_CHANNELS,
    /** An RNDIS message whose lengths and offsets do not fit its bytes, or of an unknown type. */
    RNDIS,
    /** More RNDIS messages in one packet than were agreed on. */
    TOO_MANY_MESSAGES,
    /** A record of per-packet information that cannot be. */
    PACKET_INFORMATION,
    /** A frame too short or too long to be one. */
    FRAME_LENGTH,
    /** A checksum or a segmentation asked for that the bytes do not allow. */
    OFFLOAD,
    /** A request while the device is not initialised, or no room for its answer. */
    CONTROL,
    /** An object that is not known, or not for that use: told so. */
    OBJECT,
    /** The content of an object that cannot be: told so. */
    OBJECT_CONTENT,
    /** A completion of something that is not in flight on that channel: ignored. */
    COMPLETION,
    /** A ring that cannot be: the channel is served no more. */
    RING
}
