package io.ringside.ringbuf.vmbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every layout and constant against what the compiler read off linux/hyperv.h. */
class WireLayoutTest {
    private final WireFacts facts = WireFacts.load("hv-vmbus");
    private final RingMemory memory = new RingMemory(RingMemory.Mapping.PLAIN, 1);

    @AfterEach
    void letGo() {
        memory.close();
    }

    @Test
    void laysTheControlPageAsHvRingBuffer() {
        final WireFacts.Struct ring = facts.struct("hv_ring_buffer");
        assertThat(ControlPage.WRITE_INDEX_OFFSET).isEqualTo(ring.offset("write_index"));
        assertThat(ControlPage.READ_INDEX_OFFSET).isEqualTo(ring.offset("read_index"));
        assertThat(ControlPage.INTERRUPT_MASK_OFFSET).isEqualTo(ring.offset("interrupt_mask"));
        assertThat(ControlPage.PENDING_SEND_OFFSET).isEqualTo(ring.offset("pending_send_sz"));
        assertThat(ControlPage.FEATURE_BITS_OFFSET).isEqualTo(ring.offset("feature_bits"));
        assertThat(ControlPage.BYTES).isEqualTo(ring.size()).isEqualTo(ring.offset("buffer"));
    }

    @Test
    void writesEachWordOfTheControlPageToItsPlace() {
        final UnsafeBuffer buffer = memory.control();
        buffer.setMemory(0, ControlPage.BYTES, (byte) 0x5a);
        final ControlPage page = new ControlPage(buffer);
        page.initialise();
        page.writeIndexRelease(0x04030201);
        page.readIndexRelease(0x08070605);
        page.maskOpaque(true);
        page.pendingSendRelease(0x0c0b0a09);
        page.featureBitsRelease(ControlPage.FEATURE_PENDING_SEND);
        assertThat(RingMemory.hex(buffer, 0, 20))
                .isEqualTo("01 02 03 04 05 06 07 08 01 00 00 00 09 0a 0b 0c 00 00 00 00");
        assertThat(RingMemory.hex(buffer, 60, 12)).isEqualTo("00 00 00 00 01 00 00 00 00 00 00 00");
        assertThat(RingMemory.hex(buffer, 4092, 4)).isEqualTo("00 00 00 00");
    }

    @Test
    void readsTheWordsOfTheControlPageUnsigned() {
        final UnsafeBuffer buffer = memory.control();
        buffer.setMemory(0, ControlPage.BYTES, (byte) 0xff);
        final ControlPage page = new ControlPage(buffer);
        assertThat(page.writeIndexAcquire()).isEqualTo(0xffff_ffffL);
        assertThat(page.readIndexAcquire()).isEqualTo(0xffff_ffffL);
        assertThat(page.pendingSendAcquire()).isEqualTo(0xffff_ffffL);
        assertThat(page.isMaskedOpaque()).isTrue();
    }

    @Test
    void laysTheDescriptorAsVmpacketDescriptor() {
        final WireFacts.Struct packet = facts.struct("vmpacket_descriptor");
        assertThat(PacketDescriptor.TYPE_OFFSET).isEqualTo(packet.offset("type"));
        assertThat(PacketDescriptor.OFFSET8_OFFSET).isEqualTo(packet.offset("offset8"));
        assertThat(PacketDescriptor.LEN8_OFFSET).isEqualTo(packet.offset("len8"));
        assertThat(PacketDescriptor.FLAGS_OFFSET).isEqualTo(packet.offset("flags"));
        assertThat(PacketDescriptor.TRANSACTION_ID_OFFSET).isEqualTo(packet.offset("trans_id"));
        assertThat(PacketDescriptor.BYTES).isEqualTo(packet.size());
        assertThat(PacketDescriptor.TRAILER_BYTES).isEqualTo(facts.constant("VMBUS_PKT_TRAILER"));
        assertThat(PacketDescriptor.COMPLETION_REQUESTED)
                .isEqualTo(facts.constant("VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED"));
    }

