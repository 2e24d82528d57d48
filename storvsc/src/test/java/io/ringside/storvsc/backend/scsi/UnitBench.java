package io.ringside.storvsc.backend.scsi;

import io.ringside.device.host.BlockStore;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.storvsc.protocol.DataDirection;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A target with one unit, its store and a guest's memory; commands are given as bytes. */
final class UnitBench implements AutoCloseable {
    static final int MAX_TRANSFER = 1 << 18;
    static final int DATA_FRAME = 8;
    private static final int POLLS = 100_000;

    final InProcessMemory memory = InProcessMemory.anonymous(256);
    final BlockStore store;
    final LogicalUnit unit;
    final ScsiTarget target;
    private final UnsafeBuffer window = new UnsafeBuffer(0, 0);
    private @Nullable ScsiTask ended;

    UnitBench(final UnitIdentity identity, final BlockStore store) {
        this.store = store;
        this.unit = new LogicalUnit(identity, store, MAX_TRANSFER);
        this.target = new ScsiTarget(memory, task -> ended = task);
        target.add(0, unit);
    }

    /** A disk of 512-byte blocks, past its first attention. */
    static UnitBench disk(final long sectors) {
        final UnitBench bench =
                new UnitBench(
                        UnitIdentity.disk("serial-1", 0x123456789abcdefL),
                        RamStore.zeroed(sectors));
        bench.settle();
        return bench;
    }

    /** Takes every attention that waits. */
    void settle() {
        while (run("03 00 00 00 12 00", 18).data()[2] == 6) {
            // The next one.
        }
    }

    /** How a command ended. */
    @SuppressWarnings("ArrayRecordComponent") // Made once, looked at once.
    record Outcome(
            int status, int key, int additional, int field, int bit, byte[] data, ScsiTask task) {
        String hex() {
            return HexFormat.ofDelimiter(" ").formatHex(data);
        }

        /** Key, detail and place as one text. */
        String sense() {
            final String condition = "%x/%04x".formatted(key, additional);
            return field < 0 ? condition : condition + " @" + field + "." + bit;
        }
    }

    /** Runs a command without data. */
    Outcome run(final String cdb) {
        return run(nexus(), cdb, DataDirection.NONE, 0, new byte[0]);
    }

    /** Runs a command whose answer may have so many bytes. */
    Outcome run(final String cdb, final int roomBytes) {
        return run(nexus(), cdb, DataDirection.TO_GUEST, 0, new byte[roomBytes]);
    }

    /** Runs a command with data for the unit. */
    Outcome run(final String cdb, final byte[] data) {
        return run(nexus(), cdb, DataDirection.TO_UNIT, 0, data);
    }

    Nexus nexus() {
        final Nexus nexus = target.nexus(0);
        if (nexus == null) {
            throw new IllegalStateException("no unit");
        }
        return nexus;
    }

    /** Runs a command with its data at some byte of the guest's pages. */
    Outcome run(
            final Nexus nexus,
            final String cdb,
            final int direction,
            final int byteOffset,
            final byte[] data) {
        final ScsiTask task = start(nexus, cdb, direction, byteOffset, data);
        for (int i = 0; i < POLLS && ended != task; i++) {
            unit.poll(16);
        }
        if (ended != task) {
            throw new IllegalStateException("does not end: cdb=" + cdb);
        }
        return outcome(task, byteOffset);
    }

    private Outcome outcome(final ScsiTask task, final int byteOffset) {
        final byte[] data = new byte[task.transferredBytes()];
        memory.wrap(window, dataAddress() + byteOffset, Math.max(1, data.length));
        window.getBytes(0, data);
        final Outcome outcome =
                new Outcome(
                        task.status(),
                        task.sense().key(),
                        task.sense().additional(),
                        task.sense().field(),
                        task.sense().bit(),
                        data,
                        task);
        task.release();
        return outcome;
    }

    /** Starts a command, which may be on its way afterwards. */
    ScsiTask start(
            final Nexus nexus,
            final String cdb,
            final int direction,
            final int byteOffset,
            final byte[] data) {
        final ScsiTask task = nexus.take();
        if (task == null) {
            throw new IllegalStateException("no task: cdb=" + cdb);
        }
        ended = null;
        final byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(cdb);
        task.cdb().buffer().putBytes(0, bytes);
        task.cdb().length(bytes.length);
        task.direction(direction);
        if (data.length > 0) {
            memory.wrap(window, dataAddress() + byteOffset, data.length);
            window.putBytes(0, data);
            task.data().add(dataAddress() + byteOffset, data.length);
            task.data().seal(data.length);
        }
        unit.start(task);
        return task;
    }

    static long dataAddress() {
        return (long) DATA_FRAME << GuestMemory.PAGE_SHIFT;
    }

    /** Bytes that tell where they lie. */
    static byte[] pattern(final int lengthBytes, final int seed) {
        final byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = (byte) (seed + i * 7 + (i >> 8));
        }
        return bytes;
    }

    /** Bytes of the medium as they are now. */
    byte[] medium(final long offsetBytes, final int lengthBytes) {
        final UnsafeBuffer into = new UnsafeBuffer(new byte[lengthBytes]);
        ((RamStore) store).read(offsetBytes, into, 0, lengthBytes);
        return into.byteArray();
    }

    @Override
    public void close() {
        store.close();
        memory.close();
    }
}
