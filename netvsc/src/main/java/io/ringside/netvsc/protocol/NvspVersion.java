package io.ringside.netvsc.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One published version of NVSP, and what it brings.
 *
 * <p>A guest offers one at a time, from the newest down, until the host takes one. From 2 on the
 * host is told the MTU and what the guest can do with packets ({@link NvspCapability}); from 5 on
 * there may be sub-channels; from 6.1 on the host may hand over coalesced packets.
 *
 * <p>Source: {@code NVSP_PROTOCOL_VERSION_*}, hyperv_net.h.
 */
@SuppressWarnings("EnumOrdinal") // The order of the versions, never stored.
public enum NvspVersion {
    /** 1. */
    V1(0x0_0002),
    /** 2. */
    V2(0x3_0002),
    /** 4. */
    V4(0x4_0000),
    /** 5. */
    V5(0x5_0000),
    /** 6. */
    V6(0x6_0000),
    /** 6.1. */
    V6_1(0x6_0001);

    private static final int NDIS_6 = 6;
    private static final int NDIS_MINOR_1 = 1;
    private static final int NDIS_MINOR_30 = 30;
    private static final int LEGACY_RECEIVE_BUFFER_BYTES = 15 * 1024 * 1024;
    private static final int RECEIVE_BUFFER_BYTES = 31 * 1024 * 1024;
    private static final NvspVersion[] VERSIONS = values();

    private final int word;

    NvspVersion(final int word) {
        this.word = word;
    }

    /** The version of a word; null if none of the published ones. */
    public static @Nullable NvspVersion of(final int word) {
        for (final NvspVersion version : VERSIONS) {
            if (version.word == word) {
                return version;
            }
        }
        return null;
    }

    /** The version before this one; null for the first. */
    public @Nullable NvspVersion older() {
        return ordinal() == 0 ? null : VERSIONS[ordinal() - 1];
    }

    /** Whether this one brings all that another one does. */
    public boolean isAtLeast(final NvspVersion other) {
        return compareTo(other) >= 0;
    }

    /** Goes over the wire. */
    public int word() {
        return word;
    }

    /** Whether the guest tells its MTU and capabilities. */
    public boolean hasNdisConfig() {
        return isAtLeast(V2);
    }

    /** Whether there may be sub-channels, with a table that spreads what is sent. */
    public boolean hasSubChannels() {
        return isAtLeast(V5);
    }

    /** Whether received packets may come coalesced. */
    public boolean hasReceiveCoalescing() {
        return isAtLeast(V6_1);
    }

    /** The major version of NDIS that a guest tells. */
    public int ndisMajor() {
        return NDIS_6;
    }

    /** The minor version of NDIS that a guest tells. */
    public int ndisMinor() {
        return isAtLeast(V5) ? NDIS_MINOR_30 : NDIS_MINOR_1;
    }

    /** Most bytes of a receive buffer. */
    public int mostReceiveBufferBytes() {
        return isAtLeast(V4) ? RECEIVE_BUFFER_BYTES : LEGACY_RECEIVE_BUFFER_BYTES;
    }
}
