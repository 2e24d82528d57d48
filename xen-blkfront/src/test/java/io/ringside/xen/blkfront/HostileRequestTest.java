package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.backend.BlkbackOptions;
import io.ringside.xen.blkfront.backend.BlkbackRefusal;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkRequest;
import io.ringside.xen.blkfront.protocol.BlkSegment;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend against a guest that writes whatever it likes into a slot. */
final class HostileRequestTest {
    private static final int DISK_SECTORS = 64;

    private final RamStore disk = RamStore.zeroed(DISK_SECTORS);
    private final TestBench bench = new TestBench();
    private final BlkSegment segment = new BlkSegment();

    @AfterEach
    void close() {
        bench.close();
        disk.close();
    }

    @Test
    void answersEachUnsoundRequestAndGoesOn() {
        final Blkback back =
                bench.newBackend(disk, Wakeups.ARMED, BlkbackOptions.BARE.withFlushCache(true));
        final RawFrontend front = connect(back);
        final int page = front.grant(false);

        front.put(BlkOperation.READ, 0, 100, 0);
        front.put(BlkOperation.READ, 12, 101, 0);
        front.put(BlkOperation.WRITE, 255, 102, 0);
        front.put(BlkOperation.READ, 1, 103, 0).segment(0, segment).put(page, 0, 8);
        front.put(BlkOperation.READ, 1, 104, 0).segment(0, segment).put(page, 5, 4);
        front.put(BlkOperation.READ, 1, 105, 0).segment(0, segment).put(page, 255, 255);
        front.putOne(BlkOperation.READ, page, 106, -1);
        front.putOne(BlkOperation.WRITE, page, 107, -8);
        front.putOne(BlkOperation.READ, page, 108, DISK_SECTORS);
        front.putOne(BlkOperation.READ, page, 109, 1L << 55);
        front.put(77, 1, 110, 0);
        front.put(BlkOperation.FLUSH_DISKCACHE, 12, 111, 0);
        front.put(BlkOperation.DISCARD, 0, 112, 0);
        front.put(BlkOperation.INDIRECT, BlkOperation.WRITE, 113, 0);
        front.put(BlkOperation.WRITE_BARRIER, 1, 114, 0);
        front.putOne(BlkOperation.READ, page, 115, 0);
        front.slot(15).put(BlkOperation.READ, 1, TestBench.DISK + 1, 115, 0);
        front.push();
        bench.step(back);

        assertThat(front.responseProducer()).isEqualTo(16);
        for (int i = 0; i < 16; i++) {
            assertThat(front.response(i).id()).isEqualTo(100 + i);
            final boolean unsupported = i == 10 || (i >= 12 && i <= 14);
            assertThat(front.response(i).status())
                    .as("id=%d", 100 + i)
                    .isEqualTo(unsupported ? BlkStatus.EOPNOTSUPP : BlkStatus.ERROR);
        }
        assertThat(front.response(10).operation()).isEqualTo(77);
        assertThat(front.response(13).operation()).isEqualTo(BlkOperation.WRITE);
        assertThat(back.counters().refusals(BlkbackRefusal.SEGMENT_COUNT)).isEqualTo(4);
        assertThat(back.counters().refusals(BlkbackRefusal.SEGMENT_SECTORS)).isEqualTo(3);
        assertThat(back.counters().refusals(BlkbackRefusal.RANGE)).isEqualTo(4);
        assertThat(back.counters().refusals(BlkbackRefusal.OPERATION)).isEqualTo(4);
        assertThat(back.counters().refusals(BlkbackRefusal.HANDLE)).isEqualTo(1);
        assertThat(back.counters().refusals()).isEqualTo(16);
        front.assertServes(back, disk, 16);
    }

    /** Row 42: to a backend two requests of one number are two requests. */
    @Test
    void answersANumberAsOftenAsItWasUsed() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = connect(back);
        front.putFlush(7);
        front.putFlush(7);
        front.putFlush(-1);
        front.push();
        bench.step(back);

