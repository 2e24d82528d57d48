package io.ringside.netvsc;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.FrameHeaders;
import io.ringside.device.frame.InternetChecksum;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.device.guest.NetStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.frontend.Netvsc;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Random frames that a guest sends to itself: each has a number, by which it is known when it comes
 * back, whole or in segments, and then every byte is compared.
 */
final class Traffic implements NetCompletions {
    static final int SLOTS = 24;
    static final int SLOT_PAGES = 18;
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int TCP = 20;
    private static final int UDP = 8;

    /** What is still expected of one frame. */
    private static final class Expected {
        private final byte[] bytes;
        private final int headerBytes; // Not compared where frames are cut.
        private final int vlanTag;
        private final boolean isCut;
        private final int sumAt; // Where a sum is that may be done meanwhile; or 0.
        private int leftBytes;

        Expected(
                final byte[] bytes,
                final int headerBytes,
                final int vlanTag,
                final boolean isCut,
                final int sumAt) {
            this.bytes = bytes;
            this.headerBytes = headerBytes;
            this.vlanTag = vlanTag;
            this.isCut = isCut;
            this.sumAt = sumAt;
            this.leftBytes = bytes.length - (isCut ? headerBytes : 0);
        }
    }

    private final NetBench bench;
    private final Netvsc guest;
    private final SplittableRandom random;
    private final List<NetFrame> free = new ArrayList<>();
    private final List<NetFrame> held = new ArrayList<>();
    private final Map<Integer, Expected> expected = new HashMap<>();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final FrameHeaders headers = new FrameHeaders();
    final List<String> faults = new ArrayList<>();
    int sent;
    int ended;
    int gone;
    int cut;
    int mostHeld;

    Traffic(final NetBench bench, final Netvsc guest, final SplittableRandom random) {
        this.bench = bench;
        this.guest = guest;
        this.random = random;
        for (int i = 0; i < SLOTS; i++) {
            final NetFrame frame = new NetFrame(SLOT_PAGES);
            frame.tag(i);
            free.add(frame);
        }
        guest.completionsTo(this);
    }

    int expectedFrames() {
        return expected.size();
    }

    /** What has not come back, in words. */
    String missing() {
        final StringBuilder words = new StringBuilder();
        expected.forEach((number, frame) ->
                words.append(number)
                        .append(":")
                        .append(frame.bytes.length)
                        .append(frame.isCut ? " cut" : " whole")
                        .append(frame.sumAt != 0 ? " blank" : "")
                        .append(" type ")
                        .append(frame.bytes[12])
                        .append(" left ")
                        .append(frame.leftBytes)
                        .append("; "));
        return words.toString();
    }

    int heldFrames() {
        return held.size();
    }

    int underWay() {
        return SLOTS - free.size();
    }

    /** Submits one frame of any kind; false if there is no room. */
    boolean send() {
        if (free.isEmpty()) {
            return false;
        }
        final NetFrame frame = free.removeLast().reset();
        final int number = sent + 1;
        final Expected kind = fill(frame, number, guest.limits());
        final int queue = random.nextInt(guest.limits().queues());
        if (!guest.submit(queue, frame)) {
            free.add(frame);
            return false;
        }
        sent++;
        expected.put(number, kind);
        return true;
    }

    private Expected fill(final NetFrame frame, final int number, final NetLimits limits) {
        final int vlan = limits.vlanTags() && random.nextInt(4) == 0 ? random.nextInt(1 << 16) : -1;
        if (vlan >= 0) {
            frame.metadata().vlanTag(vlan);
        }
        return switch (random.nextInt(5)) {
            case 0 -> tcp(frame, number, vlan, false, limits);
            case 1 -> tcp(frame, number, vlan, true, limits);
            case 2 -> udp(frame, number, vlan, limits);
            default -> plain(frame, number, vlan);
        };
    }

