package io.ringside.device.media;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest;

/** Carries out the requests to a raw image: one call for each, unless the system stops short. */
final class RawImageWorker implements StoreWorker, AutoCloseable {
    private final FileBytes file;
    private final long sectors;
    private final FileCalls calls = new FileCalls();
    private final IoVectors vectors = new IoVectors();
    private final Overwriter overwriter = new Overwriter();

    RawImageWorker(final FileBytes file, final long sectors) {
        this.file = file;
        this.sectors = sectors;
    }

    @Override
    public StoreRequest.Status carryOut(final StoreRequest request) {
        return switch (request.operation()) {
            case READ -> transfer(request, false);
            case WRITE ->
                    file.access() == Access.READ_ONLY
                            ? StoreRequest.Status.READ_ONLY
                            : transfer(request, true);
            case FLUSH ->
                    file.access() == Access.READ_ONLY || file.sync(calls)
                            ? StoreRequest.Status.OK
                            : StoreRequest.Status.ERROR;
            case DISCARD -> discard(request);
            case ERASE -> erase(request);
        };
    }

    private StoreRequest.Status discard(final StoreRequest request) {
        if (file.access() == Access.READ_ONLY) {
            return StoreRequest.Status.READ_ONLY;
        }
        if (!request.fitsIn(sectors)) {
            return StoreRequest.Status.ERROR;
        }
        return file.discard(
                calls,
                request.sector() * BlockStore.SECTOR_BYTES,
                request.sectorCount() * BlockStore.SECTOR_BYTES);
    }

    /** Holes alone would leave the bytes where they are, for whoever reads the disk beneath. */
    private StoreRequest.Status erase(final StoreRequest request) {
        if (file.access() == Access.READ_ONLY) {
            return StoreRequest.Status.READ_ONLY;
        }
        if (!request.fitsIn(sectors)) {
            return StoreRequest.Status.ERROR;
        }
        final boolean overwritten =
                overwriter.overwrite(
                        file,
                        calls,
                        request.sector() * BlockStore.SECTOR_BYTES,
                        request.sectorCount() * BlockStore.SECTOR_BYTES);
        if (!overwritten || !file.sync(calls)) {
            return StoreRequest.Status.ERROR;
        }
        final StoreRequest.Status discarded = discard(request);
        return discarded == StoreRequest.Status.UNSUPPORTED ? StoreRequest.Status.OK : discarded;
    }

    private StoreRequest.Status transfer(final StoreRequest request, final boolean write) {
        if (!request.fitsIn(sectors)) {
            return StoreRequest.Status.ERROR;
        }
        long at = request.sector() * BlockStore.SECTOR_BYTES;
        final long end = at + request.totalBytes();
        vectors.start();
        while (at < end) {
            final int count = vectors.layOut(request);
            final long moved =
                    write
                            ? file.write(calls, vectors, count, at)
                            : file.read(calls, vectors, count, at);
            if (moved > 0) {
                vectors.moved(request, moved);
                at += moved;
            } else if (moved != -FileCalls.EINTR) {
                // Nothing moved and no errno: the file has become shorter than the medium.
                file.failed((int) -moved);
                return StoreRequest.Status.ERROR;
            }
        }
        return StoreRequest.Status.OK;
    }

    @Override
    public void close() {
        calls.close();
    }
}