    @Test
    void packsTheHeadOfADescriptorAsItsFieldsLie() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[24]);
        final PacketDescriptor packet = new PacketDescriptor().wrap(buffer, 8);
        packet.put(0xabcd, 0xfffe * 8, 0xffff * 8, 0x8001, 0x8877_6655_4433_2211L);
        assertThat(RingMemory.hex(buffer, 8, 16))
                .isEqualTo("cd ab fe ff ff ff 01 80 11 22 33 44 55 66 77 88");
        assertThat(packet.type()).isEqualTo(0xabcd);
        assertThat(packet.payloadOffset()).isEqualTo(0xfffe * 8);
        assertThat(packet.packetBytes()).isEqualTo(0xffff * 8);
        assertThat(packet.flags()).isEqualTo(0x8001);
        assertThat(packet.transactionId()).isEqualTo(0x8877_6655_4433_2211L);
    }

    @Test
    void numbersThePacketTypesAsHyperv() {
        assertType(PacketType.INVALID, "VM_PKT_INVALID");
        assertType(PacketType.SYNCH, "VM_PKT_SYNCH");
        assertType(PacketType.ADD_TRANSFER_PAGE_SET, "VM_PKT_ADD_XFER_PAGESET");
        assertType(PacketType.REMOVE_TRANSFER_PAGE_SET, "VM_PKT_RM_XFER_PAGESET");
        assertType(PacketType.ESTABLISH_GPADL, "VM_PKT_ESTABLISH_GPADL");
        assertType(PacketType.TEARDOWN_GPADL, "VM_PKT_TEARDOWN_GPADL");
        assertType(PacketType.IN_BAND, "VM_PKT_DATA_INBAND");
        assertType(PacketType.TRANSFER_PAGES, "VM_PKT_DATA_USING_XFER_PAGES");
        assertType(PacketType.GPADL, "VM_PKT_DATA_USING_GPADL");
        assertType(PacketType.GPA_DIRECT, "VM_PKT_DATA_USING_GPA_DIRECT");
        assertType(PacketType.CANCEL_REQUEST, "VM_PKT_CANCEL_REQUEST");
        assertType(PacketType.COMPLETION, "VM_PKT_COMP");
        assertType(PacketType.ADDITIONAL_PACKET, "VM_PKT_DATA_USING_ADDITIONAL_PKT");
        assertType(PacketType.ADDITIONAL_DATA, "VM_PKT_ADDITIONAL_DATA");
    }

    private void assertType(final int type, final String fact) {
        assertThat(type).as(fact).isEqualTo((int) facts.constant(fact));
        assertThat(PacketType.name(type)).isNotEqualTo("type " + type);
    }

    @Test
    void asksOfEachTypeTheHeaderThatItsStructHas() {
        final int descriptor = PacketDescriptor.BYTES;
        assertLeastHeader(
                PacketType.TRANSFER_PAGES, "vmtransfer_page_packet_header", "ranges", descriptor);
        assertLeastHeader(PacketType.GPA_DIRECT, "vmdata_gpa_direct", "range", descriptor);
        assertLeastHeader(PacketType.ESTABLISH_GPADL, "vmestablish_gpadl", "range", descriptor);
        assertLeastHeader(PacketType.ADDITIONAL_DATA, "vmadditional_data", "data", descriptor);
        assertThat(PacketType.leastHeaderBytes(PacketType.GPADL))
                .isEqualTo(facts.struct("vmgpadl_packet_header").size() - descriptor);
        assertThat(PacketType.leastHeaderBytes(PacketType.TEARDOWN_GPADL))
                .isEqualTo(facts.struct("vmteardown_gpadl").size() - descriptor);
        final int pageSet = facts.struct("vmadd_remove_transfer_page_set").size() - descriptor;
        assertThat(PacketType.leastHeaderBytes(PacketType.ADD_TRANSFER_PAGE_SET))
                .isEqualTo(pageSet);
        assertThat(PacketType.leastHeaderBytes(PacketType.REMOVE_TRANSFER_PAGE_SET))
                .isEqualTo(pageSet);
        assertThat(PacketType.leastHeaderBytes(PacketType.IN_BAND)).isZero();
        assertThat(PacketType.leastHeaderBytes(PacketType.COMPLETION)).isZero();
        assertThat(PacketType.leastHeaderBytes(0x7777)).isZero();
    }

    private void assertLeastHeader(
            final int type, final String struct, final String firstBehind, final int descriptor) {
        assertThat(PacketType.leastHeaderBytes(type))
                .as(struct)
                .isEqualTo(facts.struct(struct).offset(firstBehind) - descriptor);
    }

    @Test
    void laysTheTransferPageHeaderBehindTheDescriptor() {
        final WireFacts.Struct header = facts.struct("vmtransfer_page_packet_header");
        final WireFacts.Struct range = facts.struct("vmtransfer_page_range");
        final int base = PacketDescriptor.BYTES;
        assertThat(TransferPageHeader.SET_ID_OFFSET + base)
                .isEqualTo(header.offset("xfer_pageset_id"));
        assertThat(TransferPageHeader.SENDER_OWNS_OFFSET + base)
                .isEqualTo(header.offset("sender_owns_set"));
        assertThat(TransferPageHeader.RESERVED_OFFSET + base).isEqualTo(header.offset("reserved"));
        assertThat(TransferPageHeader.RANGE_COUNT_OFFSET + base)
                .isEqualTo(header.offset("range_cnt"));
        assertThat(TransferPageHeader.RANGES_OFFSET + base).isEqualTo(header.offset("ranges"));
        assertThat(TransferPageHeader.BYTE_OFFSET_OFFSET).isEqualTo(range.offset("byte_offset"));
        assertThat(range.offset("byte_count")).isZero();
        assertThat(TransferPageHeader.RANGE_BYTES).isEqualTo(range.size());
    }

    @Test
    void laysTheGpaDirectHeaderBehindTheDescriptor() {
        final WireFacts.Struct header = facts.struct("vmdata_gpa_direct");
        final WireFacts.Struct range = facts.struct("gpa_range");
        final int base = PacketDescriptor.BYTES;
        assertThat(GpaDirectHeader.RESERVED_OFFSET + base).isEqualTo(header.offset("reserved"));
        assertThat(GpaDirectHeader.RANGE_COUNT_OFFSET + base).isEqualTo(header.offset("range_cnt"));
        assertThat(GpaDirectHeader.RANGES_OFFSET + base).isEqualTo(header.offset("range"));
        assertThat(GpaDirectHeader.BYTE_OFFSET_OFFSET).isEqualTo(range.offset("byte_offset"));
        assertThat(GpaDirectHeader.PAGES_OFFSET).isEqualTo(range.offset("pfn_array"));
        assertThat(range.offset("byte_count")).isZero();
    }
}
