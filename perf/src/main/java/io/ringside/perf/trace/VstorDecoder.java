package io.ringside.perf.trace;

import io.ringside.perf.trace.TraceEvent.Sender;
import io.ringside.ringbuf.vmbus.IncomingRing;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.storvsc.protocol.ChannelProperties;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A packet of the storage protocol in words. An answer repeats little of its question, so that each
 * question is kept until it is answered.
 */
final class VstorDecoder implements PacketDecoder {
    private static final int MOST_QUESTIONS = 4096;
    private static final int VERSION_BYTES = VstorPacket.HEADER_BYTES + Integer.BYTES;
    private static final int PROPERTIES_BYTES = VstorPacket.HEADER_BYTES + ChannelProperties.BYTES;
    private static final int SHORT_REQUEST_BYTES =
            VstorPacket.HEADER_BYTES + ScsiRequest.SHORT_BYTES;
    private static final int COUNT_BYTES = VstorPacket.HEADER_BYTES + Short.BYTES;

    private final Map<Long, Question> questions = new HashMap<>();
    private final VstorPacket vstor = new VstorPacket();
    private final ScsiRequest request = new ScsiRequest();
    private final ChannelProperties properties = new ChannelProperties();
    private final ScsiDecoder scsi = new ScsiDecoder();

    @Override
    public Decoded decode(final Sender sender, final IncomingRing packet) {
        final FieldList fields = PacketText.fields(packet);
        final int bytes = packet.payloadBytes();
        if (bytes < VstorPacket.HEADER_BYTES) {
            return new Decoded(
                    PacketType.name(packet.type()) + " packet",
                    fields,
                    "Too short for a message of the storage protocol.");
        }
        vstor.wrap(packet.buffer(), packet.payloadOffset(), bytes);
        final int operation = vstor.operation();
        fields.in("vstor_packet")
                .number("operation", operation, VstorOperation.name(operation))
                .number("flags", vstor.flags(), vstor.wantsCompletion() ? "answer wanted" : "")
                .hex(
                        "status",
                        Integer.toUnsignedLong(vstor.status()),
                        packet.type() == PacketType.COMPLETION
                                ? NtStatus.name(vstor.status())
                                : "");
        if (packet.type() == PacketType.COMPLETION) {
            return answer(questions.remove(packet.transactionId()), fields, bytes);
        }
        return question(packet, fields, bytes);
    }

    // What an end asks.

    private Decoded question(final IncomingRing packet, final FieldList fields, final int bytes) {
        final int operation = vstor.operation();
        String command = "";
        String explanation = explain(operation);
        if (operation == VstorOperation.EXECUTE_SRB && bytes >= SHORT_REQUEST_BYTES) {
            vstor.request(request);
            scsi.addCommand(fields, request);
            command = scsi.name();
            explanation = scsi.explanation();
        } else if (operation == VstorOperation.QUERY_PROTOCOL_VERSION && bytes >= VERSION_BYTES) {
            addVersion(fields);
        } else if (operation == VstorOperation.CREATE_SUB_CHANNELS && bytes >= COUNT_BYTES) {
            fields.number("sub_channel_count", vstor.subChannelCount());
        }
        if (packet.isCompletionRequested() && questions.size() < MOST_QUESTIONS) {
            questions.put(packet.transactionId(), new Question(operation, command));
        }
        final String name = VstorOperation.name(operation);
        return new Decoded(command.isEmpty() ? name : name + " " + command, fields, explanation);
    }

    private void addVersion(final FieldList fields) {
        final int word = vstor.version();
        fields.in("vmstorage_protocol_version")
                .hex("major_minor", word, "version " + (word >>> 8) + "." + (word & 0xff))
                .number("revision", vstor.revision());
    }

