package io.ringside.netvsc.frontend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.PacketFilter;
import io.ringside.netvsc.protocol.RndisCompletion;
import io.ringside.netvsc.protocol.RndisIndication;
import io.ringside.netvsc.protocol.RndisMessageType;
import io.ringside.netvsc.protocol.RndisRequest;
import io.ringside.netvsc.protocol.RndisStatus;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * RNDIS but for frames: one question at a time, from a page of the guest, and its answer, out of
 * the receive buffer.
 *
 * <p>Peer's faults: an answer that is copied out and then found to be none is dropped and counted;
 * so is one that nobody asked for. Threads: one, the device's.
 */
final class RndisControl {
    /** Longest message that a host may answer with; longer ones are cut. */
    static final int MOST_BYTES = 4096;

    private static final int MAX_TRANSFER_BYTES = 0x4000;
    private static final int LINK_SPEED_BYTES = 4;

    private final Device device;
    private final Answers answers;
    private final PageBlock page;
    private final RndisRequest request = new RndisRequest();
    private final RndisCompletion completion = new RndisCompletion();
    private final RndisIndication indication = new RndisIndication();
    private final ScalingSettings scaling;
    private final OffloadSettings offloads;
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[MOST_BYTES]);
    private @Nullable Question question; // what the hand-shake asks, or has asked
    private boolean isToSend;
    private boolean isWithHost; // the host may still read the page
    private boolean isOpen; // an answer is waited for
    private boolean resetDue;
    private boolean keepaliveDue;
    private int openType;
    private int lastId;
    private int filter =
            PacketFilter.DIRECTED | PacketFilter.BROADCAST | PacketFilter.ALL_MULTICAST;

    RndisControl(
            final Device device,
            final NetvscOptions options,
            final Agreement agreement,
            final PageBlock page) {
        this.device = device;
        this.page = page;
        this.answers = new Answers(options, agreement);
        this.scaling = new ScalingSettings(agreement);
        this.offloads = new OffloadSettings(agreement);
    }

    /** Asks for every frame, whoever it is for. */
    void receiveAll() {
        filter |= PacketFilter.PROMISCUOUS;
    }

    /** Whether nothing is asked, or about to be. */
    boolean isIdle() {
        return !isToSend && !isWithHost && !isOpen && !resetDue && !keepaliveDue;
    }

    // Out.

    /** Asks a question of the hand-shake with the next {@link #advance}. */
    void ask(final Question next) {
        question = next;
        isToSend = true;
    }

    /** Asks for a reset as soon as nothing else is asked. */
    void reset() {
        resetDue = true;
    }

    /** Asks whether the host is there as soon as nothing else is asked. */
    void keepalive() {
        keepaliveDue = true;
    }

    /** Sends what is to be sent, if the page is free; how much that was. */
    int advance() {
        if (isWithHost || isOpen) {
            return 0;
        }
        final Question asked = question;
        final int lengthBytes;
        if (isToSend && asked != null) {
            lengthBytes = write(asked);
        } else if (resetDue) {
            lengthBytes = write(RndisMessageType.RESET);
        } else if (keepaliveDue) {
            lengthBytes = write(RndisMessageType.KEEPALIVE);
        } else {
            return 0;
        }
        if (!device.sendControl(page.address(0), lengthBytes)) {
            return 0;
        }
        isWithHost = true;
        isOpen = true;
        if (isToSend) {
            isToSend = false;
        } else if (resetDue) {
            resetDue = false;
        } else {
            keepaliveDue = false;
        }
        return 1;
    }

    private RndisRequest start(final int type) {
        openType = type;
        lastId++;
        return request.wrap(page.bytes(), 0, MOST_BYTES);
    }

    private int write(final int type) {
        if (type == RndisMessageType.RESET) {
            start(type).putReset();
        } else {
            start(type).putKeepalive(lastId);
        }
        return RndisMessageType.leastBytes(type);
    }

    private int write(final Question asked) {
        return switch (asked) {
            case INITIALIZE -> {
                start(RndisMessageType.INITIALIZE).putInitialize(lastId, MAX_TRANSFER_BYTES);
                yield RndisMessageType.leastBytes(RndisMessageType.INITIALIZE);
            }
            case FRAME_SIZE -> query(Oid.GEN_MAXIMUM_FRAME_SIZE, 0);
            case ADDRESS -> query(Oid.ETHERNET_PERMANENT_ADDRESS, 0);
            case NAME -> query(Oid.GEN_FRIENDLY_NAME, 0);
            case OFFLOADS ->
                    query(
                            Oid.TCP_OFFLOAD_HARDWARE_CAPABILITIES,
                            offloads.putQuestion(page.bytes()));
            case SET_OFFLOADS ->
                    set(Oid.TCP_OFFLOAD_PARAMETERS, offloads.putParameters(page.bytes()));
            case LINK -> query(Oid.GEN_MEDIA_CONNECT_STATUS, 0);
            case SPEED -> query(Oid.GEN_LINK_SPEED, 0);
            case SCALING ->
                    query(Oid.GEN_RECEIVE_SCALE_CAPABILITIES, scaling.putQuestion(page.bytes()));
            case SET_SCALING_OFF ->
                    set(
                            Oid.GEN_RECEIVE_SCALE_PARAMETERS,
                            scaling.putParameters(page.bytes(), true));
            case SET_SCALING_ON ->
                    set(
                            Oid.GEN_RECEIVE_SCALE_PARAMETERS,
                            scaling.putParameters(page.bytes(), false));
            case SET_FILTER -> {
                page.bytes().putInt(RndisRequest.INFO_OFFSET, filter, LITTLE_ENDIAN);
                yield set(Oid.GEN_CURRENT_PACKET_FILTER, Integer.BYTES);
            }
        };
    }

    private int query(final int oid, final int infoBytes) {
        start(RndisMessageType.QUERY).putQueryWith(lastId, oid, infoBytes);
        return RndisRequest.INFO_OFFSET + infoBytes;
    }

    private int set(final int oid, final int infoBytes) {
        start(RndisMessageType.SET).putSet(lastId, oid, infoBytes);
        return RndisRequest.INFO_OFFSET + infoBytes;
    }

    /** Writes a halt, which is not answered; 0 while the host may still read the page. */
    int writeHalt() {
        if (isWithHost) {
            return 0;
        }
        start(RndisMessageType.HALT).putHalt(lastId);
        return RndisMessageType.leastBytes(RndisMessageType.HALT);
    }

    /** The host has read the page; {@code taken} says whether it will answer. */
    void read(final boolean taken) {
        isWithHost = false;
        if (!taken && isOpen) {
            isOpen = false;
            device.refused(NetvscRefusal.ANSWER);
            answered(false, 0);
        }
    }

    // In.

    /**
     * Takes a message of the host that is no frame.
     *
     * @param leftBytes how many bytes there are from {@code offset} on
     * @return its length; 0 if it is not sound
     */
    int take(final DirectBuffer source, final int offset, final int leftBytes) {
        final int lengthBytes = Math.min(leftBytes, MOST_BYTES);
        answer.putBytes(0, source, offset, lengthBytes);
        completion.wrap(answer, 0, lengthBytes);
        final int type = completion.type();
        final long told = completion.messageBytes();
        if (told < RndisMessageType.leastBytes(type) || told > lengthBytes) {
            device.refused(NetvscRefusal.RNDIS);
            return 0;
        }
        if (type == RndisMessageType.INDICATE_STATUS) {
            indicated((int) told);
            return (int) told;
        }
        final boolean isReset = type == RndisMessageType.RESET_COMPLETE;
        if (!isOpen
                || type != (openType | RndisMessageType.COMPLETION)
                || !isReset && completion.requestId() != lastId) {
            device.refused(NetvscRefusal.ANSWER);
            return (int) told;
        }
        isOpen = false;
        final int status = isReset ? completion.resetStatus() : completion.status();
        answered(status == RndisStatus.SUCCESS, (int) told);
        return (int) told;
    }

    private void answered(final boolean agreed, final int messageBytes) {
        final Question asked = question;
        if (openType == RndisMessageType.RESET) {
            if (agreed && completion.isAddressingReset()) {
                ask(Question.SET_FILTER);
            }
        } else if (openType != RndisMessageType.KEEPALIVE && asked != null) {
            question = null;
            if (answers.take(asked, agreed, completion, answer, messageBytes)) {
                device.answered(asked);
            } else {
                device.refuseHandshake();
            }
        }
    }

    private void indicated(final int messageBytes) {
        indication.wrap(answer, 0, messageBytes);
        switch (indication.status()) {
            case RndisStatus.MEDIA_CONNECT -> device.linkIs(true);
            case RndisStatus.MEDIA_DISCONNECT -> device.linkIs(false);
            case RndisStatus.LINK_SPEED_CHANGE -> {
                final int at = indication.bufferOffset(messageBytes);
                if (at == RndisIndication.NO_BUFFER
                        || indication.bufferBytes() < LINK_SPEED_BYTES) {
                    device.refused(NetvscRefusal.RNDIS);
                } else {
                    device.speedIs(answer.getInt(at, LITTLE_ENDIAN) & 0xffff_ffffL);
                }
            }
            default -> device.told();
        }
    }
}
