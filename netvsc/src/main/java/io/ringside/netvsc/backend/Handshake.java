package io.ringside.netvsc.backend;

import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspMessageType;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.RndisStatus;
import io.ringside.vmbus.channel.Gpadl;
import io.ringside.vmbus.channel.GpadlView;
import io.ringside.vmbus.host.HostChannel;
import org.jspecify.annotations.Nullable;

/**
 * What guest and host tell each other by NVSP before frames flow: a version, what the guest has,
 * and its two buffers; what is out of turn is refused.
 *
 * <p>Threads: one, the device's.
 */
final class Handshake {
    /** Sections of the receive buffer that requests and indications have for themselves. */
    static final int CONTROL_SECTIONS = 4;

    private static final int LEAST_RECEIVE_SECTIONS = 10;
    private static final int LEAST_SEND_SECTIONS = 1;
    private static final int MOST_SEND_BUFFER_BYTES = 15 * 1024 * 1024;
    private static final int LEAST_SECTION_BYTES = 1728;
    private static final int SECTION_ALIGNMENT = 64;
    private static final int MESSAGE_HEADROOM_BYTES = 200;
    private static final int USUAL_FRAME_BYTES = 1514;
    private static final int MDL_CHAIN_LENGTH = 34;
    private static final int NDIS_MAJOR = 6;
    private static final int MOST_NDIS_MINOR = 0xFF;

    private final NetvspOptions options;
    private final NetvspCounters counters;
    private final int mostFrameBytes;
    private NvspStage stage = new NvspStage.Closed();
    private @Nullable SendBuffer sendBuffer;
    private @Nullable ReceiveBuffer receiveBuffer;

    Handshake(
            final NetvspOptions options, final NetvspCounters counters, final int mostFrameBytes) {
        this.options = options;
        this.counters = counters;
        this.mostFrameBytes = mostFrameBytes;
    }

    /** The guest has opened the first channel. */
    void opened() {
        if (stage instanceof NvspStage.Closed closed) {
            stage = closed.opened();
        }
    }

    /** The first channel is gone, and all that was agreed on. */
    void closed() {
        stage = new NvspStage.Closed();
        closeSendBuffer();
        closeReceiveBuffer();
    }

    /** Lets go of buffers whose pages the guest wants back; whether there was one. */
    boolean followBuffers() {
        boolean closed = false;
        if (sendBuffer != null && sendBuffer.isTornDown()) {
            closeSendBuffer();
            closed = true;
        }
        if (receiveBuffer != null && receiveBuffer.isTornDown()) {
            closeReceiveBuffer();
            closed = true;
        }
        return closed;
    }

    private void closeSendBuffer() {
        if (sendBuffer != null) {
            sendBuffer.close();
            sendBuffer = null;
        }
    }

    private void closeReceiveBuffer() {
        if (receiveBuffer != null) {
            receiveBuffer.close();
            receiveBuffer = null;
        }
    }

    @Nullable SendBuffer sendBuffer() {
        return sendBuffer;
    }

    @Nullable ReceiveBuffer receiveBuffer() {
        return receiveBuffer;
    }

    /** What was agreed on; null before that. */
    NvspStage.@Nullable Agreed agreed() {
        return stage instanceof NvspStage.Agreed agreed ? agreed : null;
    }

