package io.ringside.xen.netfront.frontend;

import io.ringside.xen.netfront.protocol.MacAddress;
import io.ringside.xen.netfront.protocol.NetKeys;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xenbus.device.XenbusDevice;

/**
 * What the store says of the card itself: its address, how much a frame carries, and whether there
 * is a link.
 *
 * <p>Threads: one.
 */
final class Card {
    private final XenbusDevice device;
    private final EndedFrames ended;
    private long macAddress;
    private int mtuBytes = NetifLimits.DEFAULT_MTU_BYTES;
    private boolean linkUp;

    /** A card without a link. */
    Card(final XenbusDevice device, final EndedFrames ended) {
        this.device = device;
        this.ended = ended;
        macAddress = Math.max(0, MacAddress.parse(device.ownText(NetKeys.MAC)));
        device.alsoWatch(NetKeys.CARRIER); // If not, it is looked at with the state alone.
    }

    long macAddress() {
        return macAddress;
    }

    int mtuBytes() {
        return mtuBytes;
    }

    boolean isLinkUp() {
        return linkUp;
    }

    /** A connection begins. */
    void agreed(final NetAgreement agreed) {
        macAddress = agreed.macAddress();
        mtuBytes = agreed.mtuBytes();
    }

    /** Looks whether the backend has a link; what makes no sense means that it has. */
    void readCarrier() {
        linkIs(device.readInt(NetKeys.CARRIER, 1, 1) != 0);
    }

    /** Tells the workload, if it is news. */
    void linkIs(final boolean up) {
        if (linkUp != up) {
            linkUp = up;
            ended.linkChanged();
        }
    }
}
