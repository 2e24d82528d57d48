package io.ringside.storvsc.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One published version of the protocol, and what it changes in a packet.
 *
 * <p>A version goes over the wire as one word, {@code major << 8 | minor}. From 5.1 on a SCSI
 * request, and with it every packet, has 16 more bytes, and room for 20 bytes of sense data in
 * place of 18.
 *
 * <p>Source: the table of protocol versions in storvsc_drv.c, with those of LIS for the two oldest.
 */
@SuppressWarnings("EnumOrdinal") // The order of the versions, never stored.
public enum VstorVersion {
    /** 2.0. */
    WIN6(0x0200, false),
    /** 4.2. */
    WIN7(0x0402, false),
    /** 5.1. */
    WIN8(0x0501, true),
    /** 6.0. */
    WIN8_1(0x0600, true),
    /** 6.2. */
    WIN10(0x0602, true);

    private static final VstorVersion[] VERSIONS = values();

    private final int word;
    private final boolean extended;

    VstorVersion(final int word, final boolean extended) {
        this.word = word;
        this.extended = extended;
    }

    /** The version of a word; null if none of the published ones. */
    public static @Nullable VstorVersion of(final int word) {
        for (final VstorVersion version : VERSIONS) {
            if (version.word == word) {
                return version;
            }
        }
        return null;
    }

    /** The version before this one; null for the first. */
    public @Nullable VstorVersion older() {
        return ordinal() == 0 ? null : VERSIONS[ordinal() - 1];
    }

    /** Goes over the wire. */
    public int word() {
        return word;
    }

    /** Bytes of a {@link ScsiRequest}. */
    public int requestBytes() {
        return extended ? ScsiRequest.BYTES : ScsiRequest.SHORT_BYTES;
    }

    /** Bytes of every packet, whatever it carries. */
    public int packetBytes() {
        return VstorPacket.HEADER_BYTES + requestBytes();
    }

    /** Most bytes of sense data in an answer. */
    public int senseBytes() {
        return extended ? ScsiRequest.SENSE_BYTES : ScsiRequest.SHORT_SENSE_BYTES;
    }
}
