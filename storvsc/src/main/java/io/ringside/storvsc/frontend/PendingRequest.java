package io.ringside.storvsc.frontend;

import io.ringside.device.guest.BlockRequest;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.scsi.Cdb;
import io.ringside.storvsc.protocol.scsi.SenseData;
import org.jspecify.annotations.Nullable;

/** One request on its way: what was sent under one slot, and what came back. Threads: one. */
final class PendingRequest {
    /** How often a command is tried. */
    static final int MAX_ATTEMPTS = 16;

    final int slot;
    final Cdb cdb = new Cdb();
    final SenseData sense = new SenseData();
    final BlockRequest list = new BlockRequest(1); // Data of a command that is not the caller's.

    /** A message of the hand-shake, in place of a command; 0 for none. */
    int operation;

    int argument;
    int target;
    int lun;
    int direction = DataDirection.NONE;
    int dataBytes;
    int attempts;
    long sectorsDone; // Of a discard that takes more than one command.
    int queue;
    int sentTick;
    @Nullable BlockRequest data;
    @Nullable StorvscDisk disk;

    // What came back.

    int status;
    int srbStatus;
    int scsiStatus;
    int transferredBytes;

    PendingRequest(final int slot) {
        this.slot = slot;
    }

    /** Starts a command without data. */
    PendingRequest command(final int newTarget, final int newLun) {
        operation = 0;
        target = newTarget;
        lun = newLun;
        direction = DataDirection.NONE;
        dataBytes = 0;
        attempts = 0;
        sectorsDone = 0;
        data = null;
        disk = null;
        return this;
    }

    /** Starts a message of the hand-shake. */
    PendingRequest message(final int newOperation, final int newArgument) {
        command(0, 0);
        operation = newOperation;
        argument = newArgument;
        return this;
    }

    /** Names the data of a command. */
    void data(final BlockRequest newData, final int newDirection) {
        data = newData;
        direction = newDirection;
        dataBytes = newData.totalBytes();
    }
}
