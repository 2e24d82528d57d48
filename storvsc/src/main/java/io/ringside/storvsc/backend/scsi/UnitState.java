package io.ringside.storvsc.backend.scsi;

import io.ringside.device.host.BlockStore;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** What the command families of one unit share. Threads: one. */
final class UnitState {
    /** Most initiators of one unit. */
    static final int MAX_NEXUSES = 16;

    /** Longest answer or parameter list that is not data of the medium. */
    static final int SCRATCH_BYTES = 1 << 14;

    final UnitIdentity identity;
    final int maxTransferBytes;
    final UnitCounters counters = new UnitCounters();
    final @Nullable Nexus[] nexuses = new Nexus[MAX_NEXUSES];
    final ModePages modes;

    /** Where answers are made up, and parameters copied to, of the command at hand. */
    final UnsafeBuffer scratch = new UnsafeBuffer(new byte[SCRATCH_BYTES]);

    private final int sectorsPerBlock;
    private @Nullable BlockStore store;
    private long blockCount;
    private boolean stopped;
    private boolean trayOpen;

    UnitState(
            final UnitIdentity identity,
            final @Nullable BlockStore store,
            final int maxTransferBytes) {
        this.identity = identity;
        this.maxTransferBytes = maxTransferBytes;
        this.sectorsPerBlock = identity.blockBytes() / BlockStore.SECTOR_BYTES;
        this.modes = new ModePages(this);
        load(store);
    }

    /** Puts a medium in, or takes it out. */
    void load(final @Nullable BlockStore newStore) {
        store = newStore;
        stopped = false;
        trayOpen = newStore == null;
        measure();
    }

    /** Looks how large the medium is now, and returns whether that is new. */
    boolean measure() {
        final long before = blockCount;
        final BlockStore medium = store;
        blockCount = medium == null ? 0 : medium.sectors() / sectorsPerBlock;
        return blockCount != before;
    }

    /** The medium; only while {@link #hasStore}. */
    BlockStore store() {
        final BlockStore medium = store;
        if (medium == null) {
            throw new IllegalStateException("no medium: serial=" + identity.serial());
        }
        return medium;
    }

    /** Whether there is a medium, in the drive or on its tray. */
    boolean hasStore() {
        return store != null;
    }

    /** Whether there is a medium in the drive. */
    boolean isLoaded() {
        return store != null && !trayOpen;
    }

    boolean isTrayOpen() {
        return trayOpen;
    }

    void trayOpen(final boolean open) {
        trayOpen = open;
    }

    boolean isStopped() {
        return stopped;
    }

    void stopped(final boolean newStopped) {
        stopped = newStopped;
    }

    boolean isReadOnly() {
        final BlockStore medium = store;
        return !identity.isDisk() || (medium != null && medium.isReadOnly());
    }

    int blockBytes() {
        return identity.blockBytes();
    }

    int sectorsPerBlock() {
        return sectorsPerBlock;
    }

    long blockCount() {
        return blockCount;
    }

    /** Whether a range lies on the medium. Safe for any numbers. */
    boolean contains(final long lba, final long blocks) {
        return lba >= 0
                && blocks >= 0
                && (lba < blockCount || (lba == blockCount && blocks == 0))
                && blocks <= blockCount - lba;
    }

    int maxTransferBlocks() {
        return maxTransferBytes / identity.blockBytes();
    }

    /** The initiator of a number that was given out. */
    Nexus nexus(final int index) {
        final Nexus nexus = nexuses[index];
        if (nexus == null) {
            throw new IllegalStateException("no such nexus: index=" + index);
        }
        return nexus;
    }

    /** The command of an opcode and service action that this unit has; null for none. */
    @Nullable ScsiCommand find(final int opcode, final int serviceAction) {
        final ScsiCommand command = ScsiCommand.find(opcode, serviceAction, identity.isDisk());
        return command == ScsiCommand.UNMAP && !identity.isThin() ? null : command;
    }

    /** Tells every initiator, but one, of a condition before its next command. */
    void attendAll(final int additional, final @Nullable Nexus except) {
        for (final Nexus nexus : nexuses) {
            if (nexus != null && nexus != except) {
                nexus.attend(additional);
            }
        }
    }

    /** Whether some initiator holds the medium in. */
    boolean isRemovalPrevented() {
        for (final Nexus nexus : nexuses) {
            if (nexus != null && nexus.preventsRemoval()) {
                return true;
            }
        }
        return false;
    }
}
