package io.ringside.storvsc;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.Access;
import io.ringside.device.media.RamStore;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.ringbuf.vmbus.ControlPage;
import io.ringside.ringbuf.vmbus.PacketDescriptor;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.storvsc.backend.StorvspRefusal;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.ScsiRequest;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A guest that misuses its ring and its pages: rows 30, 36, 38, 40, 42 and 43. */
final class HostileRingTest {
    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String UNMAP = "42 00 00 00 00 00 00 00 28 00";
    private static final String IS_READY = "00 00 00 00 00 00";
    private static final int LIST_FRAME = 50;
    private static final int UNMAP_LIST_BYTES = 40;
    private static final byte FULL = 0x5a;

    private final StorBench bench = StorBench.usual();
    private final RamStore store = fullStore();
    private final HeldStore held = new HeldStore(store);
    private final RawGuest guest = new RawGuest(bench);

    private static RamStore fullStore() {
        final byte[] content = new byte[64 * 512];
        Arrays.fill(content, FULL);
        try {
            return RamStore.loadedFrom(
                    new ByteArrayInputStream(content), content.length / 512, Access.READ_WRITE);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void begin() {
        bench.host.add(0, 0, bench.disk("a", held));
        guest.ready();
        guest.command(0, 0, IS_READY, DataDirection.NONE, 0);
        guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
        assertThat(guest.answered().scsiStatus()).as("after power on").isEqualTo(2);
    }

    @AfterEach
    void close() {
        assertThat(bench.host.inFlight()).isZero();
        store.close();
        bench.close();
    }

    /** Row 38: what was taken once is not looked at again, in the ring or in the data. */
    @Test
    void usesWhatItTookWhateverTheGuestMakesOfItMeanwhile() {
        final UnsafeBuffer list = bench.page(LIST_FRAME);
        list.putShort(0, (short) (UNMAP_LIST_BYTES - 2), BIG_ENDIAN);
        list.putShort(2, (short) (UNMAP_LIST_BYTES - 8), BIG_ENDIAN);
        putRange(list, 0, 0);
        putRange(list, 1, 16);
        final long id = guest.nextId;
        guest.command(0, 0, UNMAP, DataDirection.TO_UNIT, UNMAP_LIST_BYTES);
        guest.sendRanges(VstorPacket.BYTES, new long[] {UNMAP_LIST_BYTES, 0, LIST_FRAME});
        assertThat(held.heldCount()).as("the first range is with the store").isEqualTo(1);

        putRange(bench.page(LIST_FRAME), 1, 32);
        for (int page = 1; page < RawGuest.RING_PAGES; page++) {
            guest.ringPage(page).setMemory(0, GuestMemory.PAGE_BYTES, (byte) 0xff);
        }
        held.let(2);
        bench.idle();

        final ScsiRequest answer = guest.answered();
        assertThat(guest.answerId).isEqualTo(id);
        assertThat(answer.srbStatus()).isEqualTo(SrbStatus.SUCCESS);
        assertThat(answer.dataBytes()).isEqualTo(UNMAP_LIST_BYTES);
        assertThat(answer.target()).isZero();
        assertThat(byteOfBlock(0)).isZero();
        assertThat(byteOfBlock(16)).isZero();
        assertThat(byteOfBlock(32)).isEqualTo(FULL);
    }

    private static void putRange(final UnsafeBuffer list, final int range, final long block) {
        list.putLong(8 + 16 * range, block, BIG_ENDIAN);
        list.putInt(16 + 16 * range, 8, BIG_ENDIAN);
    }

    private byte byteOfBlock(final long block) {
        final UnsafeBuffer read = new UnsafeBuffer(new byte[512]);
        store.read(block * 512, read, 0, 512);
        return read.getByte(100);
    }

    /** Row 42: numbers are the guest's; one that is used twice is answered twice. */
    @Test
    void answersANumberAsOftenAsItWasUsed() {
        for (int i = 0; i < 3; i++) {
            guest.nextId = 77;
            guest.command(0, 0, READ, DataDirection.TO_GUEST, 512);
            guest.sendRanges(VstorPacket.BYTES, new long[] {512, 0, 60 + i});
        }
        assertThat(held.heldCount()).isEqualTo(3);
        held.let(3);
        bench.idle();
        for (int i = 0; i < 3; i++) {
            assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.SUCCESS);
            assertThat(guest.answerId).isEqualTo(77);
        }
        assertThat(guest.next()).isNull();
        assertThat(bench.host.counters().refusals()).isZero();
    }

    /** Row 30: no ranges, no bytes, no channels. */
    @Test
    void takesNothingForNothing() {
        assertThat(read(512)).isEqualTo(SrbStatus.INVALID_REQUEST);
        assertThat(read(0)).isEqualTo(SrbStatus.DATA_OVERRUN);
        assertThat(read(0, new long[] {0, 0})).isEqualTo(SrbStatus.DATA_OVERRUN);
        assertThat(read(0, new long[] {0, 4095})).isEqualTo(SrbStatus.INVALID_REQUEST);
        assertThat(bench.host.counters().refusals(StorvspRefusal.DATA)).isEqualTo(2);
        guest.command(0, 0, "28 00 00 00 00 00 00 00 00 00", DataDirection.TO_GUEST, 0);
        guest.sendRanges(VstorPacket.BYTES, new long[] {0, 0});
        assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.SUCCESS);
        assertThat(guest.message(VstorOperation.CREATE_SUB_CHANNELS, 0)).isNotZero();
        assertThat(held.heldCount()).isZero();
    }