    private static String explain(final int operation) {
        return switch (operation) {
            case VstorOperation.BEGIN_INITIALIZATION ->
                    "The first message of all: the driver and the controller start afresh.";
            case VstorOperation.QUERY_PROTOCOL_VERSION ->
                    "The driver offers a version of the storage protocol, its newest first.";
            case VstorOperation.QUERY_PROPERTIES -> "The driver asks what the controller can do.";
            case VstorOperation.END_INITIALIZATION ->
                    "The driver is done: from the answer on, SCSI commands may flow.";
            case VstorOperation.CREATE_SUB_CHANNELS ->
                    "The driver asks for more channels, to spread commands over processors.";
            case VstorOperation.EXECUTE_SRB ->
                    "A SCSI command that is shorter than a request can be: it will be refused.";
            case VstorOperation.ENUMERATE_BUS ->
                    "The controller says that units came or went: the driver looks again.";
            case VstorOperation.REMOVE_DEVICE -> "The controller says that a unit went.";
            case VstorOperation.RESET_LUN -> "The driver resets one unit.";
            case VstorOperation.RESET_ADAPTER -> "The driver resets every unit.";
            case VstorOperation.RESET_BUS -> "The driver resets every unit of the bus.";
            case VstorOperation.FCHBA_DATA ->
                    "The driver asks a fibre channel adapter for its names.";
            default -> "An operation that is not published: it will be refused.";
        };
    }

    // What is answered.

    private Decoded answer(
            final @Nullable Question question, final FieldList fields, final int bytes) {
        final String name = VstorOperation.name(vstor.operation());
        if (question == null) {
            return new Decoded(name, fields, "An answer to nothing that was asked: it is ignored.");
        }
        final String full = name + " of " + question.text();
        if (vstor.status() != NtStatus.SUCCESS) {
            return new Decoded(
                    full, fields, "The controller refuses: the status of the packet says why.");
        }
        return switch (question.operation()) {
            case VstorOperation.EXECUTE_SRB -> scsiAnswer(question, full, fields, bytes);
            case VstorOperation.QUERY_PROPERTIES -> propertiesAnswer(full, fields, bytes);
            case VstorOperation.BEGIN_INITIALIZATION ->
                    new Decoded(full, fields, "The controller starts afresh, too.");
            case VstorOperation.QUERY_PROTOCOL_VERSION -> {
                if (bytes >= VERSION_BYTES) {
                    addVersion(fields);
                }
                yield new Decoded(
                        full, fields, "The controller speaks that version: it is agreed on.");
            }
            case VstorOperation.END_INITIALIZATION ->
                    new Decoded(full, fields, "The controller is ready for SCSI commands.");
            case VstorOperation.CREATE_SUB_CHANNELS ->
                    new Decoded(full, fields, "The controller will offer that many channels.");
            default -> new Decoded(full, fields, "It is done.");
        };
    }

    private Decoded scsiAnswer(
            final Question question, final String full, final FieldList fields, final int bytes) {
        if (bytes < SHORT_REQUEST_BYTES) {
            return new Decoded(full, fields, "An answer without the request: it is ignored.");
        }
        vstor.request(request);
        scsi.addAnswer(fields, request, question.command());
        return new Decoded(full, fields, scsi.explanation());
    }

    private Decoded propertiesAnswer(final String full, final FieldList fields, final int bytes) {
        if (bytes >= PROPERTIES_BYTES) {
            vstor.properties(properties);
            fields.in("vmstorage_channel_properties")
                    .number(
                            "max_channel_cnt",
                            properties.maxChannelCount(),
                            "more can be asked for")
                    .number(
                            "flags",
                            properties.flags(),
                            properties.supportsMultiChannel() ? "several channels" : "one channel")
                    .number("max_transfer_bytes", properties.maxTransferBytes());
        }
        return new Decoded(
                full,
                fields,
                "The controller tells its limits: no command may move more data than that.");
    }

    /** What was asked, by its transaction id. */
    private record Question(int operation, String command) {
        String text() {
            return command.isEmpty() ? VstorOperation.name(operation) : command;
        }
    }
}
