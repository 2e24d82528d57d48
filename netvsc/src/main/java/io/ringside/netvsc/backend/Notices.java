package io.ringside.netvsc.backend;

import io.ringside.netvsc.protocol.NvspCapability;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.RndisStatus;
import io.ringside.netvsc.protocol.SendIndirectionTable;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a guest is told unasked: that the link came or went, and over which channels it should
 * spread what it sends.
 *
 * <p>Each is told once there is room, and then as it is by then. Threads: one.
 */
final class Notices {
    private final Adapter adapter;
    private final RndisRequests requests;
    private final NetvspCounters counters;
    private final UnsafeBuffer table = new UnsafeBuffer(new byte[SendIndirectionTable.BYTES]);
    private final SendIndirectionTable entries = new SendIndirectionTable();
    private boolean knowsLink;
    private boolean toldLinkUp;
    private boolean owesSpeed;
    private boolean owesTable;

    Notices(final Adapter adapter, final RndisRequests requests, final NetvspCounters counters) {
        this.adapter = adapter;
        this.requests = requests;
        this.counters = counters;
        new NvspMessage()
                .wrap(table, 0)
                .putSendIndirectionTable(
                        SendIndirectionTable.ENTRIES, SendIndirectionTable.USUAL_OFFSET);
        entries.wrap(table, SendIndirectionTable.USUAL_OFFSET);
    }

    /** Nothing is owed to a guest that is gone. */
    void forget() {
        knowsLink = false;
        owesSpeed = false;
        owesTable = false;
    }

    /** The guest has opened or closed a sub-channel. */
    void channelsChanged() {
        owesTable = true;
    }

    /** Tells what has changed; how much. */
    int tell(final NvspStage.Agreed agreed, final List<NetvspQueue> queues) {
        int told = tellLink(agreed);
        if (owesTable && agreed.version().hasSubChannels() && queues.getFirst().rings() != null) {
            fillTable(queues);
            if (queues.getFirst().tell(table, SendIndirectionTable.BYTES)) {
                owesTable = false;
                told++;
            }
        }
        counters.indications += told;
        return told;
    }

    /** What the link is at first, the guest asks by itself. */
    private int tellLink(final NvspStage.Agreed agreed) {
        final boolean up = adapter.isLinkUp();
        if (!adapter.isInitialised()) {
            knowsLink = false;
            return 0;
        }
        if (!knowsLink) {
            knowsLink = true;
            toldLinkUp = up;
        }
        int told = 0;
        if (up != toldLinkUp
                && requests.tell(up ? RndisStatus.MEDIA_CONNECT : RndisStatus.MEDIA_DISCONNECT)) {
            toldLinkUp = up;
            owesSpeed =
                    up
                            && agreed.version().isAtLeast(NvspVersion.V5)
                            && agreed.can(NvspCapability.TEAMING);
            told++;
        }
        if (owesSpeed
                && requests.tell(RndisStatus.LINK_SPEED_CHANGE, adapter.options().linkSpeed())) {
            owesSpeed = false;
            told++;
        }
        return told;
    }

    /** Every channel that is open in turn. */
    private void fillTable(final List<NetvspQueue> queues) {
        int at = 0;
        for (int entry = 0; entry < SendIndirectionTable.ENTRIES; entry++) {
            while (queues.get(at).rings() == null) { // The first one is open.
                at = (at + 1) % queues.size();
            }
            entries.put(entry, queues.get(at).index());
            at = (at + 1) % queues.size();
        }
    }
}