    /**
     * One message, if it is its turn; the answer is written over it.
     *
     * @return how many bytes of the answer there are, if the guest wants one
     */
    int step(final NvspMessage message, final HostChannel channel) {
        final int type = message.type();
        if (type == NvspMessageType.INIT) {
            agree(message);
            return NvspMessage.BYTES;
        }
        if (!(stage instanceof NvspStage.Agreed agreed)) {
            return refuse(message, NetvspRefusal.STATE);
        }
        return switch (type) {
            case NvspMessageType.SEND_NDIS_CONFIG -> configure(agreed, message);
            case NvspMessageType.SEND_NDIS_VERSION -> takeNdis(agreed, message);
            case NvspMessageType.SEND_RECEIVE_BUFFER -> takeReceiveBuffer(agreed, message, channel);
            case NvspMessageType.SEND_SEND_BUFFER -> takeSendBuffer(message, channel);
            case NvspMessageType.REVOKE_RECEIVE_BUFFER -> revokeReceiveBuffer(message);
            case NvspMessageType.REVOKE_SEND_BUFFER -> revokeSendBuffer(message);
            case NvspMessageType.SWITCH_DATA_PATH -> switchPath(agreed, message);
            case NvspMessageType.OID_QUERY_EX -> queryObject(agreed, message);
            case NvspMessageType.PD_API -> refusePacketDirect(agreed, message);
            default -> refuse(message, NetvspRefusal.MESSAGE);
        };
    }

    /** Counts, and makes the answer a failure. */
    int refuse(final NvspMessage message, final NetvspRefusal reason) {
        counters.refused(reason);
        message.putRndisPacketComplete(NvspStatus.FAIL);
        return NvspMessage.BYTES;
    }

    /** A message that no answer is defined for; if one is wanted all the same, it is this. */
    private static int accept(final NvspMessage message) {
        message.putRndisPacketComplete(NvspStatus.SUCCESS);
        return NvspMessage.BYTES;
    }

    /** Takes the newest version that both speak. */
    private void agree(final NvspMessage message) {
        if (!(stage instanceof NvspStage.Fresh fresh)) {
            counters.refused(NetvspRefusal.STATE);
            message.putInitComplete(0, 0, NvspStatus.FAIL);
            return;
        }
        final int lowest = message.lowestVersion();
        final int highest = message.highestVersion();
        for (NvspVersion v = options.newest(); v != null; v = v.older()) {
            if (Integer.compareUnsigned(v.word(), lowest) >= 0
                    && Integer.compareUnsigned(v.word(), highest) <= 0) {
                stage = fresh.agreed(v);
                message.putInitComplete(v.word(), MDL_CHAIN_LENGTH, NvspStatus.SUCCESS);
                return;
            }
        }
        counters.refused(NetvspRefusal.VERSION);
        final boolean tooNew = Integer.compareUnsigned(lowest, options.newest().word()) > 0;
        message.putInitComplete(
                options.newest().word(),
                0,
                tooNew ? NvspStatus.PROTOCOL_TOO_NEW : NvspStatus.PROTOCOL_TOO_OLD);
    }

    private int configure(final NvspStage.Agreed agreed, final NvspMessage message) {
        if (!agreed.version().hasNdisConfig() || receiveBuffer != null) {
            return refuse(message, NetvspRefusal.STATE);
        }
        stage = agreed.configured(message.configuredFrameBytes(), message.capability());
        return accept(message);
    }

    private int takeNdis(final NvspStage.Agreed agreed, final NvspMessage message) {
        if (message.ndisMajor() != NDIS_MAJOR || message.ndisMinor() > MOST_NDIS_MINOR) {
            return refuse(message, NetvspRefusal.VERSION);
        }
        stage = agreed.withNdis((int) message.ndisMinor());
        return accept(message);
    }

    private int takeReceiveBuffer(
            final NvspStage.Agreed agreed, final NvspMessage message, final HostChannel channel) {
        final int id = message.bufferId();
        final int sectionBytes = sectionBytes(agreed);
        final GpadlView view =
                receiveBuffer != null
                        ? null
                        : map(
                                channel.gpadl(message.gpadlHandle()),
                                LEAST_RECEIVE_SECTIONS * sectionBytes,
                                agreed.version().mostReceiveBufferBytes());
        if (view == null) {
            counters.refused(NetvspRefusal.BUFFER);
            message.putReceiveBufferComplete(NvspStatus.FAIL, 0, 0, 0);
        } else {
            final ReceiveBuffer taken = new ReceiveBuffer(view, id, sectionBytes);
            receiveBuffer = taken;
            message.putReceiveBufferComplete(
                    NvspStatus.SUCCESS, 1, sectionBytes, taken.sectionCount());
        }
        return NvspMessage.BYTES;
    }

