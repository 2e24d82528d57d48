package io.ringside.emulated.nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetCompletions;
import io.ringside.device.guest.NetDevice;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import io.ringside.device.net.LearningSwitch;
import io.ringside.device.net.LoopbackPort;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.testkit.Seed;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What any emulated card and its driver do together. */
public abstract class NicContract {
    private static final int SHORTEST = 60;
    private static final int LONGEST = 1514;
    private static final long A_WHILE_NANOS = 60_000_000_000L;
    private static final long OTHER = 0x00163E445566L;

    /** The card that is tried. */
    protected abstract NicMachine.Kind kind();

    /** A machine on a network on which everything comes back. */
    protected NicMachine looped() {
        final NicMachine machine = new NicMachine(kind(), new LoopbackPort(256, 2048));
        machine.settle();
        assertThat(machine.device().isReady()).isTrue();
        return machine;
    }

    /** A frame of random bytes to a station. */
    protected static byte[] frameTo(final long station, final int lengthBytes, final long seed) {
        final byte[] bytes = new byte[lengthBytes];
        new SplittableRandom(seed).nextBytes(bytes);
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (station >>> 8 * (5 - i));
            bytes[6 + i] = (byte) (OTHER >>> 8 * (5 - i));
        }
        bytes[12] = 0x08;
        bytes[13] = 0x00;
        return bytes;
    }

    @Test
    void readsTheStationAddressFromTheCard() {
        try (NicMachine machine = looped()) {
            assertThat(machine.device().macAddress()).isEqualTo(NicMachine.STATION);
            assertThat(machine.device().isLinkUp()).isTrue();
            assertThat(machine.device().mtuBytes()).isEqualTo(1500);
        }
    }

    @Test
    void carriesFramesOfEveryLengthBothWays() {
        try (NicMachine machine = looped()) {
            for (int length = 14; length <= LONGEST; length += 7) {
                final byte[] bytes = frameTo(NicMachine.STATION, length, length);
                final int before = machine.frames().usedCount();
                final NetFrame frame = machine.frame(bytes);
                machine.send(frame);
                assertThat(frame.status()).as("length %d", length).isEqualTo(NetStatus.OK);
                machine.frames().free((int) (frame.segmentAddress(0) >>> GuestMemory.PAGE_SHIFT));
                assertThat(machine.frames().usedCount()).isEqualTo(before);
                final byte[] arrived = machine.received().getLast();
                assertThat(arrived)
                        .as("length %d", length)
                        .isEqualTo(Arrays.copyOf(bytes, Math.max(length, SHORTEST)));
            }
            assertThat(machine.received()).hasSize(machine.transmitted().size());
        }
    }

    @Test
    void joinsScatteredFramesAndKeepsTheirOrder() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        try (NicMachine machine = looped()) {
            for (int round = 0; round < 200; round++) {
                final int count = 1 + random.nextInt(NicMachine.TRANSMIT_DEPTH);
                final NetFrame[] wanted = new NetFrame[count];
                final byte[][] contents = new byte[count][];
                for (int i = 0; i < count; i++) {
                    contents[i] =
                            frameTo(
                                    NicMachine.STATION,
                                    SHORTEST + random.nextInt(LONGEST - SHORTEST + 1),
                                    random.nextLong());
                    wanted[i] = cut(machine.frame(contents[i]), random);
                }
                final int before = machine.received().size();
                machine.send(wanted);
                assertThat(machine.transmitted().subList(before, before + count))
                        .as(seed.toString())
                        .containsExactly(wanted);
                for (int i = 0; i < count; i++) {
                    assertThat(machine.received().get(before + i))
                            .as(seed.toString())
                            .isEqualTo(contents[i]);
                    machine.frames()
                            .free((int) (wanted[i].segmentAddress(0) >>> GuestMemory.PAGE_SHIFT));
                }
            }
        }
    }

    private static NetFrame cut(final NetFrame whole, final SplittableRandom random) {
        final NetFrame pieces = new NetFrame(18);
        long at = whole.segmentAddress(0);
        int left = whole.totalBytes();
        while (left > 0) {
            final int piece = pieces.segmentCount() == 17 ? left : 1 + random.nextInt(left);
            pieces.addSegment(at, piece);
            at += piece;
            left -= piece;
        }
        return pieces;
    }

    @Test
    void hearsBroadcastsAndItsOwnAddressOnly() {
        try (NicMachine machine = looped()) {
            machine.send(machine.frame(frameTo(OTHER, 100, 1)));
            assertThat(machine.received()).isEmpty();
            machine.send(machine.frame(frameTo(0xFFFF_FFFF_FFFFL, 100, 2)));
            machine.send(machine.frame(frameTo(NicMachine.STATION, 100, 3)));
            machine.send(machine.frame(frameTo(0x0100_5E00_0001L, 100, 4)));
            assertThat(machine.received()).hasSize(2);
        }
    }

    @Test
    void dropsWhatTheWorkloadHasNoMemoryForAndGoesOnAfterwards() {
        try (NicMachine machine = looped()) {
            machine.givesBack(false);
            final byte[] bytes = frameTo(NicMachine.STATION, LONGEST, 1);
            final NetFrame frame = machine.frame(bytes);
            for (int i = 0; i < 300; i++) {
                machine.send(frame);
            }
            assertThat(machine.held()).hasSizeBetween(NicMachine.RECEIVE_DEPTH, 299);
            machine.givesBack(true);
            machine.held().forEach(machine.device()::giveBack);
            machine.held().clear();
            machine.device().commit();
            machine.settle();
            final int after = machine.received().size();
            assertThat(after).isGreaterThanOrEqualTo(NicMachine.RECEIVE_DEPTH).isLessThan(300);
            machine.send(machine.frame(frameTo(NicMachine.STATION, 77, 9)));
            assertThat(machine.received()).hasSize(after + 1);
            assertThat(machine.received()).allSatisfy(b -> assertThat(b.length).isNotZero());
        }
    }

    @Test
    void refusesFramesOutsideOfItsLimits() {
        try (NicMachine machine = looped()) {
            final NetFrame tooLong = machine.frame(frameTo(NicMachine.STATION, LONGEST + 1, 1));
            assertThatThrownBy(() -> machine.device().submit(0, tooLong))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> machine.device().submit(1, tooLong))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> machine.device().giveBack(tooLong))
                    .isInstanceOf(IllegalArgumentException.class);
            final NetFrame uncut = machine.frame(frameTo(NicMachine.STATION, 100, 1));
            uncut.metadata().segmentInto(SegmentationType.TCP_IPV6, 100);
            assertThatThrownBy(() -> machine.device().submit(0, uncut))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void getsFramesOfOthersWithTheirChecksumFilledInAndTheirTagInPlace() {
        final LearningSwitch network = new LearningSwitch(2, 64, 9000, 64, 1_000_000_000L);
        try (NicMachine machine = new NicMachine(kind(), network.port(0))) {
            machine.settle();
            final byte[] bytes = frameTo(NicMachine.STATION, 100, 5);
            bytes[50] = 0;
            bytes[51] = 0;
            final Packet packet = new Packet(1, 0);
            packet.add(direct(bytes), 0, bytes.length);
            packet.metadata().checksumBlank(34, 16);
            packet.metadata().vlanTag(0x2064);
            network.port(1).send(packet);
            machine.settle();
            final byte[] arrived = machine.received().getLast();
            final int tagBytes = machine.device().limits().vlanTags() ? 0 : 4;
            assertThat(arrived).hasSize(100 + tagBytes);
            if (tagBytes == 0) {
                assertThat(machine.lastTag()).isEqualTo(0x2064);
            } else {
                assertThat(Arrays.copyOfRange(arrived, 12, 16))
                        .containsExactly(0x81, 0, 0x20, 0x64);
            }
            long sum = 0;
            for (int i = 34 + tagBytes; i < arrived.length; i += 2) {
                sum += (arrived[i] & 0xFF) << 8 | arrived[i + 1] & 0xFF;
            }
            while (sum >>> 16 != 0) {
                sum = (sum & 0xFFFF) + (sum >>> 16);
            }
            assertThat(sum).isEqualTo(0xFFFF);
        }
    }

    private static UnsafeBuffer direct(final byte[] bytes) {
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length));
        buffer.putBytes(0, bytes);
        return buffer;
    }

    @Test
    void tellsWhenTheLinkGoes() {
        final LoopbackPort port = new LoopbackPort(8, 2048);
        try (NicMachine machine = new NicMachine(kind(), port)) {
            machine.settle();
            port.close();
            machine.clock().pass(A_WHILE_NANOS); // Not every card tells it by itself.
            machine.settle();
            assertThat(machine.device().isLinkUp()).isFalse();
            assertThat(machine.linkChanges()).isEqualTo(1);
        }
    }

    @Test
    void givesEverythingBackWhenItCloses() {
        try (NicMachine machine = looped()) {
            machine.givesBack(false);
            machine.device().submit(0, machine.frame(frameTo(NicMachine.STATION, 100, 1)));
            machine.driver().onClose();
            assertThat(machine.transmitted())
                    .singleElement()
                    .satisfies(f -> assertThat(f.status()).isEqualTo(NetStatus.GONE));
            assertThat(machine.frames().usedCount()).as("the frame sent alone").isEqualTo(1);
            assertThat(machine.device().isReady()).isFalse();
            machine.settle();
        }
    }

    @Test
    void findsNoCardOnAnEmptyBus() {
        final NicMachine.Kind real = kind();
        final NicMachine.Kind absent =
                new NicMachine.Kind() {
                    @Override
                    public Agent model(final NicMachine machine, final PacketPort port) {
                        return new Absent();
                    }

                    @Override
                    public NetDevice driver(final NicMachine machine) {
                        return real.driver(machine);
                    }
                };
        try (NicMachine machine = new NicMachine(absent, new LoopbackPort(8, 2048))) {
            machine.settle();
            assertThat(machine.device().isReady()).isFalse();
            machine.driver().onClose();
            assertThat(machine.frames().usedCount()).isZero();
        }
    }

    /** Nothing behind the ports. */
    private static final class Absent implements Agent {
        @Override
        public int doWork() {
            return 0;
        }

        @Override
        public String roleName() {
            return "absent";
        }
    }

    @Test
    void allocatesNothingInSteadyState() {
        try (NicMachine machine = looped()) {
            final int[] ends = new int[2];
            machine.device()
                    .completionsTo(
                            new NetCompletions() {
                                @Override
                                public void transmitted(final NetFrame frame) {
                                    ends[0]++;
                                }

                                @Override
                                public void received(final int queue, final NetFrame frame) {
                                    ends[1]++;
                                    machine.device().giveBack(frame);
                                }

                                @Override
                                public void linkChanged() {
                                    throw new IllegalStateException("the link is steady");
                                }
                            });
            final NetFrame frame = machine.frame(frameTo(NicMachine.STATION, 200, 1));
            run(machine, frame, 20_000);
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            final long self = Thread.currentThread().threadId();
            final long before = threads.getThreadAllocatedBytes(self);
            final long idle = threads.getThreadAllocatedBytes(self) - before;
            run(machine, frame, 20_000);
            final long allocated = threads.getThreadAllocatedBytes(self) - before - idle;
            assertThat(ends).containsExactly(40_000, 40_000);
            // The JIT may cost the thread a few bytes once; an object a frame would cost 320,000.
            assertThat(allocated).isLessThan(20_000);
        }
    }

    private static void run(final NicMachine machine, final NetFrame frame, final int rounds) {
        for (int i = 0; i < rounds; i++) {
            machine.device().submit(0, frame);
            machine.device().commit();
            while (machine.step() != 0) {
                Thread.onSpinWait();
            }
        }
    }
}
