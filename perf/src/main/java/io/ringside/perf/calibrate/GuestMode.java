package io.ringside.perf.calibrate;

/** How the processor of a guest is set up. */
enum GuestMode {
    /** As it comes out of reset: 16 bits, no paging. */
    REAL("real mode"),

    /**
     * 64 bits with paging, at privilege level 3, where ports may be used (IOPL 3). A monitor that
     * has no hardware to run privileged code must still run this one directly.
     */
    USER_64("64-bit user mode");

    private final String text;

    GuestMode(final String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
