package io.ringside.xen.netfront.frontend;

import io.ringside.ringbuf.xen.FrontRing;
import io.ringside.xen.netfront.protocol.RxRequest;
import io.ringside.xen.netfront.protocol.TxRequest;
import io.ringside.xenbus.grant.GrantQuarantine;

/**
 * What one queue shares with the backend for as long as a connection lasts: two rings of a page
 * each, and a port for both or for each.
 *
 * <p>Threads: one.
 */
final class QueueShare {
    private final NetfrontServices services;
    private final SharedPage transmitPage;
    private final SharedPage receivePage;
    private final FrontRing transmitRing;
    private final FrontRing receiveRing;
    private final int transmitPort;
    private final int receivePort;

    /** Takes pages and ports; {@link #isWhole} says whether there were any left. */
    QueueShare(final NetfrontServices services, final int backendDomain, final boolean split) {
        this.services = services;
        transmitPage = new SharedPage(services, backendDomain);
        receivePage = new SharedPage(services, backendDomain);
        transmitRing = FrontRing.initialise(transmitPage.buffer(), TxRequest.BYTES);
        receiveRing = FrontRing.initialise(receivePage.buffer(), RxRequest.BYTES);
        transmitPort = services.events().allocUnbound(backendDomain);
        receivePort = split ? services.events().allocUnbound(backendDomain) : transmitPort;
    }

    boolean isWhole() {
        return transmitPage.isGranted()
                && receivePage.isGranted()
                && transmitPort > 0
                && receivePort > 0;
    }

    int transmitReference() {
        return transmitPage.reference();
    }

    int receiveReference() {
        return receivePage.reference();
    }

    FrontRing transmitRing() {
        return transmitRing;
    }

    FrontRing receiveRing() {
        return receiveRing;
    }

    int transmitPort() {
        return transmitPort;
    }

    int receivePort() {
        return receivePort;
    }

    /** Whether each ring has a port of its own. */
    boolean isSplit() {
        return transmitPort != receivePort;
    }

    /** Takes all of it back; a page that the backend has mapped goes to its quarantine. */
    void close(final GrantQuarantine quarantine) {
        if (transmitPort > 0) {
            services.events().close(transmitPort);
        }
        if (isSplit() && receivePort > 0) {
            services.events().close(receivePort);
        }
        transmitPage.close(quarantine);
        receivePage.close(quarantine);
    }
}
