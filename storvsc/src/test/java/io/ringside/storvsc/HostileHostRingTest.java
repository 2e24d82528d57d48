package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.vmbus.ControlPage;
import io.ringside.storvsc.frontend.Storvsc;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.storvsc.frontend.StorvscRefusal;
import io.ringside.storvsc.protocol.ChannelProperties;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.VstorVersion;
import io.ringside.storvsc.protocol.Wakeups;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that misuses the rings, or grants less than it agreed to: rows 35, 38, 41 and 43. */
final class HostileHostRingTest {
    private static final StorvscOptions OPTIONS = StorvscOptions.DEFAULTS.withSubChannels(2, 1);
    private static final StorvscOptions SMALL_RINGS =
            new StorvscOptions(VstorVersion.WIN10, 2, 0, 1, 64, Wakeups.ARMED, 180);
    private static final int RING_PAGES = OPTIONS.ringPages();
    private static final long DATA = 900L << GuestMemory.PAGE_SHIFT;

    /** Row 35: the host agrees to more channels and gives none. */
    @Test
    void worksWithFewerChannelsThanWereAgreedOn() {
        try (RawHost host = new RawHost(OPTIONS)) {
            handshake(host);
            host.answerLook(Long.BYTES);
            assertThat(host.guest.isSettled()).isTrue();
            assertThat(host.guest.channelCount()).isEqualTo(1);
            assertThat(read(host, new BlockStatus[1])).isTrue();
            assertThat(host.take()).isTrue();
            host.answerCommand(SrbStatus.SUCCESS, 0, 512);
            assertThat(host.guest.counters().bytesRead()).isEqualTo(512);
            assertThat(allocatedBy(host.guest)).as("while it waits for them").isLessThan(1 << 16);
        }
    }

    private static long allocatedBy(final Storvsc guest) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long id = Thread.currentThread().threadId();
        final long before = threads.getThreadAllocatedBytes(id);
        for (int i = 0; i < 10_000; i++) {
            guest.doWork();
        }
        return threads.getThreadAllocatedBytes(id) - before;
    }

    private static void handshake(final RawHost host) {
        for (int i = 0; i < 5; i++) {
            assertThat(host.take()).as("step %d", i).isTrue();
            if (host.vstor.operation() == VstorOperation.QUERY_PROPERTIES) {
                host.vstor
                        .properties(new ChannelProperties())
                        .put(2, ChannelProperties.SUPPORTS_MULTI_CHANNEL, 1 << 16);
            }
            host.answer(NtStatus.SUCCESS);
        }
        assertThat(host.vstor.operation()).isEqualTo(VstorOperation.COMPLETE_IO);
    }

    private static boolean read(final RawHost host, final BlockStatus[] status) {
        final StorvscDisk disk = host.guest.disks().getFirst();
        disk.completionsTo(request -> status[0] = request.status());
        final boolean taken =
                disk.submit(
                        new BlockRequest(1).reset(BlockOperation.READ, 0).addSegment(DATA, 512));
        disk.commit();
        return taken;
    }

    /** Row 38: nothing of the guest's memory goes out in bytes that carry nothing. */
    @Test
    void sendsZerosWhereNothingIsToBeSaid() {
        try (RawHost host = new RawHost(OPTIONS)) {
            final int[] carried = {0, 4, 0, 0, 2};
            for (int i = 0; i < carried.length; i++) {
                assertThat(host.take()).isTrue();
                for (int at = 12 + carried[i]; at < VstorPacket.BYTES; at++) {
                    assertThat(host.packet.getByte(at)).as("step %d byte %d", i, at).isZero();
                }
                if (host.vstor.operation() == VstorOperation.QUERY_PROPERTIES) {
                    host.vstor
                            .properties(new ChannelProperties())
                            .put(2, ChannelProperties.SUPPORTS_MULTI_CHANNEL, 1 << 16);
                } else {
                    host.packet.setMemory(12, 52, (byte) 0xff);
                }
                host.answer(NtStatus.SUCCESS);
            }
            assertThat(host.take()).isTrue();
            assertThat(host.opcode()).isEqualTo(0x12);
            final int request = VstorPacket.HEADER_BYTES;
            for (final int[] range : new int[][] {{2, 6}, {11, 12}, {22, 38}, {48, 52}}) {
                for (int at = range[0]; at < range[1]; at++) {
                    assertThat(host.packet.getByte(request + at)).as("byte %d", at).isZero();
                }
            }
        }
    }

    /** Row 43: indices that cannot be, of the ring that the host writes. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 20, -8, 4, Integer.MIN_VALUE})
    void closesOverAWriteIndexThatCannotBe(final int index) {
        try (RawHost host = new RawHost(StorvscOptions.DEFAULTS)) {
            final BlockStatus[] status = new BlockStatus[1];
            host.findDisk();
            assertThat(read(host, status)).isTrue();
            new ControlPage(host.ringPage(RING_PAGES)).writeIndexRelease(index);
            assertClosed(host, status);
        }
    }

    /** Row 43: the read index of the ring that the guest writes, looked at when room is needed. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 20, -8, 4, Integer.MIN_VALUE})
    void closesOverAReadIndexThatCannotBe(final int index) {
        try (RawHost host = new RawHost(SMALL_RINGS)) {
            final BlockStatus[] status = new BlockStatus[1];
            host.findDisk();
            assertThat(read(host, status)).isTrue();
            new ControlPage(host.ringPage(0)).readIndexRelease(index);
            int sent = 0;
            while (read(host, status)) {
                sent++;
            }
            assertThat(sent).isLessThan(SMALL_RINGS.queueDepth() - 1);
            assertClosed(host, status);
        }
    }

    private static void assertClosed(final RawHost host, final BlockStatus[] status) {
        host.turn();
        assertThat(host.guest.isClosed()).isTrue();
        assertThat(host.refusals(StorvscRefusal.RING)).isEqualTo(1);
        host.channel.release();
        host.turn();
        assertThat(status[0]).isEqualTo(BlockStatus.ERROR);
    }

    /** Row 41: the host makes the rings anew, over what the guest has in them. */
    @Test
    void finishesNothingThatAHostWhichMakesTheRingsAnewHasNotAnswered() {
        try (RawHost host = new RawHost(StorvscOptions.DEFAULTS)) {
            final BlockStatus[] status = new BlockStatus[1];
            host.findDisk();
            final Storvsc guest = host.guest;
            final long answers = guest.counters().answers();
            assertThat(read(host, status)).isTrue();
            for (int page = 0; page < 2 * RING_PAGES; page++) {
                host.ringPage(page).setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0);
            }
            host.turn();
            assertThat(guest.counters().answers()).isEqualTo(answers);
            assertThat(status[0]).isNull();
            assertThat(guest.isClosed()).as("what it reads now is no packet").isTrue();
            assertThat(host.refusals(StorvscRefusal.RING)).isEqualTo(1);
        }
    }
}
