package io.ringside.netvsc.frontend;

import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.netvsc.protocol.SendIndirectionTable;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How the host wants what is sent spread over the channels: by a hash, or the channels in turn
 * while it has said nothing.
 *
 * <p>Peer's faults: a channel that is not open stands for one that is. Threads: one.
 */
final class SendSpread {
    private static final int ENTRIES = SendIndirectionTable.ENTRIES;

    private final int[] channels = new int[ENTRIES];
    private final SendIndirectionTable table = new SendIndirectionTable();

    SendSpread() {
        for (int i = 0; i < ENTRIES; i++) {
            channels[i] = i;
        }
    }

    /** Takes a table; false, and then nothing has changed, if it cannot be. */
    boolean take(
            final NvspMessage message,
            final UnsafeBuffer bytes,
            final int lengthBytes,
            final NvspVersion version) {
        final int offset = SendIndirectionTable.offset(message, lengthBytes, version);
        if (!version.hasSubChannels() || offset == SendIndirectionTable.NO_TABLE) {
            return false;
        }
        table.wrap(bytes, offset);
        for (int i = 0; i < ENTRIES; i++) {
            channels[i] = (int) Math.min(table.channel(i), Integer.MAX_VALUE);
        }
        return true;
    }

    int queueFor(final int hash, final int openChannels) {
        return channels[hash & (ENTRIES - 1)] % openChannels;
    }
}
