package io.ringside.netvsc.backend;

import io.ringside.device.frame.FlowHash;
import io.ringside.device.frame.FrameBytes;
import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.Toeplitz;
import io.ringside.netvsc.protocol.RndisStatus;
import io.ringside.netvsc.protocol.RssParameters;
import java.util.EnumSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How received frames are spread over the channels of a guest: by a hash of their addresses, and a
 * table that the guest fills. Until it does, all of them go by the first channel.
 *
 * <p>Threads: one. Source: {@code struct ndis_recv_scale_param}, hyperv_net.h.
 */
final class ReceiveSpread {
    private static final int HASH_FUNCTION_MASK = 0xFF;
    private static final int KNOWN_HASHES =
            RssParameters.HASH_IPV4
                    | RssParameters.HASH_TCP_IPV4
                    | RssParameters.HASH_IPV6
                    | RssParameters.HASH_IPV6_EXTENDED
                    | RssParameters.HASH_TCP_IPV6
                    | RssParameters.HASH_TCP_IPV6_EXTENDED;
    private static final int KEPT =
            RssParameters.HASH_INFO_UNCHANGED
                    | RssParameters.TABLE_UNCHANGED
                    | RssParameters.KEY_UNCHANGED;

    private final int[] table = new int[RssParameters.MOST_ENTRIES];
    private final Toeplitz toeplitz = new Toeplitz();
    private final FlowHash hash = new FlowHash(toeplitz);
    private final FrameMetadata found = new FrameMetadata();
    private final EnumSet<HashType> types = EnumSet.noneOf(HashType.class);
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[RssParameters.KEY_BYTES]);
    private boolean enabled;
    private boolean complete; // There is a table and a key to keep.
    private int tableMask;

    /** All frames go by the first channel again. */
    void reset() {
        enabled = false;
        complete = false;
    }

    boolean isEnabled() {
        return enabled;
    }

    /**
     * Takes what a guest wants, or nothing of it, and returns an RNDIS status.
     *
     * @param channels how many channels there are at most: the table names no others
     */
    int set(final RssParameters wanted, final int channels) {
        if (wanted.objectType() != RssParameters.OBJECT_TYPE) {
            return RndisStatus.INVALID_DATA;
        }
        if ((wanted.flags() & RssParameters.DISABLE) != 0 || wanted.hashInfo() == 0) {
            enabled = false;
            return RndisStatus.SUCCESS;
        }
        final int kept = wanted.flags() & KEPT;
        if (kept == KEPT && complete) {
            enabled = true;
            return RndisStatus.SUCCESS;
        }
        if (kept != 0 && !complete
                || !wanted.isSound()
                || !isHash(wanted.hashInfo())
                || !isTable(wanted, channels)) {
            return RndisStatus.INVALID_DATA;
        }
        take(wanted, kept);
        return RndisStatus.SUCCESS;
    }

    private static boolean isHash(final int hashInfo) {
        return (hashInfo & HASH_FUNCTION_MASK) == RssParameters.HASH_TOEPLITZ
                && (hashInfo & ~HASH_FUNCTION_MASK & ~KNOWN_HASHES) == 0
                && (hashInfo & KNOWN_HASHES) != 0;
    }

    private static boolean isTable(final RssParameters wanted, final int channels) {
        final int entries = wanted.entries();
        if (Integer.bitCount(entries) != 1) {
            return false;
        }
        for (int i = 0; i < entries; i++) {
            if (wanted.channel(i) >= channels) {
                return false;
            }
        }
        return true;
    }

    private void take(final RssParameters wanted, final int kept) {
        if ((kept & RssParameters.TABLE_UNCHANGED) == 0) {
            for (int i = 0; i < wanted.entries(); i++) {
                table[i] = (int) wanted.channel(i);
            }
            tableMask = wanted.entries() - 1;
        }
        if ((kept & RssParameters.KEY_UNCHANGED) == 0) {
            wanted.copyKey(key);
            toeplitz.key(key, 0, RssParameters.KEY_BYTES);
        }
        if ((kept & RssParameters.HASH_INFO_UNCHANGED) == 0) {
            takeTypes(wanted.hashInfo());
        }
        complete = true;
        enabled = true;
    }

    private void takeTypes(final int hashInfo) {
        types.clear();
        if ((hashInfo & RssParameters.HASH_IPV4) != 0) {
            types.add(HashType.IPV4);
        }
        if ((hashInfo & RssParameters.HASH_TCP_IPV4) != 0) {
            types.add(HashType.TCP_IPV4);
        }
        if ((hashInfo & (RssParameters.HASH_IPV6 | RssParameters.HASH_IPV6_EXTENDED)) != 0) {
            types.add(HashType.IPV6);
        }
        if ((hashInfo & (RssParameters.HASH_TCP_IPV6 | RssParameters.HASH_TCP_IPV6_EXTENDED))
                != 0) {
            types.add(HashType.TCP_IPV6);
        }
        hash.enable(types);
    }

    /** The number of the channel that a frame goes by; what is said of its hash stays here. */
    int channelOf(final FrameBytes frame) {
        if (!enabled) {
            found.hash(HashType.NONE, 0);
            return 0;
        }
        hash.hash(frame, found);
        return found.hashType() == HashType.NONE ? 0 : table[found.hash() & tableMask];
    }

    /** Whether the frame looked at last has a hash. */
    boolean hasHash() {
        return found.hashType() != HashType.NONE;
    }

    /** The hash of the frame looked at last. */
    int hash() {
        return found.hash();
    }
}
