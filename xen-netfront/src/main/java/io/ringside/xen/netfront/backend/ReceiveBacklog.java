package io.ringside.xen.netfront.backend;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;

/**
 * The packets that wait for pages of the frontend, lent by the network meanwhile: bounded in
 * number, in bytes and in the slots that they need.
 *
 * <p>One packet may wait whatever its length, so that a bound never keeps the longest ones out.
 * Threads: one.
 */
final class ReceiveBacklog {
    private final PacketPort port;
    private final NetbackOptions.Backlog bounds;
    private final Packet[] packets;
    private final HashType[] hashTypes;
    private final int[] hashes;
    private final int[] slots;
    private final long[] sinceNanos;
    private int first;
    private int count;
    private int bytes;
    private int slotsNeeded;

    ReceiveBacklog(final PacketPort port, final NetbackOptions.Backlog bounds) {
        this.port = port;
        this.bounds = bounds;
        packets = new Packet[bounds.packets()];
        hashTypes = new HashType[bounds.packets()];
        hashes = new int[bounds.packets()];
        slots = new int[bounds.packets()];
        sinceNanos = new long[bounds.packets()];
    }

    /** How many more packets can wait, if they are short enough. */
    int room() {
        return bytes < bounds.bytes() && slotsNeeded < bounds.slots() ? packets.length - count : 0;
    }

    /** Takes a packet in, or answers false: it stays with whom it came from. */
    boolean add(
            final Packet packet,
            final FrameMetadata hash,
            final int neededSlots,
            final long nowNanos) {
        if (count == packets.length
                || (count != 0
                        && (packet.totalBytes() > bounds.bytes() - bytes
                                || neededSlots > bounds.slots() - slotsNeeded))) {
            return false;
        }
        final int at = index(count);
        packets[at] = packet;
        hashTypes[at] = hash.hashType();
        hashes[at] = hash.hash();
        slots[at] = neededSlots;
        sinceNanos[at] = nowNanos;
        count++;
        bytes += packet.totalBytes();
        slotsNeeded += neededSlots;
        return true;
    }

    private int index(final int place) {
        final int at = first + place;
        return at < packets.length ? at : at - packets.length;
    }

    /** How many packets wait. */
    int count() {
        return count;
    }

    /** The first of them; only if there is one, as for the next four. */
    Packet head() {
        return packets[first];
    }

    /** What its hash was taken over. */
    HashType headHashType() {
        return hashTypes[first];
    }

    /** Its hash. */
    int headHash() {
        return hashes[first];
    }

    /** Since when it waits. */
    long headSinceNanos() {
        return sinceNanos[first];
    }

    /** Gives the first one back to the network. */
    void dropHead() {
        final Packet packet = packets[first];
        bytes -= packet.totalBytes();
        slotsNeeded -= slots[first];
        count--;
        first = index(1);
        port.giveBack(packet);
    }

    /** Gives all of them back; answers how many. */
    int dropAll() {
        final int dropped = count;
        while (count != 0) {
            dropHead();
        }
        return dropped;
    }
}
