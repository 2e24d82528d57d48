package io.ringside.emulated.ide.frontend;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;

/** Walks the segments of a request and moves them through the data port, a block at a time. */
final class PioCursor {
    private final IdeRegisters registers;
    private int segment;
    private int offsetBytes;
    private int leftBytes;

    PioCursor(final IdeRegisters registers) {
        this.registers = registers;
    }

    void start(final BlockRequest request) {
        segment = 0;
        offsetBytes = 0;
        leftBytes = request.totalBytes();
    }

    /** Whether every byte has been moved. */
    boolean isDone() {
        return leftBytes == 0;
    }

    /** Moves the next block, or what is left: one string instruction for each piece of memory. */
    void moveBlock(final BlockRequest request, final Drive drive) {
        int blockLeftBytes = Math.min(drive.blockBytes(), leftBytes);
        leftBytes -= blockLeftBytes;
        while (blockLeftBytes > 0) {
            final int lengthBytes =
                    Math.min(request.segmentBytes(segment) - offsetBytes, blockLeftBytes);
            final long address = request.segmentAddress(segment) + offsetBytes;
            if (request.operation() == BlockOperation.WRITE) {
                registers.writeData(address, lengthBytes);
            } else {
                registers.readData(address, lengthBytes);
            }
            blockLeftBytes -= lengthBytes;
            offsetBytes += lengthBytes;
            if (offsetBytes == request.segmentBytes(segment)) {
                segment++;
                offsetBytes = 0;
            }
        }
    }
}
