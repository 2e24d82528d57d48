package io.ringside.emulated.ide.backend;

/** READ VERIFY: reads into the drive's buffer, one buffer at a time, and shows nobody. */
final class Verify implements Medium.User {
    private final Medium medium;
    private final DriveStatus drive;
    private long sector;
    private int sectorsLeft;

    Verify(final Medium medium, final DriveStatus drive) {
        this.medium = medium;
        this.drive = drive;
    }

    void begin(final long firstSector, final int sectors) {
        sector = firstSector;
        sectorsLeft = sectors;
        drive.busy();
        next();
    }

    private void next() {
        final int sectors = Math.min(sectorsLeft, Medium.BUFFER_SECTORS);
        medium.readToBuffer(this, sector, sectors);
        sector += sectors;
        sectorsLeft -= sectors;
    }

    @Override
    public void answered(final boolean ok) {
        if (!ok) {
            drive.readFailed();
        } else if (sectorsLeft > 0) {
            next();
        } else {
            drive.done();
        }
    }
}
