package io.ringside.xen.netfront.frontend;

import io.ringside.xen.netfront.protocol.NetKeys;
import io.ringside.xen.netfront.protocol.NetifLimits;
import io.ringside.xenbus.device.XenbusDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an earlier connection has told that the next one does not tell. */
final class StaleKeys {
    private StaleKeys() {}

    /** The keys that may be left and are not among the new ones. */
    static List<String> beside(final XenbusDevice device, final Map<String, String> keys) {
        final List<String> stale = new ArrayList<>();
        if (device.ownText(NetKeys.REQUEST_RX_COPY) == null) {
            return stale; // There was none.
        }
        for (int i = 0; i < NetifLimits.QUEUES; i++) {
            stale.add(NetKeys.queue(i));
        }
        stale.add(NetKeys.TX_RING_REF);
        stale.add(NetKeys.RX_RING_REF);
        stale.add(NetKeys.EVENT_CHANNEL);
        stale.add(NetKeys.EVENT_CHANNEL_TX);
        stale.add(NetKeys.EVENT_CHANNEL_RX);
        stale.add(NetKeys.NUM_QUEUES);
        stale.add(NetKeys.CTRL_RING_REF);
        stale.add(NetKeys.EVENT_CHANNEL_CTRL);
        stale.add(NetKeys.XDP_HEADROOM);
        stale.removeAll(keys.keySet());
        return stale;
    }
}