        assertThat(front.responseProducer()).isEqualTo(3);
        assertThat(front.response(0).id()).isEqualTo(7);
        assertThat(front.response(1).id()).isEqualTo(7);
        assertThat(front.response(2).id()).isEqualTo(-1);
        front.assertServes(back, disk, 3);
    }

    /** Row 4 (XSA-216): no byte of what lay there before is seen beside an answer. */
    @ParameterizedTest
    @ValueSource(strings = {"x86_64-abi", "x86_32-abi"})
    void zeroesEveryByteOfAResponse(final String protocolName) {
        final BlkAbi abi = "x86_32-abi".equals(protocolName) ? BlkAbi.X86_32 : BlkAbi.X86_64;
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, abi);
        front.ring.setMemory(RawFrontend.HEADER_BYTES, abi.requestBytes(), (byte) 0xff);
        front.push();
        front.put(BlkOperation.FLUSH_DISKCACHE, 0, 0x1122334455667788L, 0);
        front.push();
        bench.step(back);

        final String expected = "88 77 66 55 44 33 22 11 03 00 00 00 00 00 00 00";
        assertThat(HexFormat.ofDelimiter(" ").formatHex(front.slotBytes(0, abi.responseBytes())))
                .isEqualTo(expected.substring(0, abi.responseBytes() * 3 - 1));
    }

    /** The layout of a 32-bit guest is its own: requests are 108 bytes, numbers lie at byte 4. */
    @Test
    void servesAFrontendOfTheOtherLayout() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_32);
        front.data().setMemory(0, 4096, (byte) 0x3c);
        for (int i = 0; i < 40; i++) {
            front.putOne(BlkOperation.WRITE, front.grant(true), 1000 + i, i);
            front.push();
            bench.step(back);
            assertThat(front.response(i).id()).isEqualTo(1000 + i);
            assertThat(front.response(i).status()).isEqualTo(BlkStatus.OKAY);
        }
        final UnsafeBuffer onDisk = new UnsafeBuffer(new byte[512]);
        disk.read(39 * 512, onDisk, 0, 512);
        assertThat(onDisk.getByte(511)).isEqualTo((byte) 0x3c);
    }

    /** Row 10 (XSA-365): one page that cannot be mapped, at any place, and none is used. */
    @Test
    void mapsAllPagesOfARequestOrNone() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = connect(back);
        final int good = front.grant(true);
        final int[] bad = {0, 7, 9999, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, good + 1};
        front.data().setMemory(0, 4096, (byte) 0x11);
        int answered = 0;
        for (final int reference : bad) {
            for (int place = 0; place < 11; place++) {
                final BlkRequest request = front.put(BlkOperation.WRITE, 11, answered, 0);
                for (int i = 0; i < 11; i++) {
                    request.segment(i, segment).put(i == place ? reference : good, 0, 0);
                }
                front.push();
                bench.step(back);
                assertThat(front.response(answered).status()).isEqualTo(BlkStatus.ERROR);
                answered++;
                assertThat(front.responseProducer()).isEqualTo(answered);
                assertThat(bench.host().domain().grantMapper().mappedCount()).isEqualTo(1);
            }
        }
        assertThat(back.counters().refusals(BlkbackRefusal.PAGE)).isEqualTo(answered);
        final UnsafeBuffer onDisk = new UnsafeBuffer(new byte[512]);
        disk.read(0, onDisk, 0, 512);
        assertThat(onDisk.getByte(0)).isZero();
        front.assertServes(back, disk, answered);
    }

    @Test
    void readsNothingIntoAPageThatIsLentForReadingOnly() {
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = connect(back);
        front.data().setMemory(0, 4096, (byte) 0x11);
        front.putOne(BlkOperation.READ, front.grant(true), 1, 0);
        front.push();
        bench.step(back);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.ERROR);
        assertThat(front.data().getByte(0)).isEqualTo((byte) 0x11);
    }

    @Test
    void writesNothingToAReadOnlyDisk() {
        bench.putBackendKey("mode", "r");
        final Blkback back = bench.newBackend(disk, Wakeups.ARMED);
        final RawFrontend front = connect(back);
        front.data().setMemory(0, 4096, (byte) 0x11);
        front.putOne(BlkOperation.WRITE, front.grant(true), 1, 0);
        front.push();
        bench.step(back);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.ERROR);
        assertThat(back.counters().refusals(BlkbackRefusal.READ_ONLY)).isEqualTo(1);
        final UnsafeBuffer onDisk = new UnsafeBuffer(new byte[512]);
        disk.read(0, onDisk, 0, 512);
        assertThat(onDisk.getByte(0)).isZero();
    }

    /** Row 1 (XSA-155): what is checked is what is used, whatever the slot says by then. */
    @Test
    void looksAtASlotOnlyOnce() {
        final SlotSpoiler spoiler = new SlotSpoiler(bench.host().domain().grantMapper(), disk);
        final Blkback back = bench.newBackend(spoiler, Wakeups.ARMED, spoiler);
        final RawFrontend front = connect(back);
        spoiler.ring(front.ring);
        front.data().setMemory(0, 4096, (byte) 0x44);
        front.data().setMemory(512, 1024, (byte) 0x55);
        front.put(BlkOperation.WRITE, 1, 0x77, 9).segment(0, segment).put(front.grant(true), 1, 2);
        front.push();
        bench.step(back);

        assertThat(spoiler.spoiledCount()).isEqualTo(3);
        assertThat(front.response(0).id()).isEqualTo(0x77);
        assertThat(front.response(0).operation()).isEqualTo(BlkOperation.WRITE);
        assertThat(front.response(0).status()).isEqualTo(BlkStatus.OKAY);
        final byte[] expected = new byte[DISK_SECTORS * 512];
        Arrays.fill(expected, 9 * 512, 11 * 512, (byte) 0x55);
        final UnsafeBuffer content = new UnsafeBuffer(new byte[expected.length]);
        disk.read(0, content, 0, expected.length);
        assertThat(content.byteArray()).isEqualTo(expected);
        assertThat(bench.host().domain().grantMapper().mappedCount()).isEqualTo(1);
    }

    private RawFrontend connect(final Blkback back) {
        return RawFrontend.connect(bench, back, BlkAbi.X86_64);
    }
}