    private byte[] start(final int lengthBytes, final int etherType) {
        final byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (guest.macAddress() >>> 8 * (5 - i));
            bytes[6 + i] = (byte) (i == 0 ? 2 : 7);
        }
        new UnsafeBuffer(bytes).putShort(12, (short) etherType, ByteOrder.BIG_ENDIAN);
        return bytes;
    }

    private Expected plain(final NetFrame frame, final int number, final int vlan) {
        final int most = guest.mtuBytes() + ETHERNET;
        final int lengthBytes =
                random.nextInt(3) == 0 ? 18 + random.nextInt(100) : 18 + random.nextInt(most - 17);
        final byte[] bytes = start(lengthBytes, 0x88B5);
        new UnsafeBuffer(bytes).putInt(ETHERNET, number);
        scatter(frame, bytes);
        return new Expected(bytes, 0, vlan, false, 0);
    }

    private Expected udp(
            final NetFrame frame, final int number, final int vlan, final NetLimits limits) {
        final int head = ETHERNET + IPV4 + UDP;
        final byte[] bytes = start(head + 4 + random.nextInt(guest.mtuBytes() - 40), 0x0800);
        final UnsafeBuffer edit = new UnsafeBuffer(bytes);
        ipv4(edit, bytes.length - ETHERNET, 17);
        edit.putShort(ETHERNET + IPV4 + 4, (short) (bytes.length - 34), ByteOrder.BIG_ENDIAN);
        edit.putInt(head, number);
        final boolean isBlank = limits.checksumIpv4() && random.nextBoolean();
        sum(edit, ETHERNET + IPV4, bytes.length, 6, isBlank, false);
        if (isBlank) {
            frame.metadata().checksumBlank(ETHERNET + IPV4, 6);
        }
        scatter(frame, bytes);
        return new Expected(bytes, 0, vlan, false, isBlank ? ETHERNET + IPV4 + 6 : 0);
    }

    private Expected tcp(
            final NetFrame frame,
            final int number,
            final int vlan,
            final boolean isIpv6,
            final NetLimits limits) {
        final int transport = ETHERNET + (isIpv6 ? IPV6 : IPV4);
        final int head = transport + TCP;
        final boolean cuts =
                (isIpv6 ? limits.segmentsTcpIpv6() : limits.segmentsTcpIpv4())
                        && random.nextBoolean();
        final boolean sums = isIpv6 ? limits.checksumIpv6() : limits.checksumIpv4();
        final int mtu = guest.mtuBytes();
        final int most = cuts ? Math.min(limits.maxFrameBytes(), 60_000) - head : mtu - 60;
        final byte[] bytes = start(head + 1 + random.nextInt(most - 1), isIpv6 ? 0x86DD : 0x0800);
        final UnsafeBuffer edit = new UnsafeBuffer(bytes);
        if (isIpv6) {
            edit.putByte(ETHERNET, (byte) 0x60);
            edit.putShort(ETHERNET + 4, (short) (bytes.length - transport), ByteOrder.BIG_ENDIAN);
            edit.putByte(ETHERNET + 6, (byte) 6);
        } else {
            ipv4(edit, bytes.length - ETHERNET, 6);
        }
        edit.putInt(transport + 4, number << 16, ByteOrder.BIG_ENDIAN);
        edit.putByte(transport + 12, (byte) 0x50);
        edit.putByte(transport + 13, (byte) 0x10);
        final boolean isBlank = cuts || sums && random.nextBoolean();
        sum(edit, transport, bytes.length, 16, isBlank, isIpv6);
        if (isBlank) {
            frame.metadata().checksumBlank(transport, 16);
        }
        if (cuts) {
            cut++;
            final int mss = 500 + random.nextInt(Math.min(mtu, 1500) - 600);
            frame.metadata()
                    .segmentInto(
                            isIpv6 ? SegmentationType.TCP_IPV6 : SegmentationType.TCP_IPV4, mss);
        }
        scatter(frame, bytes);
        return new Expected(bytes, head, vlan, cuts, isBlank ? transport + 16 : 0);
    }

    private static void ipv4(final UnsafeBuffer edit, final int lengthBytes, final int protocol) {
        edit.putByte(ETHERNET, (byte) 0x45);
        edit.putShort(ETHERNET + 2, (short) lengthBytes, ByteOrder.BIG_ENDIAN);
        edit.putShort(ETHERNET + 6, (short) 0);
        edit.putByte(ETHERNET + 9, (byte) protocol);
        edit.putShort(ETHERNET + 10, (short) 0);
        final int sum = InternetChecksum.finish(InternetChecksum.add(0, edit, ETHERNET, IPV4));
        edit.putShort(ETHERNET + 10, (short) sum, ByteOrder.BIG_ENDIAN);
    }

    private static void sum(
            final UnsafeBuffer edit,
            final int transport,
            final int frameBytes,
            final int field,
            final boolean isBlank,
            final boolean isIpv6) {
        final int length = frameBytes - transport;
        int sum = InternetChecksum.add(0, edit, ETHERNET + (isIpv6 ? 8 : 12), isIpv6 ? 32 : 8);
        sum = InternetChecksum.addWord(sum, field == 16 ? 6 : 17);
        sum = InternetChecksum.addWord(sum, length);
        edit.putShort(transport + field, (short) sum, ByteOrder.BIG_ENDIAN);
        if (!isBlank) {
            final int done =
                    InternetChecksum.finish(InternetChecksum.add(0, edit, transport, length));
            final int told = done == 0 ? 0xffff : done;
            edit.putShort(transport + field, (short) told, ByteOrder.BIG_ENDIAN);
        }
    }

    /** Lays a frame in up to 18 pieces, each somewhere in a page of its own. */
    private void scatter(final NetFrame frame, final byte[] bytes) {
        int at = 0;
        int page = bench.firstDataFrame + frame.tag() * SLOT_PAGES;
        while (at < bytes.length) {
            final int left = bytes.length - at;
            final int piecesLeft = bench.firstDataFrame + (frame.tag() + 1) * SLOT_PAGES - page;
            final int least = Math.max(1, left - (piecesLeft - 1) * GuestMemory.PAGE_BYTES);
            final int most = Math.min(left, GuestMemory.PAGE_BYTES);
            final int length =
                    random.nextInt(3) == 0 ? least + random.nextInt(most - least + 1) : most;
            final int offset = random.nextInt(GuestMemory.PAGE_BYTES - length + 1);
            final long address = ((long) page << GuestMemory.PAGE_SHIFT) + offset;
            bench.memory.wrap(view, address, length);
            view.putBytes(0, bytes, at, length);
            frame.addSegment(address, length);
            at += length;
            page++;
        }
    }

    @Override
    public void transmitted(final NetFrame frame) {
        ended++;
        gone += frame.status() == NetStatus.GONE ? 1 : 0;
        if (frame.status() == NetStatus.ERROR || free.contains(frame)) {
            faults.add("ended badly: tag=" + frame.tag() + " status=" + frame.status());
        }
        free.add(frame);
    }

    @Override
    public void received(final int queue, final NetFrame frame) {
        held.add(frame);
        mostHeld = Math.max(mostHeld, held.size());
        final byte[] bytes = new byte[frame.totalBytes()];
        int at = 0;
        for (int i = 0; i < frame.segmentCount(); i++) {
            bench.memory.wrap(view, frame.segmentAddress(i), frame.segmentBytes(i));
            view.getBytes(0, bytes, at, frame.segmentBytes(i));
            at += frame.segmentBytes(i);
        }
        check(frame, bytes);
    }

    private void check(final NetFrame frame, final byte[] bytes) {
        final UnsafeBuffer came = new UnsafeBuffer(bytes);
        headers.read(came, 0, bytes.length);
        final boolean isTcp = headers.hasTransport() && headers.protocol() == 6;
        final int at = headers.hasTransport() ? headers.transportOffset() : 0;
        final int sequence = isTcp ? came.getInt(at + 4, ByteOrder.BIG_ENDIAN) : 0;
        final int number = isTcp ? sequence >>> 16 : came.getInt(at == 0 ? ETHERNET : at + UDP);
        final Expected wanted = expected.get(number);
        if (wanted == null) {
            faults.add("nobody sent: number=" + number + " bytes=" + bytes.length);
            return;
        }
        final int vlan = frame.metadata().hasVlanTag() ? frame.metadata().vlanTag() : -1;
        if (vlan != wanted.vlanTag) {
            faults.add("number=" + number + " vlan=" + vlan + " sent=" + wanted.vlanTag);
        }
        if (wanted.isCut) {
            checkPayload(number, wanted, bytes, at + TCP, sequence & 0xffff);
        } else {
            checkWhole(number, wanted, bytes);
        }
        if (wanted.sumAt != 0 && frame.metadata().checksum() == ChecksumState.BLANK) {
            faults.add("number=" + number + " came with a blank sum");
        }
        if (wanted.leftBytes == 0) {
            expected.remove(number);
        }
    }

    private void checkWhole(final int number, final Expected wanted, final byte[] bytes) {
        if (bytes.length != wanted.bytes.length) {
            faults.add(
                    "number=" + number + " bytes=" + bytes.length + " sent=" + wanted.bytes.length);
        }
        for (int i = 0; i < Math.min(bytes.length, wanted.bytes.length); i++) {
            final boolean isSum =
                    wanted.sumAt != 0 && i - wanted.sumAt >= 0 && i - wanted.sumAt < 2;
            if (!isSum && bytes[i] != wanted.bytes[i]) {
                faults.add("number=" + number + " differs at " + i);
                break;
            }
        }
        wanted.leftBytes = 0;
    }

    private void checkPayload(
            final int number,
            final Expected wanted,
            final byte[] bytes,
            final int headerBytes,
            final int offset) {
        for (int i = headerBytes; i < bytes.length; i++) {
            final int from = wanted.headerBytes + offset + i - headerBytes;
            if (from >= wanted.bytes.length || bytes[i] != wanted.bytes[from]) {
                faults.add("number=" + number + " payload differs at " + from);
                break;
            }
        }
        wanted.leftBytes -= bytes.length - headerBytes;
        if (wanted.leftBytes < 0) {
            faults.add("number=" + number + " came twice");
        }
    }

    /** Gives one of the frames back that are held, any of them. */
    void giveOneBack() {
        if (!held.isEmpty()) {
            guest.giveBack(held.remove(random.nextInt(held.size())));
        }
    }

    @Override
    public void linkChanged() {}
}
