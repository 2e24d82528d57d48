package io.ringside.device.frame;

/**
 * What travels beside the bytes of one frame: what is still to be done to it, and what is known.
 *
 * <p>It is allocated once, with its frame, and filled anew for every use. Nothing here is checked
 * against the bytes: what came from a peer is a claim. Threads: its frame's.
 */
public final class FrameMetadata {
    private static final int TAG_MASK = 0xFFFF;
    private static final int NO_VLAN = -1;

    private ChecksumState checksum = ChecksumState.PRESENT;
    private int checksumStartBytes;
    private int checksumOffsetBytes;
    private SegmentationType segmentation = SegmentationType.NONE;
    private int segmentPayloadBytes;
    private int coalescedSegments = 1;
    private int vlanTag = NO_VLAN;
    private HashType hashType = HashType.NONE;
    private int hash;

    /** Forgets everything: a whole frame, untagged, of which nothing is known. */
    public void clear() {
        checksum = ChecksumState.PRESENT;
        checksumStartBytes = 0;
        checksumOffsetBytes = 0;
        segmentation = SegmentationType.NONE;
        segmentPayloadBytes = 0;
        coalescedSegments = 1;
        vlanTag = NO_VLAN;
        hashType = HashType.NONE;
        hash = 0;
    }

    /** Says the same as another one. */
    public void copyFrom(final FrameMetadata other) {
        checksum = other.checksum;
        checksumStartBytes = other.checksumStartBytes;
        checksumOffsetBytes = other.checksumOffsetBytes;
        segmentation = other.segmentation;
        segmentPayloadBytes = other.segmentPayloadBytes;
        coalescedSegments = other.coalescedSegments;
        vlanTag = other.vlanTag;
        hashType = other.hashType;
        hash = other.hash;
    }

    /** How far the transport checksum is. */
    public ChecksumState checksum() {
        return checksum;
    }

    /**
     * The transport checksum is still to be done.
     *
     * @param startBytes where the transport header starts, from the start of the frame
     * @param offsetBytes where the field lies, from the start of the transport header
     */
    public void checksumBlank(final int startBytes, final int offsetBytes) {
        checksum = ChecksumState.BLANK;
        checksumStartBytes = startBytes;
        checksumOffsetBytes = offsetBytes;
    }

    /** The transport checksum was checked and is right. */
    public void checksumValidated() {
        checksum = ChecksumState.VALIDATED;
    }

    /** The transport checksum stands in the frame, unchecked. */
    public void checksumPresent() {
        checksum = ChecksumState.PRESENT;
    }

    /** First byte of a blank sum, from the start of the frame. */
    public int checksumStartBytes() {
        return checksumStartBytes;
    }

    /** Field of a blank sum, from the first byte summed. */
    public int checksumOffsetBytes() {
        return checksumOffsetBytes;
    }

    /** What the frame is to be cut into. */
    public SegmentationType segmentation() {
        return segmentation;
    }

    /** Most payload of one segment, in bytes; zero if the frame stays whole. */
    public int segmentPayloadBytes() {
        return segmentPayloadBytes;
    }

    /**
     * The frame is to be cut into segments of so many bytes of payload, the last one shorter.
     * Whoever asks for it leaves the checksum blank, too, which says where the TCP header starts.
     */
    public void segmentInto(final SegmentationType newSegmentation, final int payloadBytes) {
        if (newSegmentation == SegmentationType.NONE ? payloadBytes != 0 : payloadBytes <= 0) {
            throw new IllegalArgumentException(
                    "not a segmentation: type="
                            + newSegmentation
                            + " payloadBytes="
                            + payloadBytes);
        }
        segmentation = newSegmentation;
        segmentPayloadBytes = payloadBytes;
    }

    /** How many segments that came by the wire this frame was put together from; mostly one. */
    public int coalescedSegments() {
        return coalescedSegments;
    }

    /** The frame was put together from so many segments of a connection. */
    public void coalescedFrom(final int segments) {
        if (segments <= 0) {
            throw new IllegalArgumentException("no frame: segments=" + segments);
        }
        coalescedSegments = segments;
    }

    /** Whether there is a VLAN tag that does not stand in the bytes. */
    public boolean hasVlanTag() {
        return vlanTag != NO_VLAN;
    }

    /** Priority (3 bits), drop indicator (1) and VLAN (12); only if {@link #hasVlanTag}. */
    public int vlanTag() {
        return vlanTag & TAG_MASK;
    }

    /** Sets the VLAN tag; its low 16 bits count. */
    public void vlanTag(final int newTag) {
        vlanTag = newTag & TAG_MASK;
    }

    /** What the hash was taken over. */
    public HashType hashType() {
        return hashType;
    }

    /** The hash, 32 bits; only if there is one. */
    public int hash() {
        return hash;
    }

    /** Sets the hash, and what it was taken over. */
    public void hash(final HashType newType, final int newHash) {
        hashType = newType;
        hash = newHash;
    }
}
