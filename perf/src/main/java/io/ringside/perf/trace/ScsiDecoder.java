package io.ringside.perf.trace;

import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.SrbFlags;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.ScsiOpcode;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import io.ringside.storvsc.protocol.scsi.SenseData;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The SCSI request inside of a packet in words: its own fields, and those of the command in it.
 *
 * <p>Source: {@code struct vmscsi_request}, storvsc_drv.c, for the request; SPC-4 and SBC-3 for
 * commands. Threads: one.
 */
final class ScsiDecoder {
    private static final int U8 = 0xff;
    private static final int VITAL_PRODUCT_DATA = 1;
    private static final int PAGE_MASK = 0x3f;
    private static final int SERVICE_ACTION_MASK = 0x1f;

    private final Cdb cdb = new Cdb();
    private final SenseData sense = new SenseData();
    private final UnsafeBuffer senseBytes = new UnsafeBuffer(new byte[ScsiRequest.SENSE_BYTES]);
    private String name = "";
    private String explanation = "";

    /** The command, after {@link #addCommand}. */
    String name() {
        return name;
    }

    /** One sentence about what was added last. */
    String explanation() {
        return explanation;
    }

    /** Adds the fields of a request, and of its command. */
    void addCommand(final FieldList fields, final ScsiRequest request) {
        request.copyCdb(cdb.buffer());
        cdb.length(Math.clamp(request.cdbLength(), 1, Cdb.MAX_BYTES));
        name = commandName();
        addHead(fields, request, "", "", "room for sense data", "");
        fields.bytes("cdb", cdb.buffer(), 0, cdb.length(), "");
        addQueueing(fields, request);
        fields.in("cdb").hex("opcode", cdb.opcode(), ScsiOpcode.name(cdb.opcode()));
        addOperands(fields);
    }

    /** What stands before the command or the sense data. */
    private static void addHead(
            final FieldList fields,
            final ScsiRequest request,
            final String srbMeaning,
            final String scsiMeaning,
            final String senseMeaning,
            final String dataMeaning) {
        fields.in("vmscsi_request")
                .number("length", request.length())
                .hex("srb_status", request.srbStatus(), srbMeaning)
                .hex("scsi_status", request.scsiStatus(), scsiMeaning)
                .number("port_number", request.port())
                .number("path_id", request.path())
                .number("target_id", request.target())
                .number("lun", request.lun())
                .number("cdb_length", request.cdbLength())
                .number("sense_info_length", request.senseLength(), senseMeaning)
                .number("data_in", request.direction(), direction(request.direction()))
                .number("data_transfer_length", request.dataBytes(), dataMeaning);
    }

    private static void addQueueing(final FieldList fields, final ScsiRequest request) {
        if (request.hasQueueing()) {
            fields.number("queue_tag", request.queueTag())
                    .number("queue_action", request.queueAction())
                    .hex(
                            "srb_flags",
                            Integer.toUnsignedLong(request.flags()),
                            flags(request.flags()))
                    .number("time_out_value", request.timeoutSeconds(), "seconds")
                    .number("queue_sort_ey", request.queueSortKey());
        }
    }

    private String commandName() {
        if (cdb.opcode() == ScsiOpcode.SERVICE_ACTION_IN_16
                && (cdb.u8(1) & SERVICE_ACTION_MASK) == ScsiOpcode.READ_CAPACITY_16) {
            return "ReadCapacity16";
        }
        return ScsiOpcode.name(cdb.opcode());
    }

    private static String direction(final int direction) {
        return switch (direction) {
            case DataDirection.TO_UNIT -> "data to the unit";
            case DataDirection.TO_GUEST -> "data to the guest";
            case DataDirection.NONE -> "no data";
            default -> "";
        };
    }

    private static String flags(final int flags) {
        final StringBuilder text = new StringBuilder();
        add(text, flags, SrbFlags.QUEUE_ACTION_ENABLE, "queue action");
        add(text, flags, SrbFlags.DISABLE_SYNCH_TRANSFER, "no synch transfer");
        add(text, flags, SrbFlags.DISABLE_AUTOSENSE, "no autosense");
        add(text, flags, SrbFlags.DATA_IN, "data in");
        add(text, flags, SrbFlags.DATA_OUT, "data out");
        add(text, flags, SrbFlags.NO_QUEUE_FREEZE, "no queue freeze");
        return text.toString();
    }

    private static void add(
            final StringBuilder text, final int flags, final int bit, final String word) {
        if ((flags & bit) != 0) {
            text.append(text.isEmpty() ? "" : " + ").append(word);
        }
    }

