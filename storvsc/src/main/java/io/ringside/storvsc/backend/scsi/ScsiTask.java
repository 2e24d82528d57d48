package io.ringside.storvsc.backend.scsi;

import io.ringside.device.host.StoreRequest;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.scsi.AdditionalSense;
import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.ScsiStatus;
import io.ringside.storvsc.protocol.scsi.SenseData;
import io.ringside.storvsc.protocol.scsi.SenseKey;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One command in a unit, from {@link Nexus#take} until {@link #release}: allocated once, filled
 * anew for every use.
 *
 * <p>Its transport copies the command in, names the data, and gives it to {@link
 * LogicalUnit#start}; the unit says how it ended. Threads: one.
 */
public final class ScsiTask {
    /** Bytes of {@link #carried}. */
    public static final int CARRIED_BYTES = 64;

    // Of the transport.

    private final Nexus nexus;
    private final int tag;
    private final Cdb cdb = new Cdb();
    private final ScatterList data;
    private final UnsafeBuffer carried = new UnsafeBuffer(new byte[CARRIED_BYTES]);
    private int direction = DataDirection.NONE;
    private long transactionId;
    private int route;

    // The answer.

    private final SenseData sense = new SenseData();
    private int status;
    private int transferredBytes;
    private boolean overrun;
    private boolean aborted;
    private boolean malformed;

    // Of the unit, while the command runs.

    final StoreRequest store;
    @Nullable ScsiCommand command;
    @Nullable UnsafeBuffer bounce;
    MediumJobs.Phase phase = MediumJobs.Phase.IDLE;
    long lba;
    long blocks;
    long blocksDone;
    int stepBlocks;
    int compare;
    int descriptorCount;
    boolean forcesUnitAccess;
    boolean abandoned;

    ScsiTask(final Nexus nexus, final int tag, final int storeTag, final ScatterList data) {
        this.nexus = nexus;
        this.tag = tag;
        this.data = data;
        this.store = new StoreRequest(nexus.maxPieces(), storeTag);
    }

    void begin() {
        data.clear();
        direction = DataDirection.NONE;
        status = ScsiStatus.GOOD;
        sense.set(SenseKey.NO_SENSE, AdditionalSense.NONE);
        transferredBytes = 0;
        overrun = false;
        aborted = false;
        malformed = false;
        command = null;
        lba = 0;
        blocks = 0;
        compare = 0;
        forcesUnitAccess = false;
        abandoned = false;
    }

    /** Gives the task back. Only once it has ended. */
    public void release() {
        nexus.give(this);
    }

    /** The command, to be copied in before it is started. */
    public Cdb cdb() {
        return cdb;
    }

    /** Where its data lies, to be named before it is started. */
    public ScatterList data() {
        return data;
    }

    /** Says which way the data goes: see {@link DataDirection}. */
    public void direction(final int newDirection) {
        direction = newDirection;
    }

    /** The transport's own number, which comes back unchanged. */
    public long transactionId() {
        return transactionId;
    }

    /** The transport's own number for the way back. */
    public int route() {
        return route;
    }

    /** Sets the transport's own numbers. */
    public void from(final long newTransactionId, final int newRoute) {
        transactionId = newTransactionId;
        route = newRoute;
    }

    /** 64 bytes of the transport's own. */
    public UnsafeBuffer carried() {
        return carried;
    }

    /** Its place among the tasks of its nexus. */
    public int tag() {
        return tag;
    }

    Nexus nexus() {
        return nexus;
    }

    // How it ended.

    /** The unit's status: see {@link ScsiStatus}. */
    public int status() {
        return status;
    }

    /** What the condition is, where the status says that there is one. */
    public SenseData sense() {
        return sense;
    }

    /** How many bytes of data were transferred. */
    public int transferredBytes() {
        return transferredBytes;
    }

    /** Whether the command has more data than there is room for. */
    public boolean isOverrun() {
        return overrun;
    }

    /** Whether a reset ended the command. */
    public boolean isAborted() {
        return aborted;
    }

    /** Whether the command is shorter than its opcode asks. */
    public boolean isMalformed() {
        return malformed;
    }

    // For the unit: every way to end, each of which is the task's last.

    /** How many bytes can go to the unit. */
    int outBytes() {
        return direction == DataDirection.TO_UNIT ? data.totalBytes() : 0;
    }

    /** How many bytes can go to the guest. */
    int inBytes() {
        return direction == DataDirection.TO_GUEST ? data.totalBytes() : 0;
    }

    void end(final int newStatus, final int bytes) {
        status = newStatus;
        transferredBytes = bytes;
        nexus.owner().ended(this);
    }

    void good() {
        end(ScsiStatus.GOOD, 0);
    }

    /** Sends an answer, cut to what was allowed and to what there is room for. */
    void answer(final DirectBuffer bytes, final int lengthBytes, final long allocationBytes) {
        final int allowed = (int) Math.min(lengthBytes, allocationBytes);
        final int sent = Math.min(allowed, inBytes());
        data.copyIn(0, bytes, 0, sent);
        overrun = sent < allowed;
        end(ScsiStatus.GOOD, sent);
    }

    /** Copies a parameter list into private memory, or ends the command if there is not so much. */
    boolean fetch(final MutableDirectBuffer into, final int lengthBytes, final int lengthField) {
        if (lengthBytes > outBytes()) {
            tooLittleRoom(lengthField);
            return false;
        }
        data.copyOut(0, into, 0, lengthBytes);
        return true;
    }

    void condition(final int key, final int additional) {
        sense.set(key, additional);
        end(ScsiStatus.CHECK_CONDITION, 0);
    }

    void condition(final int key, final int additional, final long information) {
        sense.set(key, additional).inform(information);
        end(ScsiStatus.CHECK_CONDITION, 0);
    }

    void invalidField(final int byteOffset, final int bit) {
        sense.set(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_CDB)
                .point(true, byteOffset, bit);
        end(ScsiStatus.CHECK_CONDITION, 0);
    }

    void invalidParameter(final int byteOffset, final int bit) {
        sense.set(SenseKey.ILLEGAL_REQUEST, AdditionalSense.INVALID_FIELD_IN_PARAMETERS)
                .point(false, byteOffset, bit);
        end(ScsiStatus.CHECK_CONDITION, 0);
    }

    /** The data that the command needs does not fit into what was given. */
    void tooLittleRoom(final int lengthField) {
        overrun = true;
        invalidField(lengthField, SenseData.WHOLE_BYTE);
    }

    void abort() {
        aborted = true;
        end(ScsiStatus.GOOD, 0);
    }

    void refuseShort() {
        malformed = true;
        end(ScsiStatus.GOOD, 0);
    }
}
