package io.ringside.emulated.ide.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.emulated.ide.protocol.PrdEntry;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PrdTableTest {
    @Test
    void mergesNeighboursUpToEveryBoundary() {
        final BlockRequest request = new BlockRequest(256).reset(BlockOperation.READ, 0);
        request.addSegment(0xE000, 4096);
        request.addSegment(0xF000, 4096);
        request.addSegment(0x10000, 4096); // A neighbour, behind the boundary.
        request.addSegment(0x11000, 512);
        request.addSegment(0x11200, 512);
        request.addSegment(0x11600, 512); // A gap.
        request.addSegment(0x11400, 512); // Backwards.
        assertThat(entries(request))
                .containsExactly("e000+8192", "10000+5120", "11600+512", "11400+512 last");
    }

    @Test
    void fillsAWholeRegionAndAWholeTable() {
        final BlockRequest request = new BlockRequest(256).reset(BlockOperation.READ, 0);
        for (int page = 0; page < 16; page++) {
            request.addSegment(0x20000 + page * 4096L, 4096);
        }
        assertThat(entries(request)).containsExactly("20000+65536 last");
        request.reset(BlockOperation.READ, 0);
        for (int i = 0; i < 256; i++) {
            request.addSegment(i % 2 * 8192L, 512);
        }
        assertThat(entries(request)).hasSize(256).endsWith("2000+512 last");
    }

    private static List<String> entries(final BlockRequest request) {
        try (InProcessMemory memory = InProcessMemory.anonymous(4)) {
            final PrdTable table = new PrdTable(memory, 4096);
            final int count = table.fill(request);
            final UnsafeBuffer view = new UnsafeBuffer(0, 0);
            memory.wrap(view, table.guestAddress(), PrdTable.SIZE_BYTES);
            final PrdEntry entry = new PrdEntry(view);
            final List<String> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add(
                        Long.toHexString(entry.address(i))
                                + "+"
                                + entry.lengthBytes(i)
                                + (entry.isLast(i) ? " last" : ""));
            }
            return entries;
        }
    }
}
