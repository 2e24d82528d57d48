package io.ringside.xen.netfront.frontend;

import io.ringside.ringbuf.xen.FrontRing;
import io.ringside.xen.netfront.protocol.CtrlRequest;
import io.ringside.xenbus.grant.GrantQuarantine;

/**
 * What the control ring shares with the backend: its page and its port.
 *
 * <p>Threads: one.
 */
final class ControlShare {
    private final NetfrontServices services;
    private final SharedPage page;
    private final FrontRing ring;
    private final int port;

    /** Takes a page and a port; {@link #isWhole} says whether there were any left. */
    ControlShare(final NetfrontServices services, final int backendDomain) {
        this.services = services;
        page = new SharedPage(services, backendDomain);
        ring = FrontRing.initialise(page.buffer(), CtrlRequest.BYTES);
        port = services.events().allocUnbound(backendDomain);
    }

    boolean isWhole() {
        return page.isGranted() && port > 0;
    }

    int reference() {
        return page.reference();
    }

    FrontRing ring() {
        return ring;
    }

    int port() {
        return port;
    }

    /** Takes both back. */
    void close(final GrantQuarantine quarantine) {
        if (port > 0) {
            services.events().close(port);
        }
        page.close(quarantine);
    }
}
