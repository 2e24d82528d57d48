package io.ringside.xenbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import io.ringside.xenbus.grant.GrantCopyBatch;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Grant table version 2 and FIFO event channels, held against the headers. */
class NewerFormsLayoutTest {
    private final WireFacts grant = WireFacts.load("xen-grant");
    private final WireFacts event = WireFacts.load("xen-evtchn");
    private final UnsafeBuffer page = new UnsafeBuffer(new byte[4096]);

    @Test
    void laysAFullPageEntryAtTheBytesOfGrantTableH() {
        final WireFacts.Struct facts = grant.struct("grant_entry_v2");
        assertThat(GrantEntryV2.SIZE_BYTES).isEqualTo(facts.size());
        final GrantEntryV2 entry = new GrantEntryV2().wrap(page, 3);
        entry.frame(0xA1B2_C3D4_E5F6_0718L);
        entry.headerVolatile(GrantEntry.header(0x8005, 0x7FEF));
        final int base = 3 * facts.size();
        assertThat(page.getInt(base + facts.offset("full_page.hdr"))).isEqualTo(0x7FEF_8005);
        assertThat(page.getLong(base + facts.offset("full_page.frame")))
                .isEqualTo(0xA1B2_C3D4_E5F6_0718L);
        assertThat(page.getInt(base + facts.offset("full_page.pad0"))).isZero();
        assertThat(entry.headerVolatile()).isEqualTo(0x7FEF_8005);
        assertThat(page.getLong(base - 8) | page.getLong(base + 16)).isZero();
    }

    @Test
    void laysAPartOfAPageAtTheBytesOfGrantTableH() {
        final WireFacts.Struct facts = grant.struct("grant_entry_v2");
        final GrantEntryV2 entry = new GrantEntryV2().wrap(page, 1);
        entry.subPage(0xF102, 0xF304);
        final int base = facts.size();
        assertThat(page.getShort(base + facts.offset("sub_page.page_off")))
                .isEqualTo((short) 0xF102);
        assertThat(page.getShort(base + facts.offset("sub_page.length"))).isEqualTo((short) 0xF304);
        assertThat(facts.offset("sub_page.frame")).isEqualTo(facts.offset("full_page.frame"));
        assertThat(entry.subPageOffset()).as("unsigned").isEqualTo(0xF102);
        assertThat(entry.subPageLength()).as("unsigned").isEqualTo(0xF304);
    }

    @Test
    void laysATransitiveEntryAtTheBytesOfGrantTableH() {
        final WireFacts.Struct facts = grant.struct("grant_entry_v2");
        final GrantEntryV2 entry = new GrantEntryV2().wrap(page, 1);
        entry.target(0xF102, 0xA1B2_C3D4);
        final int base = facts.size();
        assertThat(page.getShort(base + facts.offset("transitive.trans_domid")))
                .isEqualTo((short) 0xF102);
        assertThat(page.getInt(base + facts.offset("transitive.gref"))).isEqualTo(0xA1B2_C3D4);
        assertThat(entry.targetDomain()).as("unsigned").isEqualTo(0xF102);
        assertThat(entry.targetReference()).isEqualTo(0xA1B2_C3D4);
        entry.clearBody();
        assertThat(page.getLong(base) | page.getLong(base + 8)).isZero();
    }

    @Test
    void changesOneStatusWordAndNotItsNeighbour() {
        assertThat(grant.constant("sizeof_grant_status_t")).isEqualTo(Short.BYTES);
        final GrantStatusWords words = new GrantStatusWords(page);
        page.putInt(4, 0x1111_2222);
        words.setVolatile(3, 0x18);
        assertThat(page.getInt(4)).isEqualTo(0x1119_2222);
        words.clearVolatile(2, 0x2202);
        assertThat(page.getInt(4)).isEqualTo(0x1119_0020);
        assertThat(words.statusVolatile(3)).isEqualTo(0x1119);
        words.setVolatile(GrantStatusWords.WORDS_PER_PAGE - 1, 0x8000);
        assertThat(page.getShort(4094)).isEqualTo((short) 0x8000);
        assertThat(words.statusVolatile(GrantStatusWords.WORDS_PER_PAGE - 1)).isEqualTo(0x8000);
    }

