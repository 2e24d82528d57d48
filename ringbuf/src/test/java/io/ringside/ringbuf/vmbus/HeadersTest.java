package io.ringside.ringbuf.vmbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The two headers that list memory outside the ring. */
class HeadersTest {
    private static final long LARGEST_U32 = 0xffff_ffffL;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    private final TransferPageHeader transferPages = new TransferPageHeader();
    private final GpaDirectHeader gpaDirect = new GpaDirectHeader();

    @Test
    void writesATransferPageHeader() {
        buffer.setMemory(0, 256, (byte) 0x5a);
        transferPages.start(buffer, 8, 0xcafe, true, 2);
        transferPages.putRange(0, 0x11, 0x22);
        transferPages.putRange(1, -1, 0x8000_0000);
        assertThat(RingMemory.hex(buffer, 8, TransferPageHeader.bytes(2)))
                .isEqualTo(
                        "fe ca 01 00 02 00 00 00 11 00 00 00 22 00 00 00"
                                + " ff ff ff ff 00 00 00 80");
        assertThat(transferPages.setId()).isEqualTo(0xcafe);
        assertThat(transferPages.senderOwnsSet()).isTrue();
        assertThat(transferPages.rangeCount()).isEqualTo(2);
        assertThat(transferPages.byteCount(0)).isEqualTo(0x11);
        assertThat(transferPages.byteOffset(0)).isEqualTo(0x22);
        assertThat(transferPages.byteCount(1)).isEqualTo(LARGEST_U32);
        assertThat(transferPages.byteOffset(1)).isEqualTo(0x8000_0000L);
    }

    @Test
    void readsNoTransferPageRangeBehindTheLast() {
        transferPages.start(buffer, 0, 1, false, 2);
        assertThat(transferPages.senderOwnsSet()).isFalse();
        assertThatThrownBy(() -> transferPages.byteCount(2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> transferPages.byteOffset(-2))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void readsTheRangesItWrote() {
        final int headerBytes = GpaDirectHeader.bytes(3, 4);
        gpaDirect.start(buffer, 16, headerBytes);
        gpaDirect.addRange(6144, 512);
        gpaDirect.addPage(0x1122_3344_5566_7788L);
        gpaDirect.addPage(-1);
        gpaDirect.addRange(0, 0);
        gpaDirect.addRange(4097, 4095);
        gpaDirect.addPage(7);
        gpaDirect.addPage(8);

        gpaDirect.wrap(buffer, 16, headerBytes, 3);
        assertRange(6144, 512, 2);
        assertThat(gpaDirect.page(0)).isEqualTo(0x1122_3344_5566_7788L);
        assertThat(gpaDirect.page(1)).isEqualTo(-1);
        assertThatThrownBy(() -> gpaDirect.page(2)).hasMessageContaining("page=2");
        assertThatThrownBy(() -> gpaDirect.page(-1)).hasMessageContaining("page=-1");
        assertRange(0, 0, 0);
        assertRange(4097, 4095, 2);
        assertThat(gpaDirect.page(1)).isEqualTo(8);
        assertThat(gpaDirect.nextRange()).isEqualTo(RingStatus.EMPTY);
        assertThat(gpaDirect.rangeCount()).isEqualTo(3);
    }

    private void assertRange(final int byteCount, final int byteOffset, final int pages) {
        assertThat(gpaDirect.nextRange()).isEqualTo(RingStatus.OK);
        assertThat(gpaDirect.byteCount()).isEqualTo(byteCount);
        assertThat(gpaDirect.byteOffset()).isEqualTo(byteOffset);
        assertThat(gpaDirect.pageCount()).isEqualTo(pages);
    }

    /** Row 29 of the threats: a byte offset of a page or more. */
    @Test
    void refusesARangeThatStartsBehindItsFirstPage() {
        assertRefused(range(1, 4096, 1));
        assertRefused(range(1, -1, 1));
        assertRefused(range(0, 4096, 5));
        assertThatThrownBy(() -> gpaDirect.start(buffer, 0, 24).addRange(1, 4096))
                .hasMessageContaining("byteOffset=4096");
        assertThatThrownBy(() -> gpaDirect.start(buffer, 0, 24).addRange(1, -1))
                .hasMessageContaining("byteOffset=-1");
    }

    @Test
    void refusesARangeThatNamesMorePagesThanTheHeaderHolds() {
        assertRefused(range(4097, 0, 1));
        assertRefused(range(4096, 1, 1));
        assertRefused(range(-1, 4095, 4));
        assertRefused(range(1, 0, 0));
        assertThat(range(4096, 0, 1).nextRange()).isEqualTo(RingStatus.OK);
    }

    @Test
    void refusesARangeThatDoesNotFitItself() {
        buffer.putInt(8, 0, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(12, 0, ByteOrder.LITTLE_ENDIAN);
        gpaDirect.wrap(buffer, 0, 16, 2);
        assertThat(gpaDirect.nextRange()).isEqualTo(RingStatus.OK);
        assertRefused(gpaDirect);
    }

    private GpaDirectHeader range(final int byteCount, final int byteOffset, final int pages) {
        buffer.setMemory(0, 256, (byte) 0);
        buffer.putInt(8, byteCount, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(12, byteOffset, ByteOrder.LITTLE_ENDIAN);
        return gpaDirect.wrap(buffer, 0, GpaDirectHeader.bytes(1, pages), 1);
    }

    private static void assertRefused(final GpaDirectHeader header) {
        assertThat(header.nextRange()).isEqualTo(RingStatus.BROKEN);
        assertThat(header.pageCount()).isZero();
        assertThat(header.byteCount()).isZero();
        assertThat(header.nextRange()).as("nothing follows").isEqualTo(RingStatus.EMPTY);
    }

    @Test
    void countsThePagesThatARangeTouches() {
        assertThat(GpaDirectHeader.pages(0, 0)).isZero();
        assertThat(GpaDirectHeader.pages(1, 4095)).isEqualTo(1);
        assertThat(GpaDirectHeader.pages(2, 4095)).isEqualTo(2);
        assertThat(GpaDirectHeader.pages(LARGEST_U32, 4095)).isEqualTo(0x10_0001L);
    }

    @Test
    void laysBothOverThePacketThatARingTook() {
        try (RingMemory memory = new RingMemory(RingMemory.Mapping.MIRRORED, 1)) {
            final OutgoingRing out = memory.outgoing();
            final int pagesHeader = TransferPageHeader.bytes(1);
            int at = out.claim(PacketType.TRANSFER_PAGES, 1, 5, pagesHeader, 0);
            transferPages.start(out.claimed(), at, 9, false, 1).putRange(0, 60, 4096);
            final int directHeader = GpaDirectHeader.bytes(1, 1);
            at = out.claim(PacketType.GPA_DIRECT, 1, 6, directHeader, 8);
            gpaDirect.start(out.claimed(), at, directHeader).addRange(100, 50);
            gpaDirect.addPage(1234);
            out.commit();

            final IncomingRing in = memory.incoming();
            assertThat(in.nextCopied()).isEqualTo(RingStatus.OK);
            assertThat(transferPages.wrap(in).rangeCount()).isEqualTo(1);
            assertThat(transferPages.setId()).isEqualTo(9);
            assertThat(transferPages.byteOffset(0)).isEqualTo(4096);
            assertThat(in.nextCopied()).isEqualTo(RingStatus.OK);
            assertThat(gpaDirect.wrap(in).nextRange()).isEqualTo(RingStatus.OK);
            assertThat(gpaDirect.byteCount()).isEqualTo(100);
            assertThat(gpaDirect.page(0)).isEqualTo(1234);
        }
    }
}
