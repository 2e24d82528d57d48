package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest;

/** Carries out the requests to a VHD image: one piece after the other, where each one lies. */
final class VhdWorker implements StoreWorker, AutoCloseable {
    private final VhdLayer image;
    private final VhdScratch scratch = new VhdScratch(new FileCalls());

    /** Where the request is: the scratch has vectors of its own, for what lies between. */
    private final IoVectors vectors = new IoVectors();

    private final Overwriter overwriter = new Overwriter();

    VhdWorker(final VhdLayer image) {
        this.image = image;
    }

    @Override
    public StoreRequest.Status carryOut(final StoreRequest request) {
        final boolean readOnly = image.file().access() == Access.READ_ONLY;
        return switch (request.operation()) {
            case READ -> read(request);
            case WRITE -> readOnly ? StoreRequest.Status.READ_ONLY : write(request);
            case FLUSH -> outcome(readOnly || image.file().sync(scratch.calls));
            case DISCARD -> readOnly ? StoreRequest.Status.READ_ONLY : discard(request);
            case ERASE -> readOnly ? StoreRequest.Status.READ_ONLY : erase(request);
        };
    }

    private static StoreRequest.Status outcome(final boolean done) {
        return done ? StoreRequest.Status.OK : StoreRequest.Status.ERROR;
    }

    private StoreRequest.Status read(final StoreRequest request) {
        if (!request.fitsIn(image.sectors())) {
            return StoreRequest.Status.ERROR;
        }
        long sector = request.sector();
        final long end = sector + request.sectorCount();
        vectors.start();
        while (sector < end) {
            if (!image.find(scratch, sector, end - sector)) {
                return StoreRequest.Status.ERROR;
            }
            final long lengthBytes = scratch.foundSectors * BlockStore.SECTOR_BYTES;
            final VhdLayer found = scratch.foundIn;
            if (found == null) {
                vectors.clear(request, lengthBytes);
            } else if (!move(request, found.file(), scratch.foundOffset, lengthBytes, false)) {
                return StoreRequest.Status.ERROR;
            }
            sector += scratch.foundSectors;
        }
        return StoreRequest.Status.OK;
    }

    private StoreRequest.Status write(final StoreRequest request) {
        if (!request.fitsIn(image.sectors())) {
            return StoreRequest.Status.ERROR;
        }
        long sector = request.sector();
        final long end = sector + request.sectorCount();
        vectors.start();
        while (sector < end) {
            final long count = Math.min(end - sector, image.sectorsInBlockFrom(sector));
            if (!image.makeWhole(scratch, sector, true)
                    || !move(
                            request,
                            image.file(),
                            image.offsetOf(sector),
                            count * BlockStore.SECTOR_BYTES,
                            true)) {
                return StoreRequest.Status.ERROR;
            }
            sector += count;
        }
        return StoreRequest.Status.OK;
    }

    private boolean move(
            final StoreRequest request,
            final FileBytes file,
            final long offset,
            final long lengthBytes,
            final boolean write) {
        long done = 0;
        while (done < lengthBytes) {
            final int count = vectors.layOut(request, lengthBytes - done);
            final long at = offset + done;
            final long moved =
                    write
                            ? file.write(scratch.calls, vectors, count, at)
                            : file.read(scratch.calls, vectors, count, at);
            if (moved > 0) {
                vectors.moved(request, moved);
                done += moved;
            } else if (moved != -FileCalls.EINTR) {
                file.failed((int) -moved);
                return false;
            }
        }
        return true;
    }

    /**
     * Punches holes into the blocks' data, and leaves the blocks where they are: the storage goes
     * back, the file keeps its length, and no entry changes that a power cut could tear. Where a
     * parent would show through, the block is made whole first, because a sector without a bit is
     * not zero, but the parent's.
     */
    private StoreRequest.Status discard(final StoreRequest request) {
        if (!request.fitsIn(image.sectors())) {
            return StoreRequest.Status.ERROR;
        }
        long sector = request.sector();
        final long end = sector + request.sectorCount();
        while (sector < end) {
            final long inBlock = image.sectorsInBlockFrom(sector);
            final long count = Math.min(end - sector, inBlock);
            if (image.parent() != null || !image.isUnallocated(sector)) {
                final boolean all =
                        !image.isFixed()
                                && count == inBlock
                                && sector == image.firstSectorOf(image.blockOf(sector));
                if (image.parent() != null && !image.makeWhole(scratch, sector, !all)) {
                    return StoreRequest.Status.ERROR;
                }
                final StoreRequest.Status status =
                        image.file()
                                .discard(
                                        scratch.calls,
                                        image.offsetOf(sector),
                                        count * BlockStore.SECTOR_BYTES);
                if (status != StoreRequest.Status.OK) {
                    return status;
                }
            }
            sector += count;
        }
        return StoreRequest.Status.OK;
    }

    /** What a parent holds cannot be overwritten. Blocks that are not there hold nothing. */
    private StoreRequest.Status erase(final StoreRequest request) {
        if (image.parent() != null) {
            return StoreRequest.Status.UNSUPPORTED;
        }
        if (!request.fitsIn(image.sectors())) {
            return StoreRequest.Status.ERROR;
        }
        long sector = request.sector();
        final long end = sector + request.sectorCount();
        while (sector < end) {
            final long count = Math.min(end - sector, image.sectorsInBlockFrom(sector));
            if (!image.isUnallocated(sector)
                    && !overwriter.overwrite(
                            image.file(),
                            scratch.calls,
                            image.offsetOf(sector),
                            count * BlockStore.SECTOR_BYTES)) {
                return StoreRequest.Status.ERROR;
            }
            sector += count;
        }
        if (!image.file().sync(scratch.calls)) {
            return StoreRequest.Status.ERROR;
        }
        final StoreRequest.Status discarded = discard(request);
        return discarded == StoreRequest.Status.UNSUPPORTED ? StoreRequest.Status.OK : discarded;
    }

    @Override
    public void close() {
        scratch.close();
    }
}
