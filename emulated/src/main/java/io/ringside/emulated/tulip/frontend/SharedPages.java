package io.ringside.emulated.tulip.frontend;

import io.ringside.emulated.tulip.protocol.SetupFrame;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory that the driver shares with its card, beside that for received frames.
 *
 * <pre>
 *   page 0        0  transmit ring, 32 descriptors
 *               512  setup frame
 *              2048  receive ring, 128 descriptors
 *   page 1 to 16     bounce buffers, 2048 bytes for each transmit descriptor
 * </pre>
 *
 * <p>Threads: the vCPU's.
 */
final class SharedPages {
    private static final int SETUP_OFFSET = TransmitDescriptors.RING_BYTES;
    private static final int RECEIVE_OFFSET =
            GuestMemory.PAGE_BYTES - ReceiveDescriptors.RING_BYTES;
    private static final int BOUNCE_BYTES =
            TransmitDescriptors.COUNT * TransmitDescriptors.BOUNCE_BYTES;
    private static final int PAGES = 1 + BOUNCE_BYTES / GuestMemory.PAGE_BYTES;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    private final FrameAllocator allocator;
    private final GuestMemory memory;
    private final int first;

    SharedPages(final FrameAllocator allocator, final GuestMemory memory) {
        this.allocator = allocator;
        this.memory = memory;
        this.first = allocator.allocate(PAGES);
    }

    long transmitRing() {
        return (long) first << GuestMemory.PAGE_SHIFT;
    }

    long setupFrame() {
        return transmitRing() + SETUP_OFFSET;
    }

    long receiveRing() {
        return transmitRing() + RECEIVE_OFFSET;
    }

    long bounce() {
        return transmitRing() + GuestMemory.PAGE_BYTES;
    }

    UnsafeBuffer transmitRingView() {
        return view(transmitRing(), TransmitDescriptors.RING_BYTES);
    }

    UnsafeBuffer receiveRingView() {
        return view(receiveRing(), ReceiveDescriptors.RING_BYTES);
    }

    UnsafeBuffer bounceView() {
        return view(bounce(), BOUNCE_BYTES);
    }

    private UnsafeBuffer view(final long address, final int lengthBytes) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, address, lengthBytes);
        return view;
    }

    /** Fills the setup frame in: the station's address last, broadcasts in all other entries. */
    void listenTo(final long stationAddress) {
        final UnsafeBuffer frame = view(setupFrame(), SetupFrame.BYTES);
        for (int i = 0; i < SetupFrame.ENTRIES - 1; i++) {
            SetupFrame.address(frame, i, BROADCAST);
        }
        SetupFrame.address(frame, SetupFrame.ENTRIES - 1, stationAddress);
    }

    void free() {
        for (int i = 0; i < PAGES; i++) {
            allocator.free(first + i);
        }
    }
}
