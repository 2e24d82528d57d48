package io.ringside.xen.blkfront.protocol;

import org.jspecify.annotations.Nullable;

/**
 * How the frontend's compiler laid the structs of a block ring: the fields are the same everywhere,
 * but 64-bit fields are aligned to 8 bytes on x86_64 and to 4 bytes on x86_32.
 *
 * <pre>
 *            id   sector_number   seg[0]   nr_sectors   indirect_grefs   request   response
 *  x86_64     8              16       24           24               28       112         16
 *  x86_32     4              12       20           20               24       108         12
 * </pre>
 *
 * <p>The frontend names its layout under {@link BlkKeys#PROTOCOL}; all later offsets follow from
 * it, so that one flyweight serves every layout. A ring has 32 slots a page in both.
 *
 * <p>Source: {@code XEN_IO_PROTO_ABI_*}, xen/io/protocols.h; offsets of xen/io/blkif.h as compiled
 * with {@code -m64} and {@code -m32}. Threads: any.
 */
public final class BlkAbi {
    /** 64-bit fields aligned to 8 bytes: 64-bit x86. */
    public static final BlkAbi X86_64 = new BlkAbi("x86_64-abi", Long.BYTES);

    /** 64-bit fields aligned to 4 bytes: 32-bit x86. */
    public static final BlkAbi X86_32 = new BlkAbi("x86_32-abi", Integer.BYTES);

    /** What is meant when no layout is named. */
    public static final BlkAbi NATIVE = X86_64;

    private final String protocolName;
    private final int idOffset;
    private final int requestBytes;
    private final int responseBytes;

    private BlkAbi(final String protocolName, final int longAlignment) {
        this.protocolName = protocolName;
        this.idOffset = align(BlkRequest.HEADER_BYTES, longAlignment);
        this.requestBytes = segmentOffset(BlkRequest.MAX_SEGMENTS);
        this.responseBytes = align(BlkResponse.FIELD_BYTES, longAlignment);
    }

    /**
     * The layout with a given name.
     *
     * @param protocolName the value of the key; null where the key is missing
     * @return null for a layout that we do not know
     */
    public static @Nullable BlkAbi named(final @Nullable String protocolName) {
        if (protocolName == null) {
            return NATIVE;
        }
        if (protocolName.equals(X86_64.protocolName)) {
            return X86_64;
        }
        return protocolName.equals(X86_32.protocolName) ? X86_32 : null;
    }

    /** The value of {@link BlkKeys#PROTOCOL}. */
    public String protocolName() {
        return protocolName;
    }

    /** Bytes of one request, which is also one slot of the ring. */
    public int requestBytes() {
        return requestBytes;
    }

    /** Bytes of one response, tail padding included. */
    public int responseBytes() {
        return responseBytes;
    }

    int idOffset() {
        return idOffset;
    }

    int sectorOffset() {
        return idOffset + Long.BYTES;
    }

    /** Where a request's own fields begin, after those that all have. */
    int bodyOffset() {
        return sectorOffset() + Long.BYTES;
    }

    int segmentOffset(final int index) {
        return bodyOffset() + index * BlkSegment.BYTES;
    }

    private static int align(final int offset, final int alignment) {
        return (offset + alignment - 1) & -alignment;
    }

    @Override
    public String toString() {
        return protocolName;
    }
}