    private int read(final int dataBytes, final long[]... ranges) {
        guest.command(0, 0, READ, DataDirection.TO_GUEST, dataBytes);
        guest.sendRanges(VstorPacket.BYTES, ranges);
        return SrbStatus.code(guest.answered().srbStatus());
    }

    /** Row 36: a guest that says nothing when it has made room is looked at again and again. */
    @Test
    void pollsWhereTheGuestDoesNotSayThatThereIsRoom() {
        new ControlPage(guest.ringPage(RawGuest.RING_PAGES)).featureBitsRelease(0);
        final ControlPage answers = new ControlPage(guest.ringPage(RawGuest.RING_PAGES));
        final long taken = bench.host.counters().packets();
        int sent = 0;
        boolean full = false;
        while (!full) {
            guest.command(0, 0, IS_READY, DataDirection.NONE, 0);
            guest.channel.send(
                    PacketType.IN_BAND,
                    PacketDescriptor.COMPLETION_REQUESTED,
                    1000 + sent,
                    guest.packet,
                    0,
                    VstorPacket.BYTES);
            sent++;
            bench.server.doWork();
            bench.host.doWork();
            full = bench.host.counters().packets() - taken < sent;
        }
        for (int i = 0; i < 10; i++) {
            assertThat(bench.host.doWork()).as("it stays awake").isPositive();
        }
        assertThat(answers.pendingSendAcquire()).as("nobody would look at it").isZero();
        final long before = guest.channel.signals();
        int answered = 0;
        for (int i = 0; i < sent; i++) {
            assertThat(Objects.requireNonNull(guest.next(), "no answer").status()).isZero();
            assertThat(guest.answerId).isEqualTo(1000 + i);
            answered++;
            bench.host.doWork();
        }
        assertThat(guest.channel.signals()).as("the guest signals nothing").isEqualTo(before);
        assertThat(answered).isEqualTo(sent);
        bench.idle();
    }

    /** Row 40: signals for nothing wake the host, which finds nothing and sleeps again. */
    @Test
    void doesNothingForSignalsForNothing() {
        bench.idle();
        final long packets = bench.host.counters().packets();
        final long before = bench.host.counters().needlessSignals();
        for (int i = 0; i < 1000; i++) {
            guest.channel.signal();
            assertThat(bench.server.doWork() + bench.host.doWork()).as("signal %d", i).isZero();
        }
        assertThat(bench.host.counters().packets()).isEqualTo(packets);
        assertThat(bench.host.counters().refusals()).isZero();
        assertThat(bench.host.counters().needlessSignals() - before).isEqualTo(1000);
    }

    /** Row 43: indices that cannot be. The channel is served no more, and nothing else stops. */
    @Test
    void servesARingNoMoreWhoseIndicesCannotBe() {
        new ControlPage(guest.ringPage(0)).writeIndexRelease(1 << 20);
        guest.channel.signal();
        bench.idle();
        assertThat(bench.host.counters().refusals(StorvspRefusal.RING)).isEqualTo(1);
        bench.idle();
        assertThat(bench.host.counters().refusals(StorvspRefusal.RING)).isEqualTo(1);
        bench.channel().close();
        bench.idle();
        final RawGuest again = new RawGuest(bench).ready();
        again.command(0, 0, IS_READY, DataDirection.NONE, 0);
        again.send(PacketType.IN_BAND, VstorPacket.BYTES);
        assertThat(again.answered().srbStatus()).isEqualTo(SrbStatus.SUCCESS);
    }
}