    /** The fields of the command itself, where its form is known. */
    private void addOperands(final FieldList fields) {
        final int opcode = cdb.opcode();
        switch (opcode) {
            case ScsiOpcode.READ_10, ScsiOpcode.WRITE_10 -> {
                final long lba = cdb.u32(2);
                final int blocks = cdb.u16(7);
                addRange(fields, lba, blocks);
                explainTransfer(opcode == ScsiOpcode.READ_10, lba, blocks);
            }
            case ScsiOpcode.READ_16, ScsiOpcode.WRITE_16 -> {
                final long lba = cdb.u64(2);
                final long blocks = cdb.u32(10);
                addRange(fields, lba, blocks);
                explainTransfer(opcode == ScsiOpcode.READ_16, lba, blocks);
            }
            case ScsiOpcode.SYNCHRONIZE_CACHE_10 -> {
                addRange(fields, cdb.u32(2), cdb.u16(7));
                explanation =
                        "What was written must reach the medium before this ends; 0 blocks mean"
                                + " all.";
            }
            case ScsiOpcode.UNMAP -> {
                fields.number("parameter_list_length", cdb.u16(7));
                explanation = "The guest needs some blocks no more; the list of them is its data.";
            }
            case ScsiOpcode.INQUIRY -> {
                final boolean vital = (cdb.u8(1) & VITAL_PRODUCT_DATA) != 0;
                fields.number("evpd", vital ? 1 : 0)
                        .hex("page_code", cdb.u8(2))
                        .number("allocation_length", cdb.u16(3));
                explanation =
                        vital
                                ? "Asks for one page of what the unit says of itself."
                                : "Asks what kind of unit this is, and who made it.";
            }
            case ScsiOpcode.MODE_SENSE_6 -> {
                fields.hex("page_code", cdb.u8(2) & PAGE_MASK)
                        .number("allocation_length", cdb.u8(4));
                explanation = "Asks how the unit is set: whether it is write protected.";
            }
            case ScsiOpcode.REPORT_LUNS -> {
                fields.number("allocation_length", cdb.u32(6));
                explanation = "Asks which units the target has.";
            }
            case ScsiOpcode.SERVICE_ACTION_IN_16 -> {
                fields.hex("service_action", cdb.u8(1) & SERVICE_ACTION_MASK)
                        .number("allocation_length", cdb.u32(10));
                explanation = "Asks how many blocks the unit has, and how large they are.";
            }
            case ScsiOpcode.READ_CAPACITY_10 ->
                    explanation = "Asks how many blocks the unit has, and how large they are.";
            case ScsiOpcode.TEST_UNIT_READY -> explanation = "Asks whether the unit is ready.";
            default -> explanation = "The unit is to carry out this command.";
        }
    }

    private static void addRange(final FieldList fields, final long lba, final long blocks) {
        fields.text("lba", Long.toUnsignedString(lba), "first block").number("blocks", blocks);
    }

    private void explainTransfer(final boolean isRead, final long lba, final long blocks) {
        final String from = Long.toUnsignedString(lba);
        explanation =
                isRead
                        ? "Read " + blocks + " blocks from block " + from + " into those pages."
                        : "Write " + blocks + " blocks from those pages to block " + from + " on.";
    }

    /** Adds the fields of an answer to a command of that name. */
    void addAnswer(final FieldList fields, final ScsiRequest request, final String command) {
        final int srb = request.srbStatus();
        addHead(
                fields,
                request,
                srbName(srb),
                ScsiStatus.name(request.scsiStatus()),
                "",
                "bytes moved");
        explanation =
                SrbStatus.code(srb) == SrbStatus.SUCCESS
                        ? command + " is done; " + request.dataBytes() + " bytes were moved."
                        : SrbStatus.code(srb) == SrbStatus.INVALID_LUN
                                ? "There is no such unit: " + command + " was not carried out."
                                : command + " failed: status and sense data say why.";
        final int length = Math.min(request.senseLength(), ScsiRequest.SHORT_SENSE_BYTES);
        final boolean hasSense = SrbStatus.hasSense(srb) && length > 0;
        if (hasSense) {
            request.copySense(senseBytes, length);
            fields.bytes("sense_data", senseBytes, 0, length, "");
        }
        addQueueing(fields, request);
        if (hasSense) {
            addSense(fields, length);
        }
    }

    private static String srbName(final int srb) {
        return SrbStatus.name(srb) + (SrbStatus.hasSense(srb) ? " + sense data" : "");
    }

    private void addSense(final FieldList fields, final int length) {
        if (sense.read(senseBytes, 0, length)) {
            fields.in("sense_data")
                    .hex("sense_key", sense.key(), keyName(sense.key()))
                    .hex("asc", sense.additional() >>> Byte.SIZE)
                    .hex("ascq", sense.additional() & U8);
            if (sense.key() == SenseKey.UNIT_ATTENTION) {
                explanation =
                        "Not carried out: the unit first tells what happened to it, and the"
                                + " command must be sent again.";
            }
        }
    }

    private static String keyName(final int key) {
        return switch (key) {
            case SenseKey.NO_SENSE -> "no sense";
            case SenseKey.NOT_READY -> "not ready";
            case SenseKey.MEDIUM_ERROR -> "medium error";
            case SenseKey.HARDWARE_ERROR -> "hardware error";
            case SenseKey.ILLEGAL_REQUEST -> "illegal request";
            case SenseKey.UNIT_ATTENTION -> "unit attention";
            case SenseKey.DATA_PROTECT -> "data protect";
            case SenseKey.ABORTED_COMMAND -> "aborted command";
            case SenseKey.MISCOMPARE -> "miscompare";
            default -> "";
        };
    }
}
