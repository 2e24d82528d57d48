package io.ringside.storvsc.backend.scsi;

/** Where a unit reports commands that have ended. */
@FunctionalInterface
public interface TaskOwner {
    /**
     * The command has its answer. The task stays the owner's until it calls {@link
     * ScsiTask#release}. May be called from within {@link LogicalUnit#start}.
     */
    void ended(ScsiTask task);
}
