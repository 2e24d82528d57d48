package io.ringside.emulated.ide.frontend;

import io.ringside.device.guest.BlockLimits;
import io.ringside.device.guest.BlockRequest;
import io.ringside.emulated.ide.protocol.Addressing;
import io.ringside.emulated.ide.protocol.AtaCommand;
import io.ringside.emulated.ide.protocol.Geometry;

/**
 * A drive that was found and set up.
 *
 * @param model what it calls itself
 * @param addressing the newest form of addresses that it takes
 * @param geometry what CHS addresses are made of
 * @param blockSectors sectors in one PIO block
 * @param flushCommand FLUSH CACHE in the form that it knows, or {@link AtaCommand#NONE}
 * @param limits what a workload may ask of it
 */
record Drive(
        String model,
        Addressing addressing,
        Geometry geometry,
        int blockSectors,
        int flushCommand,
        BlockLimits limits) {
    /** Bytes of one PIO block. */
    int blockBytes() {
        return blockSectors * BlockRequest.SECTOR_BYTES;
    }
}
