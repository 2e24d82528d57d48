package io.ringside.netvsc.protocol;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One message of NVSP, the outer layer: 40 bytes, of which only the first few mean something;
 * little-endian. Each {@code put} writes all 40, with zeros behind what it has to say.
 *
 * <pre>
 *  byte              0         4         8         12        16        20        24
 *                  +---------+---------+---------+---------+---------+---------+---------+
 *  1    init       |  type   | lowest  | highest |
 *  2    complete   |  type   | version | mdl len | status  |
 *  100  NDIS       |  type   | major   | minor   |
 *  101  receive    |  type   | gpadl   | id |
 *  102  complete   |  type   | status  | sections| offset  | size    | count   | end     |
 *  103  revoke     |  type   | id |
 *  104  send       |  type   | gpadl   | id |
 *  105  complete   |  type   | status  | size    |
 *  106  revoke     |  type   | id |
 *  107  RNDIS      |  type   | channel | section | bytes   |
 *  108  complete   |  type   | status  |
 *  125  config     |  type   | mtu     |    0    |   capability      |
 *  128  function   |  type   | is there| serial  |
 *  129  data path  |  type   | path    |
 *  132  complete   |  type   | status  | bytes   |
 *  133  channels   |  type   | op      | count   |      (the answer: status, count)
 *  134  table      |  type   | count   | offset  |
 *  135  PD         |  type   | op      |                (the answer: op, status)
 *                  +---------+---------+---------+---------+---------+---------+---------+
 * </pre>
 *
 * <p>Whoever reads looks at {@link #type} first, checks that {@link NvspMessageType#leastBytes} of
 * it are there, and calls the accessors that belong to it. Source: {@code struct nvsp_message},
 * hyperv_net.h. Threads: one flyweight per thread.
 */
public final class NvspMessage {
    /** Bytes of every message. */
    public static final int BYTES = 40;

    /** Bytes of the type. */
    public static final int HEADER_BYTES = 4;

    /** Channel of {@code SEND_RNDIS_PACKET}: frames. */
    public static final int CHANNEL_DATA = 0;

    /** Channel of {@code SEND_RNDIS_PACKET}: requests and indications. */
    public static final int CHANNEL_CONTROL = 1;

    /** Section of {@code SEND_RNDIS_PACKET}: the message is not in the send buffer. */
    public static final int NO_SECTION = -1;

    /** The id that the receive buffer has, and with it every transfer-page packet. */
    public static final int RECEIVE_BUFFER_ID = 0xCAFE;

    /** The id that the send buffer has. */
    public static final int SEND_BUFFER_ID = 0;

    /** Operation of {@code SUB_CHANNEL}: make some. */
    public static final int ALLOCATE = 1;

    /** Path of {@code SWITCH_DATA_PATH}: by this driver. */
    public static final int PATH_SYNTHETIC = 0;

    /** Path of {@code SWITCH_DATA_PATH}: by the pass-through function. */
    public static final int PATH_VF = 1;

    private static final int WORD_1 = HEADER_BYTES;
    private static final int WORD_2 = WORD_1 + Integer.BYTES;
    private static final int WORD_3 = WORD_2 + Integer.BYTES;
    private static final int WORD_4 = WORD_3 + Integer.BYTES;
    private static final int WORD_5 = WORD_4 + Integer.BYTES;
    private static final int WORD_6 = WORD_5 + Integer.BYTES;
    private static final long U32 = 0xffff_ffffL;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /** Lays the flyweight over a message of 40 bytes. */
    public NvspMessage wrap(final MutableDirectBuffer memory, final int offset) {
        buffer.wrap(memory, offset, BYTES);
        return this;
    }

    /** See {@link NvspMessageType}. */
    public int type() {
        return buffer.getInt(0, LITTLE_ENDIAN);
    }

    private NvspMessage start(final int type) {
        buffer.setMemory(0, BYTES, (byte) 0);
        buffer.putInt(0, type, LITTLE_ENDIAN);
        return this;
    }

    private NvspMessage put(final int type, final int first) {
        start(type).buffer.putInt(WORD_1, first, LITTLE_ENDIAN);
        return this;
    }

    /** Any message of which two words mean something. */
    public NvspMessage put(final int type, final int first, final int second) {
        put(type, first).buffer.putInt(WORD_2, second, LITTLE_ENDIAN);
        return this;
    }

    private long u32(final int offset) {
        return buffer.getInt(offset, LITTLE_ENDIAN) & U32;
    }

    // Versions.

    /** A guest offers a version, twice over. */
    public NvspMessage putInit(final int versionWord) {
        return put(NvspMessageType.INIT, versionWord, versionWord);
    }

    /** The lowest version that the guest offers. */
    public int lowestVersion() {
        return buffer.getInt(WORD_1, LITTLE_ENDIAN);
    }

    /** The highest version that the guest offers. */
    public int highestVersion() {
        return buffer.getInt(WORD_2, LITTLE_ENDIAN);
    }

    /** The host takes a version, or not. */
    public NvspMessage putInitComplete(
            final int versionWord, final int mdlChainLength, final int status) {
        put(NvspMessageType.INIT_COMPLETE, versionWord, mdlChainLength);
        buffer.putInt(WORD_3, status, LITTLE_ENDIAN);
        return this;
    }

    /** The version that the host takes. */
    public int negotiatedVersion() {
        return buffer.getInt(WORD_1, LITTLE_ENDIAN);
    }

    /** Most pieces of a frame, as u32; guests do without it. */
    public long mdlChainLength() {
        return u32(WORD_2);
    }

    /** How an offer of a version was answered: see {@link NvspStatus}. */
    public int initStatus() {
        return buffer.getInt(WORD_3, LITTLE_ENDIAN);
    }

    /** A guest tells its version of NDIS. */
    public NvspMessage putNdisVersion(final int major, final int minor) {
        return put(NvspMessageType.SEND_NDIS_VERSION, major, minor);
    }

    /** Major version of NDIS, as u32. */
    public long ndisMajor() {
        return u32(WORD_1);
    }

    /** Minor version of NDIS, as u32. */
    public long ndisMinor() {
        return u32(WORD_2);
    }

    /** A guest tells its MTU with the Ethernet header, and its {@link NvspCapability}. */
    public NvspMessage putNdisConfig(final int frameBytes, final long capability) {
        put(NvspMessageType.SEND_NDIS_CONFIG, frameBytes);
        buffer.putLong(WORD_3, capability, LITTLE_ENDIAN);
        return this;
    }

    /** Most bytes of a frame, its Ethernet header among them, as u32. */
    public long configuredFrameBytes() {
        return u32(WORD_1);
    }

    /** Bits of {@link NvspCapability}. */
    public long capability() {
        return buffer.getLong(WORD_3, LITTLE_ENDIAN);
    }

    // Buffers.

    /** A guest gives memory for what is received. */
    public NvspMessage putReceiveBuffer(final int gpadlHandle, final int id) {
        return putBuffer(NvspMessageType.SEND_RECEIVE_BUFFER, gpadlHandle, id);
    }

    /** A guest gives memory for what is sent. */
    public NvspMessage putSendBuffer(final int gpadlHandle, final int id) {
        return putBuffer(NvspMessageType.SEND_SEND_BUFFER, gpadlHandle, id);
    }

    private NvspMessage putBuffer(final int type, final int gpadlHandle, final int id) {
        put(type, gpadlHandle).buffer.putShort(WORD_2, (short) id, LITTLE_ENDIAN);
        return this;
    }

    /** The GPADL of a buffer that is given. */
    public int gpadlHandle() {
        return buffer.getInt(WORD_1, LITTLE_ENDIAN);
    }

    /** The id of a buffer that is given, 0 to 65535. */
    public int bufferId() {
        return buffer.getShort(WORD_2, LITTLE_ENDIAN) & 0xffff;
    }

    /** A guest takes the receive buffer back. */
    public NvspMessage putRevokeReceiveBuffer(final int id) {
        return putRevoke(NvspMessageType.REVOKE_RECEIVE_BUFFER, id);
    }

    /** A guest takes the send buffer back. */
    public NvspMessage putRevokeSendBuffer(final int id) {
        return putRevoke(NvspMessageType.REVOKE_SEND_BUFFER, id);
    }

    private NvspMessage putRevoke(final int type, final int id) {
        start(type).buffer.putShort(WORD_1, (short) id, LITTLE_ENDIAN);
        return this;
    }

    /** The id of a buffer that is taken back, 0 to 65535. */
    public int revokedId() {
        return buffer.getShort(WORD_1, LITTLE_ENDIAN) & 0xffff;
    }

    /** The host divides the receive buffer, in one piece, into sections of one size. */
    public NvspMessage putReceiveBufferComplete(
            final int status, final int sections, final int sectionBytes, final int sectionCount) {
        put(NvspMessageType.SEND_RECEIVE_BUFFER_COMPLETE, status, sections);
        buffer.putInt(WORD_3, 0, LITTLE_ENDIAN);
        buffer.putInt(WORD_4, sectionBytes, LITTLE_ENDIAN);
        buffer.putInt(WORD_5, sectionCount, LITTLE_ENDIAN);
        buffer.putInt(WORD_6, sectionBytes * sectionCount, LITTLE_ENDIAN);
        return this;
    }

    /** How many differently divided pieces the receive buffer has, as u32: one is what works. */
    public long receivePieces() {
        return u32(WORD_2);
    }

    /** Where the first piece starts in the receive buffer, as u32. */
    public long receivePieceOffset() {
        return u32(WORD_3);
    }

    /** Bytes of one section of the receive buffer, as u32. */
    public long receiveSectionBytes() {
        return u32(WORD_4);
    }

    /** How many sections the receive buffer has, as u32. */
    public long receiveSectionCount() {
        return u32(WORD_5);
    }

    /** Where the first piece ends, as u32. */
    public long receivePieceEnd() {
        return u32(WORD_6);
    }

    /** The host divides the send buffer into sections, from its start to its end. */
    public NvspMessage putSendBufferComplete(final int status, final int sectionBytes) {
        return put(NvspMessageType.SEND_SEND_BUFFER_COMPLETE, status, sectionBytes);
    }

    /** Bytes of one section of the send buffer, as u32. */
    public long sendSectionBytes() {
        return u32(WORD_2);
    }

    // RNDIS.

    /** RNDIS messages, in a section of the send buffer, in pages, or in the receive buffer. */
    public NvspMessage putRndisPacket(
            final int channel, final int section, final int sectionBytes) {
        final long low = NvspMessageType.SEND_RNDIS_PACKET | (long) channel << Integer.SIZE;
        buffer.putLong(0, low, LITTLE_ENDIAN);
        buffer.putLong(WORD_2, section & U32 | (long) sectionBytes << Integer.SIZE, LITTLE_ENDIAN);
        buffer.putLong(WORD_4, 0);
        buffer.putLong(WORD_6, 0);
        buffer.putLong(BYTES - Long.BYTES, 0);
        return this;
    }

    /** {@link #CHANNEL_DATA}, {@link #CHANNEL_CONTROL}, or anything else. */
    public int channel() {
        return buffer.getInt(WORD_1, LITTLE_ENDIAN);
    }

    /** Number of a section, or {@link #NO_SECTION}. */
    public int section() {
        return buffer.getInt(WORD_2, LITTLE_ENDIAN);
    }

    /** Bytes used of a section, as u32; 0 if it is none. */
    public long sectionBytes() {
        return u32(WORD_3);
    }

    /** RNDIS messages were dealt with; the memory that they lay in is the sender's again. */
    public NvspMessage putRndisPacketComplete(final int status) {
        return put(NvspMessageType.SEND_RNDIS_PACKET_COMPLETE, status);
    }

    /** How it was answered, in every answer but that to an offer of a version. */
    public int status() {
        return buffer.getInt(WORD_1, LITTLE_ENDIAN);
    }

    // Channels and paths.

    /** A guest asks for channels besides the first. */
    public NvspMessage putSubChannelRequest(final int count) {
        return put(NvspMessageType.SUB_CHANNEL, ALLOCATE, count);
    }

    /** The host grants channels. */
    public NvspMessage putSubChannelComplete(final int status, final int count) {
        return put(NvspMessageType.SUB_CHANNEL, status, count);
    }

    /** What is asked of sub-channels ({@link #ALLOCATE}, or anything else), or of a PD API. */
    public int operation() {
        return buffer.getInt(WORD_1, LITTLE_ENDIAN);
    }

    /** How many channels are asked for or granted, as u32. */
    public long channelCount() {
        return u32(WORD_2);
    }

    /** The host says that a pass-through function came or went. */
    public NvspMessage putVfAssociation(final boolean isThere, final int serial) {
        return put(NvspMessageType.SEND_VF_ASSOCIATION, isThere ? 1 : 0, serial);
    }

    /** Whether there is a pass-through function. */
    public boolean isVfThere() {
        return buffer.getInt(WORD_1, LITTLE_ENDIAN) != 0;
    }

    /** The number of a pass-through function, as u32. */
    public long vfSerial() {
        return u32(WORD_2);
    }

    /** A guest says by which path frames go. */
    public NvspMessage putSwitchDataPath(final int path) {
        return put(NvspMessageType.SWITCH_DATA_PATH, path);
    }

    /** {@link #PATH_SYNTHETIC}, {@link #PATH_VF}, or anything else. */
    public int path() {
        return buffer.getInt(WORD_1, LITTLE_ENDIAN);
    }

    /** The host spreads what is sent; the table follows, see {@link SendIndirectionTable}. */
    public NvspMessage putSendIndirectionTable(final int count, final int offset) {
        return put(NvspMessageType.SEND_INDIRECTION_TABLE, count, offset);
    }

    /** How many entries the table has, as u32: 16 is what works. */
    public long tableCount() {
        return u32(WORD_1);
    }

    /** Where the table starts, from the start of the message, as u32. */
    public long tableOffset() {
        return u32(WORD_2);
    }
}