    @Test
    void knowsTheNumbersOfGrantTableH() {
        final Map<String, Integer> ours =
                Map.of(
                        "GTF_accept_transfer", GrantEntry.ACCEPT_TRANSFER,
                        "GTF_transitive", GrantEntry.TRANSITIVE,
                        "GTF_transfer_committed", GrantEntry.TRANSFER_COMMITTED,
                        "GTF_transfer_completed", GrantEntry.TRANSFER_COMPLETED,
                        "ENTRIES_PER_4K_FRAME_V2", GrantEntryV2.ENTRIES_PER_PAGE,
                        "STATUS_ENTRIES_PER_4K_FRAME_V2", GrantStatusWords.WORDS_PER_PAGE,
                        "GNTCOPY_source_gref", GrantCopyBatch.SOURCE_GRANT,
                        "GNTCOPY_dest_gref", GrantCopyBatch.DESTINATION_GRANT,
                        "DOMID_SELF", DomainId.SELF);
        ours.forEach(
                (name, value) -> assertThat(grant.constant(name)).as(name).isEqualTo((long) value));
    }

    @Test
    void laysTheControlBlockAtTheBytesOfEventChannelH() {
        final WireFacts.Struct facts = event.struct("evtchn_fifo_control_block");
        assertThat(FifoControlBlock.SIZE_BYTES).isEqualTo(facts.size());
        final FifoControlBlock block = new FifoControlBlock(page);
        assertThat(block.setReadyVolatile(15)).isTrue();
        assertThat(block.setReadyVolatile(15)).isFalse();
        block.headRelease(0, 0x1234);
        block.headRelease(15, 0xA1B2_C3D4);
        assertThat(page.getInt(facts.offset("ready"))).isEqualTo(1 << 15);
        assertThat(page.getInt(facts.offset("head"))).isEqualTo(0x1234);
        assertThat(page.getInt(facts.offset("head") + facts.size("head") - 4))
                .isEqualTo(0xA1B2_C3D4);
        assertThat(block.headAcquire(15)).isEqualTo(0xA1B2_C3D4);
        page.putInt(facts.offset("ready"), 0xFFFF_8001);
        assertThat(block.takeReadyVolatile()).as("queues only").isEqualTo(0x8001);
        assertThat(block.takeReadyVolatile()).isZero();
    }

    @Test
    void knowsTheNumbersOfEventChannelH() {
        final Map<String, Integer> ours =
                Map.ofEntries(
                        Map.entry("EVTCHN_FIFO_LINK_BITS", FifoEventWord.LINK_BITS),
                        Map.entry("EVTCHN_FIFO_LINK_MASK", FifoEventWord.LINK_MASK),
                        Map.entry("EVTCHN_FIFO_NR_CHANNELS", FifoEventWord.PORTS),
                        Map.entry("EVENT_WORDS_PER_4K_PAGE", FifoEventWord.WORDS_PER_PAGE),
                        Map.entry("EVTCHN_FIFO_MAX_QUEUES", FifoControlBlock.QUEUES),
                        Map.entry("EVTCHN_FIFO_PRIORITY_MAX", FifoControlBlock.PRIORITY_MAX),
                        Map.entry(
                                "EVTCHN_FIFO_PRIORITY_DEFAULT", FifoControlBlock.PRIORITY_DEFAULT),
                        Map.entry("EVTCHN_FIFO_PRIORITY_MIN", FifoControlBlock.PRIORITY_MIN),
                        Map.entry("NR_VIRQS", Virq.COUNT),
                        Map.entry("VIRQ_TIMER", Virq.TIMER),
                        Map.entry("VIRQ_DEBUG", Virq.DEBUG),
                        Map.entry("VIRQ_CONSOLE", Virq.CONSOLE),
                        Map.entry("VIRQ_DOM_EXC", Virq.DOM_EXC),
                        Map.entry("VIRQ_XENOPROF", Virq.XENOPROF),
                        Map.entry("VIRQ_XENPMU", Virq.XENPMU));
        ours.forEach(
                (name, value) -> assertThat(event.constant(name)).as(name).isEqualTo((long) value));
        final Map<String, Integer> bits =
                Map.of(
                        "EVTCHN_FIFO_PENDING", FifoEventWord.PENDING,
                        "EVTCHN_FIFO_MASKED", FifoEventWord.MASKED,
                        "EVTCHN_FIFO_LINKED", FifoEventWord.LINKED,
                        "EVTCHN_FIFO_BUSY", FifoEventWord.BUSY);
        bits.forEach(
                (name, value) -> assertThat(1 << event.constant(name)).as(name).isEqualTo(value));
    }
}