    /** Room for the longest frame that this guest takes, and for what is said of it. */
    private int sectionBytes(final NvspStage.Agreed agreed) {
        final long wanted = Math.max(agreed.frameBytes(), USUAL_FRAME_BYTES);
        final long frameBytes =
                agreed.frameBytes() == 0 ? mostFrameBytes : Math.min(wanted, mostFrameBytes);
        final int bytes = (int) frameBytes + MESSAGE_HEADROOM_BYTES + SECTION_ALIGNMENT - 1;
        return Math.max(LEAST_SECTION_BYTES, bytes - bytes % SECTION_ALIGNMENT);
    }

    private int takeSendBuffer(final NvspMessage message, final HostChannel channel) {
        final int id = message.bufferId();
        final GpadlView view =
                sendBuffer != null
                        ? null
                        : map(
                                channel.gpadl(message.gpadlHandle()),
                                LEAST_SEND_SECTIONS * options.sendSectionBytes(),
                                MOST_SEND_BUFFER_BYTES);
        if (view == null) {
            counters.refused(NetvspRefusal.BUFFER);
            message.putSendBufferComplete(NvspStatus.FAIL, 0);
        } else {
            sendBuffer = new SendBuffer(view, id, options.sendSectionBytes());
            message.putSendBufferComplete(NvspStatus.SUCCESS, options.sendSectionBytes());
        }
        return NvspMessage.BYTES;
    }

    private static @Nullable GpadlView map(
            final @Nullable Gpadl gpadl, final int leastBytes, final int mostBytes) {
        return gpadl == null || gpadl.byteCount() < leastBytes || gpadl.byteCount() > mostBytes
                ? null
                : gpadl.map();
    }

    private int revokeReceiveBuffer(final NvspMessage message) {
        if (receiveBuffer == null || receiveBuffer.id() != message.revokedId()) {
            return refuse(message, NetvspRefusal.BUFFER);
        }
        closeReceiveBuffer();
        return accept(message);
    }

    private int revokeSendBuffer(final NvspMessage message) {
        if (sendBuffer == null || sendBuffer.id() != message.revokedId()) {
            return refuse(message, NetvspRefusal.BUFFER);
        }
        closeSendBuffer();
        return accept(message);
    }

    /** There is no pass-through function to switch to. The answer has no payload. */
    private int switchPath(final NvspStage.Agreed agreed, final NvspMessage message) {
        if (!agreed.version().isAtLeast(NvspVersion.V4)) {
            return refuse(message, NetvspRefusal.MESSAGE);
        }
        if (message.path() != NvspMessage.PATH_SYNTHETIC) {
            counters.refused(NetvspRefusal.STATE);
        }
        return 0;
    }

    /** Objects are asked for by RNDIS; by this way Hyper-V's guests do without the answer. */
    private int queryObject(final NvspStage.Agreed agreed, final NvspMessage message) {
        if (!agreed.version().isAtLeast(NvspVersion.V5)) {
            return refuse(message, NetvspRefusal.MESSAGE);
        }
        counters.refused(NetvspRefusal.OBJECT);
        message.put(NvspMessageType.OID_QUERY_EX_COMPLETE, RndisStatus.NOT_SUPPORTED, 0);
        return NvspMessage.BYTES;
    }

    /** A guest that finds no packet direct goes on by this driver. */
    private int refusePacketDirect(final NvspStage.Agreed agreed, final NvspMessage message) {
        if (!agreed.version().isAtLeast(NvspVersion.V6)) {
            return refuse(message, NetvspRefusal.MESSAGE);
        }
        counters.refused(NetvspRefusal.MESSAGE);
        message.put(NvspMessageType.PD_API, message.operation(), RndisStatus.NOT_SUPPORTED);
        return NvspMessage.BYTES;
    }
}
