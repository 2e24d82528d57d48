package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import io.ringside.hypervisor.Trace;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisMessageType;
import io.ringside.netvsc.protocol.RndisPacket;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The way of frames from a guest to the port: takes RNDIS messages apart, one after the other.
 *
 * <p>The bytes are the guest's, and may change at any time. What is said of a frame is read once
 * and checked; the frame itself is nobody's to check, and the port copies it out. Where its headers
 * have to be looked at, they are copied first: see {@link FrameOffloads}.
 *
 * <p>Peer's faults: an NVSP status for the packet that brought the messages; those before the wrong
 * one have left. Threads: one.
 */
final class TransmitPath {
    private static final int HEAD_BYTES = 256;
    private static final int MOST_INFO_BYTES = 512;
    private static final int STALLED = -1;

    private final PacketPort port;
    private final NetvspCounters counters;
    private final Trace trace;
    private final FrameOffloads offloads;
    private final int mostMessages;
    private final int mostFrameBytes;
    private final Packet frame = new Packet(GatheredBytes.MOST_PIECES + 1, 0);
    private final RndisPacket message = new RndisPacket();
    private final PerPacketInfo info = new PerPacketInfo();
    private final UnsafeBuffer head = new UnsafeBuffer(new byte[HEAD_BYTES]);
    private final UnsafeBuffer infoCopy = new UnsafeBuffer(new byte[MOST_INFO_BYTES]);
    private int position;
    private int messages;
    private int status;

    TransmitPath(
            final Adapter adapter,
            final PacketPort port,
            final NetvspCounters counters,
            final Trace trace) {
        this.port = port;
        this.counters = counters;
        this.trace = trace;
        this.offloads = new FrameOffloads(adapter, port, counters);
        this.mostMessages = adapter.options().packetsPerMessage();
        this.mostFrameBytes = adapter.mostFrameBytes();
    }

    /**
     * Sends the frames of one packet, from a message on.
     *
     * @param from where that message starts
     * @param before how many messages there were before it
     * @return false if the port has no room now: {@link #position} and {@link #messages} tell where
     *     to go on
     */
    boolean send(final GatheredBytes bytes, final int from, final int before) {
        position = from;
        messages = before;
        status = NvspStatus.SUCCESS;
        final int totalBytes = bytes.totalBytes();
        while (position < totalBytes) {
            if (messages == mostMessages) {
                refuse(NetvspRefusal.TOO_MANY_MESSAGES, NvspStatus.FAIL);
                return true;
            }
            final int at = position;
            final int result = sendNext(bytes, totalBytes - at);
            if (result == STALLED) {
                return false;
            }
            if (result != NvspStatus.SUCCESS) {
                return true;
            }
            position = at + message.messageBytes();
            messages++;
        }
        return true;
    }

    /** Where the message starts that could not be sent. */
    int position() {
        return position;
    }

    /** How many messages were sent. */
    int messages() {
        return messages;
    }

    /** How it ended: an NVSP status. */
    int status() {
        return status;
    }

    /** How many frames the work of this class is worth, since the last call. */
    int takeEffort() {
        return offloads.takeEffort();
    }

    private int refuse(final NetvspRefusal reason, final int newStatus) {
        counters.refused(reason);
        status = newStatus;
        return newStatus;
    }

    private int sendNext(final GatheredBytes bytes, final int leftBytes) {
        if (leftBytes < RndisPacket.HEADER_BYTES) {
            return refuse(NetvspRefusal.RNDIS, NvspStatus.INVALID_RNDIS_PACKET);
        }
        final boolean straight = bytes.isOnePiece();
        final UnsafeBuffer source;
        final int offset;
        if (straight) {
            source = bytes.onlyPiece();
            offset = position;
        } else {
            source = head;
            offset = 0;
            bytes.copyTo(position, head, 0, Math.min(leftBytes, HEAD_BYTES));
        }
        if (source.getInt(offset, LITTLE_ENDIAN) != RndisMessageType.PACKET
                || !message.read(source, offset, leftBytes)) {
            return refuse(NetvspRefusal.RNDIS, NvspStatus.INVALID_RNDIS_PACKET);
        }
        if (!readInfo(bytes, message.infoOffset() - offset)) {
            return refuse(NetvspRefusal.PACKET_INFORMATION, NvspStatus.INVALID_RNDIS_PACKET);
        }
        return sendFrame(bytes, position + message.frameOffset() - offset);
    }

    private boolean readInfo(final GatheredBytes bytes, final int offsetInMessage) {
        final int infoBytes = message.infoBytes();
        if (infoBytes == 0) {
            info.clear();
            return true;
        }
        if (infoBytes > MOST_INFO_BYTES) {
            return false;
        }
        bytes.copyTo(position + offsetInMessage, infoCopy, 0, infoBytes);
        return info.read(infoCopy, 0, infoBytes);
    }

    private int sendFrame(final GatheredBytes bytes, final int framePosition) {
        final int frameBytes = message.frameBytes();
        final boolean large = info.hasLargeSend();
        if (frameBytes < Adapter.ETHERNET_BYTES
                || frameBytes > (large ? FrameOffloads.MOST_LARGE_BYTES : mostFrameBytes)) {
            return refuse(NetvspRefusal.FRAME_LENGTH, NvspStatus.FAIL);
        }
        frame.reset();
        bytes.addTo(frame, framePosition, frameBytes);
        final FrameOffloads.Result result =
                info.isEmpty()
                        ? port.send(frame)
                                ? FrameOffloads.Result.SENT
                                : FrameOffloads.Result.STALLED
                        : offloads.send(frame, info);
        return switch (result) {
            case SENT -> {
                counters.framesSent++;
                counters.bytesSent += frameBytes;
                if (info.hasOriginalPacket() && trace.isOn()) {
                    trace.event(Netvsp.WHO, "original", info.originalPacket(), frameBytes);
                }
                yield NvspStatus.SUCCESS;
            }
            case STALLED -> STALLED;
            case REFUSED -> refuse(NetvspRefusal.OFFLOAD, NvspStatus.FAIL);
        };
    }
}
