package io.ringside.netvsc.backend;

import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisPacket;
import org.agrona.concurrent.UnsafeBuffer;

/** The memory of a scripted guest: receive buffer, send buffer, and pages for whatever it likes. */
final class GuestBuffers {
    static final int RECEIVE_PAGES = 64;
    static final int SEND_PAGES = 48;
    static final int SCRATCH_PAGES = 18;
    static final int SECTION_BYTES = 6144;

    final int[] receiveFrames;
    final int[] sendFrames;
    final int scratchFrame;
    private final VspBench bench;

    GuestBuffers(final VspBench bench) {
        this.bench = bench;
        receiveFrames = allocate(RECEIVE_PAGES);
        sendFrames = allocate(SEND_PAGES);
        scratchFrame = allocate(SCRATCH_PAGES)[0];
    }

    /** Frames in a row. */
    private int[] allocate(final int count) {
        final int first = bench.frames.allocate(count);
        final int[] taken = new int[count];
        for (int i = 0; i < count; i++) {
            taken[i] = first + i;
        }
        return taken;
    }

    /** The scratch pages, in a row. */
    UnsafeBuffer scratch() {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        bench.memory.wrap(
                view,
                (long) scratchFrame << GuestMemory.PAGE_SHIFT,
                SCRATCH_PAGES * GuestMemory.PAGE_BYTES);
        return view;
    }

    /** The send buffer. */
    UnsafeBuffer sections() {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        bench.memory.wrap(
                view,
                (long) sendFrames[0] << GuestMemory.PAGE_SHIFT,
                SEND_PAGES * GuestMemory.PAGE_BYTES);
        return view;
    }

    /** The receive buffer. */
    UnsafeBuffer receiveMemory() {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        bench.memory.wrap(
                view,
                (long) receiveFrames[0] << GuestMemory.PAGE_SHIFT,
                RECEIVE_PAGES * GuestMemory.PAGE_BYTES);
        return view;
    }

    /** Lays one frame with its records (type, value) down, and returns the offset behind it. */
    static int putFrame(
            final UnsafeBuffer target, final int at, final byte[] frame, final int... records) {
        final int infoBytes = records.length / 2 * PerPacketInfo.RECORD_BYTES;
        final int length = RndisPacket.HEADER_BYTES + infoBytes + frame.length;
        final int padded = length + 7 & ~7;
        RndisPacket.put(target, at, infoBytes, frame.length, padded);
        int info = at + RndisPacket.HEADER_BYTES;
        for (int i = 0; i < records.length; i += 2) {
            info = PerPacketInfo.put(target, info, records[i], records[i + 1]);
        }
        target.putBytes(info, frame);
        return at + padded;
    }

    /** Gives all memory back. */
    void free() {
        for (int i = 0; i < RECEIVE_PAGES; i++) {
            bench.frames.free(receiveFrames[i]);
        }
        for (int i = 0; i < SEND_PAGES; i++) {
            bench.frames.free(sendFrames[i]);
        }
        for (int i = 0; i < SCRATCH_PAGES; i++) {
            bench.frames.free(scratchFrame + i);
        }
    }
}
