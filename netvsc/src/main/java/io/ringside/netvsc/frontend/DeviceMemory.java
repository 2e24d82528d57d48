package io.ringside.netvsc.frontend;

import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.netvsc.protocol.NvspMessage;
import io.ringside.vmbus.guest.GuestChannel;

/**
 * The guest's pages that a device works with: two buffers that the host is given, memory for
 * headers, and a page for questions.
 *
 * <p>Errors: too little guest memory throws {@link IllegalStateException}. Threads: one.
 */
final class DeviceMemory {
    private static final int LEAST_SECTION_BYTES = 68;

    final SharedBuffer receiveBuffer;
    final SharedBuffer sendBuffer;
    final PageBlock questions;
    final HeaderMemory headers;
    private ReceiveSections receiveSections = ReceiveSections.NONE;
    private Slots sendSections = new Slots(0, 0);

    DeviceMemory(
            final GuestMemory memory, final FrameAllocator frames, final NetvscOptions options) {
        final int headerBytes = HeaderMemory.bytes(options.transmitDepth());
        receiveBuffer =
                new SharedBuffer(new PageBlock(memory, frames, options.receiveBufferBytes()));
        sendBuffer = new SharedBuffer(new PageBlock(memory, frames, options.sendBufferBytes()));
        questions = new PageBlock(memory, frames, GuestMemory.PAGE_BYTES);
        headers =
                new HeaderMemory(
                        new PageBlock(memory, frames, headerBytes), options.transmitDepth());
    }

    /** How the host divides the receive buffer. */
    ReceiveSections receiveSections() {
        return receiveSections;
    }

    /** The sections of the send buffer; none before the host has divided it. */
    Slots sendSections() {
        return sendSections;
    }

    /** The host divides the receive buffer; false if that cannot be. */
    boolean divideReceiveBuffer(final NvspMessage told) {
        final long sectionBytes = told.receiveSectionBytes();
        final long count = told.receiveSectionCount();
        if (told.receivePieces() != 1
                || told.receivePieceOffset() != 0
                || sectionBytes < LEAST_SECTION_BYTES
                || sectionBytes > receiveBuffer.lengthBytes()
                || count == 0
                || count > receiveBuffer.lengthBytes() / sectionBytes) {
            return false;
        }
        receiveSections = new ReceiveSections((int) sectionBytes, (int) count);
        return true;
    }

    /** The host divides the send buffer; false if that cannot be. */
    boolean divideSendBuffer(final NvspMessage told) {
        final long sectionBytes = told.sendSectionBytes();
        if (sectionBytes < LEAST_SECTION_BYTES || sectionBytes > sendBuffer.lengthBytes()) {
            return false;
        }
        sendSections = new Slots(sendBuffer.lengthBytes() / (int) sectionBytes, (int) sectionBytes);
        return true;
    }

    /** Asks for both buffers back; whether the host uses neither any more. */
    boolean takeBack(final GuestChannel channel) {
        final boolean isReceiveBack = receiveBuffer.takeBack(channel);
        return sendBuffer.takeBack(channel) && isReceiveBack;
    }

    /** Gives all pages back. */
    void free() {
        receiveBuffer.block().free();
        sendBuffer.block().free();
        questions.free();
        headers.block().free();
    }
}
