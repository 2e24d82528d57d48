package io.ringside.storvsc.protocol.scsi;

/**
 * The first byte of a command, with the service actions that tell some apart: numbers with names,
 * since a peer may write anything.
 *
 * <p>Source: scsi/scsi_proto.h; those of discs from MMC-6.
 */
public final class ScsiOpcode {
    /** Whether the unit is ready. */
    public static final int TEST_UNIT_READY = 0x00;

    /** Why the unit is as it is. */
    public static final int REQUEST_SENSE = 0x03;

    /** Read, with 21 bits of address. */
    public static final int READ_6 = 0x08;

    /** Write, with 21 bits of address. */
    public static final int WRITE_6 = 0x0a;

    /** What the unit is. */
    public static final int INQUIRY = 0x12;

    /** Set mode pages, in at most 255 bytes. */
    public static final int MODE_SELECT_6 = 0x15;

    /** Keep the unit to oneself. */
    public static final int RESERVE_6 = 0x16;

    /** End of a reservation. */
    public static final int RELEASE_6 = 0x17;

    /** Tell mode pages, in at most 255 bytes. */
    public static final int MODE_SENSE_6 = 0x1a;

    /** Start, stop, load or eject. */
    public static final int START_STOP_UNIT = 0x1b;

    /** Test yourself. */
    public static final int SEND_DIAGNOSTIC = 0x1d;

    /** Hold the medium in. */
    public static final int PREVENT_ALLOW_MEDIUM_REMOVAL = 0x1e;

    /** Last block as u32, and bytes of a block. */
    public static final int READ_CAPACITY_10 = 0x25;

    /** Read, with 32 bits of address. */
    public static final int READ_10 = 0x28;

    /** Write, with 32 bits of address. */
    public static final int WRITE_10 = 0x2a;

    /** Write and read again. */
    public static final int WRITE_AND_VERIFY_10 = 0x2e;

    /** Read, and compare or forget. */
    public static final int VERIFY_10 = 0x2f;

    /** Read into the cache. */
    public static final int PRE_FETCH_10 = 0x34;

    /** Write the cache out. */
    public static final int SYNCHRONIZE_CACHE_10 = 0x35;

    /** Which blocks are bad. */
    public static final int READ_DEFECT_DATA_10 = 0x37;

    /** Write one block over a whole range. */
    public static final int WRITE_SAME_10 = 0x41;

    /** Forget ranges. */
    public static final int UNMAP = 0x42;

    /** Tracks of a disc. */
    public static final int READ_TOC = 0x43;

    /** What a drive can do with its disc. */
    public static final int GET_CONFIGURATION = 0x46;

    /** What happened to the disc. */
    public static final int GET_EVENT_STATUS_NOTIFICATION = 0x4a;

    /** Tell log pages. */
    public static final int LOG_SENSE = 0x4d;

    /** What a disc is. */
    public static final int READ_DISC_INFORMATION = 0x51;

    /** Set mode pages. */
    public static final int MODE_SELECT_10 = 0x55;

    /** Keep the unit to oneself. */
    public static final int RESERVE_10 = 0x56;

    /** End of a reservation. */
    public static final int RELEASE_10 = 0x57;

    /** Tell mode pages. */
    public static final int MODE_SENSE_10 = 0x5a;

    /** Tell keys and reservations. */
    public static final int PERSISTENT_RESERVE_IN = 0x5e;

    /** Register keys; reserve by them. */
    public static final int PERSISTENT_RESERVE_OUT = 0x5f;

    /** Read, with 64 bits of address. */
    public static final int READ_16 = 0x88;

    /** Write only over what is expected. */
    public static final int COMPARE_AND_WRITE = 0x89;

    /** Write, with 64 bits of address. */
    public static final int WRITE_16 = 0x8a;

    /** Write and read again. */
    public static final int WRITE_AND_VERIFY_16 = 0x8e;

    /** Read, and compare or forget. */
    public static final int VERIFY_16 = 0x8f;

    /** Read into the cache. */
    public static final int PRE_FETCH_16 = 0x90;

    /** Write the cache out. */
    public static final int SYNCHRONIZE_CACHE_16 = 0x91;

    /** Write one block over a whole range. */
    public static final int WRITE_SAME_16 = 0x93;

    /** More commands, by service action. */
    public static final int SERVICE_ACTION_IN_16 = 0x9e;

    /** Which units a target has. */
    public static final int REPORT_LUNS = 0xa0;

    /** More commands, by service action. */
    public static final int MAINTENANCE_IN = 0xa3;

    /** Read, with 32 bits of length. */
    public static final int READ_12 = 0xa8;

