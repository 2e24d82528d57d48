package io.ringside.storvsc.backend.scsi;

/**
 * What a unit has done so far. Threads: written by the unit's; others read figures that may lag.
 */
public final class UnitCounters {
    long commands;
    long conditions;
    long conflicts;
    long aborted;
    long bytesRead;
    long bytesWritten;
    long flushes;
    long discards;
    long bytesBounced;
    long mediumErrors;

    UnitCounters() {}

    /** Commands that were started. */
    public long commands() {
        return commands;
    }

    /** Commands that were refused before they did anything, by a condition. */
    public long conditions() {
        return conditions;
    }

    /** Commands that a reservation kept from running. */
    public long conflicts() {
        return conflicts;
    }

    /** Commands that a reset ended. */
    public long aborted() {
        return aborted;
    }

    /** Bytes read from the medium for a guest. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Bytes of a guest written to the medium. */
    public long bytesWritten() {
        return bytesWritten;
    }

    /** Times that everything was put on stable storage. */
    public long flushes() {
        return flushes;
    }

    /** Ranges that the medium was told to forget. */
    public long discards() {
        return discards;
    }

    /** Bytes copied since the guest's memory could not be used as it lay. */
    public long bytesBounced() {
        return bytesBounced;
    }

    /** Requests that the medium failed. */
    public long mediumErrors() {
        return mediumErrors;
    }
}
