package io.ringside.emulated.ide.backend;

/** FLUSH CACHE, and the end of a write that must be on the medium before it is reported done. */
final class Flush implements Medium.User {
    private final Medium medium;
    private final DriveStatus drive;

    Flush(final Medium medium, final DriveStatus drive) {
        this.medium = medium;
        this.drive = drive;
    }

    void begin() {
        drive.busy();
        medium.flush(this);
    }

    @Override
    public void answered(final boolean ok) {
        if (ok) {
            drive.done();
        } else {
            drive.writeFailed();
        }
    }
}