    /** Write, with 32 bits of length. */
    public static final int WRITE_12 = 0xaa;

    /** Write and read again. */
    public static final int WRITE_AND_VERIFY_12 = 0xae;

    /** Read, and compare or forget. */
    public static final int VERIFY_12 = 0xaf;

    /** Which blocks are bad. */
    public static final int READ_DEFECT_DATA_12 = 0xb7;

    /** State of a drive's mechanics. */
    public static final int MECHANISM_STATUS = 0xbd;

    /** Service action: last block as u64, and how blocks are provided. */
    public static final int READ_CAPACITY_16 = 0x10;

    /** Service action: which commands there are. */
    public static final int REPORT_SUPPORTED_OPERATION_CODES = 0x0c;

    /** Service action: which task management there is. */
    public static final int REPORT_SUPPORTED_TASK_MANAGEMENT = 0x0d;

    private ScsiOpcode() {}

    /** Whether the low five bits of the second byte say which command it is. */
    public static boolean hasServiceActions(final int opcode) {
        return switch (opcode) {
            case PERSISTENT_RESERVE_IN,
                    PERSISTENT_RESERVE_OUT,
                    SERVICE_ACTION_IN_16,
                    MAINTENANCE_IN ->
                    true;
            default -> false;
        };
    }

    /** The name of an opcode, or its number in brackets. */
    public static String name(final int opcode) {
        return switch (opcode) {
            case TEST_UNIT_READY -> "TestUnitReady";
            case REQUEST_SENSE -> "RequestSense";
            case READ_6 -> "Read6";
            case WRITE_6 -> "Write6";
            case INQUIRY -> "Inquiry";
            case MODE_SELECT_6 -> "ModeSelect6";
            case RESERVE_6 -> "Reserve6";
            case RELEASE_6 -> "Release6";
            case MODE_SENSE_6 -> "ModeSense6";
            case START_STOP_UNIT -> "StartStopUnit";
            case SEND_DIAGNOSTIC -> "SendDiagnostic";
            case PREVENT_ALLOW_MEDIUM_REMOVAL -> "PreventAllowMediumRemoval";
            case READ_CAPACITY_10 -> "ReadCapacity10";
            case READ_10 -> "Read10";
            case WRITE_10 -> "Write10";
            case WRITE_AND_VERIFY_10 -> "WriteAndVerify10";
            case VERIFY_10 -> "Verify10";
            case PRE_FETCH_10 -> "PreFetch10";
            case SYNCHRONIZE_CACHE_10 -> "SynchronizeCache10";
            case READ_DEFECT_DATA_10 -> "ReadDefectData10";
            case WRITE_SAME_10 -> "WriteSame10";
            case UNMAP -> "Unmap";
            case READ_TOC -> "ReadToc";
            case GET_CONFIGURATION -> "GetConfiguration";
            case GET_EVENT_STATUS_NOTIFICATION -> "GetEventStatusNotification";
            case LOG_SENSE -> "LogSense";
            case READ_DISC_INFORMATION -> "ReadDiscInformation";
            case MODE_SELECT_10 -> "ModeSelect10";
            case RESERVE_10 -> "Reserve10";
            case RELEASE_10 -> "Release10";
            case MODE_SENSE_10 -> "ModeSense10";
            case PERSISTENT_RESERVE_IN -> "PersistentReserveIn";
            case PERSISTENT_RESERVE_OUT -> "PersistentReserveOut";
            case READ_16 -> "Read16";
            case COMPARE_AND_WRITE -> "CompareAndWrite";
            case WRITE_16 -> "Write16";
            case WRITE_AND_VERIFY_16 -> "WriteAndVerify16";
            case VERIFY_16 -> "Verify16";
            case PRE_FETCH_16 -> "PreFetch16";
            case SYNCHRONIZE_CACHE_16 -> "SynchronizeCache16";
            case WRITE_SAME_16 -> "WriteSame16";
            case SERVICE_ACTION_IN_16 -> "ServiceActionIn16";
            case REPORT_LUNS -> "ReportLuns";
            case MAINTENANCE_IN -> "MaintenanceIn";
            case READ_12 -> "Read12";
            case WRITE_12 -> "Write12";
            case WRITE_AND_VERIFY_12 -> "WriteAndVerify12";
            case VERIFY_12 -> "Verify12";
            case READ_DEFECT_DATA_12 -> "ReadDefectData12";
            case MECHANISM_STATUS -> "MechanismStatus";
            default -> "[0x" + Integer.toHexString(opcode) + "]";
        };
    }
}
