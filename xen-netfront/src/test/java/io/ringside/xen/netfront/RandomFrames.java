package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.HashType;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetLimits;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xen.netfront.frontend.Netfront;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends random frames of every kind that the card takes, over a network that brings them back, and
 * holds on to some of what it receives. Each frame tells its own number, and so what it must be.
 */
final class RandomFrames implements NetCompletions {
    private static final int FRAMES = 64;
    private static final int PIECES = 18;
    private static final int NUMBER_AT = 14;
    private static final int MOST_HELD = 40;

    private final TestDomain guest;
    private final Netfront front;
    private final SplittableRandom random;
    private final String seed;
    private final List<NetFrame> free = new ArrayList<>();
    private final List<NetFrame> held = new ArrayList<>();
    private final List<byte[]> heldBytes = new ArrayList<>();
    private final int firstPage;
    private int submitted;
    private int ended;
    private int received;
    private int hashed;
    private int linkChanges;

    RandomFrames(
            final TestDomain guest,
            final Netfront front,
            final SplittableRandom random,
            final String seed) {
        this.guest = guest;
        this.front = front;
        this.random = random;
        this.seed = seed;
        this.firstPage = guest.frames().allocate(FRAMES * PIECES);
        for (int i = 0; i < FRAMES; i++) {
            final NetFrame frame = new NetFrame(PIECES);
            frame.tag(i);
            free.add(frame);
        }
        front.completionsTo(this);
    }

    int submittedCount() {
        return submitted;
    }

    int endedCount() {
        return ended;
    }

    int receivedCount() {
        return received;
    }

    /** How many of these had a hash. */
    int hashedCount() {
        return hashed;
    }

    int linkChangeCount() {
        return linkChanges;
    }

    /** Does something, if the card is ready for it or not. */
    void step() {
        switch (random.nextInt(8)) {
            case 0 -> front.commit();
            case 1 -> {
                if (!held.isEmpty()) {
                    giveBack(random.nextInt(held.size()));
                }
            }
            case 2 -> front.tick();
            default -> {
                for (int i = random.nextInt(12); i > 0 && !free.isEmpty(); i--) {
                    send();
                }
                front.commit();
            }
        }
    }

    private void send() {
        final NetFrame frame = free.getLast().reset();
        final NetLimits limits = front.limits();
        final byte[] bytes = fill(frame, limits);
        final int pieces = limits.maxSegments() == 1 ? 1 : 1 + random.nextInt(PIECES);
        int at = 0;
        for (int i = 0; at < bytes.length; i++) {
            final int left = bytes.length - at;
            final int least = Math.max(1, left - (PIECES - 1 - i) * 4096);
            final int most = Math.min(left, 4096);
            final int length =
                    i + 1 >= pieces ? most : least + random.nextInt(Math.max(1, most - least + 1));
            final long address =
                    TestDomain.address(firstPage + frame.tag() * PIECES + i)
                            + random.nextInt(GuestMemory.PAGE_BYTES - length + 1);
            guest.view(address, length).putBytes(0, bytes, at, length);
            frame.addSegment(address, length);
            at += length;
        }
        if (front.submit(random.nextInt(limits.queues()), frame)) {
            free.removeLast();
            submitted++;
        }
    }

    /** The bytes of a frame, which its number decides, and what is said of them. */
    private byte[] fill(final NetFrame frame, final NetLimits limits) {
        final int kind = random.nextInt(4);
        final boolean pieces = limits.maxSegments() > 1;
        if (kind == 0 && pieces && limits.segmentsTcpIpv4()) {
            frame.metadata().checksumBlank(34, 16);
            frame.metadata().segmentInto(SegmentationType.TCP_IPV4, 1 + random.nextInt(1448));
            return Frames.tcp(4, 1500 + random.nextInt(50_000), true, 1 + random.nextInt(9));
        }
        if (kind == 1 && pieces && limits.segmentsTcpIpv6()) {
            frame.metadata().checksumBlank(54, 16);
            frame.metadata().segmentInto(SegmentationType.TCP_IPV6, 1 + random.nextInt(1428));
            return Frames.tcp(6, 1500 + random.nextInt(50_000), true, 1 + random.nextInt(9));
        }
        if (kind == 2 && limits.checksumIpv6() && random.nextBoolean()) {
            frame.metadata().checksumBlank(54, 16);
            return Frames.tcp(6, random.nextInt(1426), true, 1 + random.nextInt(9));
        }
        if (kind == 2 && limits.checksumIpv4()) {
            frame.metadata().checksumBlank(34, 16);
            return Frames.tcp(4, random.nextInt(1446), true, 1 + random.nextInt(9));
        }
        final int most = Math.min(front.mtuBytes() + 14, limits.maxSegments() * 4096);
        return numbered(18 + random.nextInt(most - 17), random.nextInt(1000));
    }

    private static byte[] numbered(final int lengthBytes, final int number) {
        final byte[] bytes = Workload.pattern(lengthBytes, number);
        new UnsafeBuffer(bytes).putInt(NUMBER_AT, number);
        return bytes;
    }

    @Override
    public void transmitted(final NetFrame frame) {
        assertThat(free).as("%s: ended twice", seed).doesNotContain(frame);
        ended++;
        free.add(frame);
    }

    @Override
    public void received(final int queue, final NetFrame frame) {
        received++;
        hashed += frame.metadata().hashType() == HashType.NONE ? 0 : 1;
        final byte[] bytes = bytes(frame);
        check(bytes);
        held.add(frame);
        heldBytes.add(bytes);
        if (held.size() > MOST_HELD || random.nextInt(3) != 0) {
            giveBack(random.nextInt(held.size()));
        }
    }

    @Override
    public void linkChanged() {
        linkChanges++;
    }

    /** What was received is what somebody sent, be it long ago. */
    private void check(final byte[] bytes) {
        if (bytes[12] != (byte) 0x88) {
            final int version = bytes[12] == 8 ? 4 : 6;
            final int transport = version == 4 ? 34 : 54;
            final int flow = (bytes[transport] << 8 | bytes[transport + 1] & 0xff) - 1024;
            final int payload = bytes.length - transport - 20;
            assertThat(bytes).as(seed).isEqualTo(Frames.tcp(version, payload, true, flow));
        } else {
            final int number = new UnsafeBuffer(bytes).getInt(NUMBER_AT);
            assertThat(bytes).as(seed).isEqualTo(numbered(bytes.length, number));
        }
    }

    private void giveBack(final int index) {
        final NetFrame frame = held.remove(index);
        final byte[] bytes = heldBytes.remove(index);
        assertThat(bytes(frame)).as("%s: while it was held", seed).isEqualTo(bytes);
        front.giveBack(frame);
    }

    /** Gives everything back. */
    void release() {
        while (!held.isEmpty()) {
            giveBack(held.size() - 1);
        }
    }

    private byte[] bytes(final NetFrame frame) {
        final byte[] bytes = new byte[frame.totalBytes()];
        int at = 0;
        for (int i = 0; i < frame.segmentCount(); i++) {
            guest.view(frame.segmentAddress(i), frame.segmentBytes(i))
                    .getBytes(0, bytes, at, frame.segmentBytes(i));
            at += frame.segmentBytes(i);
        }
        return bytes;
    }
}
