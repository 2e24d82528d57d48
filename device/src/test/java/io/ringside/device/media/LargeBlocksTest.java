package io.ringside.device.media;

import static io.ringside.device.media.StoreRig.memory;
import static io.ringside.device.media.StoreRig.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.host.StoreRequest.Operation;
import io.ringside.device.host.StoreRequest.Status;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A disk of 4096-byte blocks over one of 512-byte sectors. */
final class LargeBlocksTest {
    private static final int BLOCK_BYTES = 4096;
    private static final int SECTORS = 67; // eight blocks, and three sectors that fill none

    private final LargeBlocks store = LargeBlocks.over(RamStore.zeroed(SECTORS), BLOCK_BYTES);
    private final StoreRig rig = new StoreRig(store);

    @Test
    void showsWholeBlocksOnly() {
        assertThat(store.sectors()).isEqualTo(64);
        assertThat(store.blockBytes()).isEqualTo(BLOCK_BYTES);
        assertThat(store.physicalBlockBytes()).isEqualTo(BLOCK_BYTES);
        assertThat(store.discardGranularityBytes()).isEqualTo(BLOCK_BYTES);
        assertThat(store.canErase()).isTrue();
        assertThat(store.isReadOnly()).isFalse();
    }

    @Test
    void carriesOutWholeBlocks() {
        final byte[] block = new byte[BLOCK_BYTES];
        Arrays.fill(block, (byte) 0x2a);
        assertThat(rig.write(56, block)).isEqualTo(Status.OK);
        assertThat(rig.read(56, BLOCK_BYTES)).isEqualTo(block);
        assertThat(rig.discard(56, 8)).isEqualTo(Status.OK);
        assertThat(rig.read(56, BLOCK_BYTES)).isEqualTo(new byte[BLOCK_BYTES]);
        assertThat(rig.erase(0, 64)).isEqualTo(Status.OK);
        assertThat(rig.flush()).isEqualTo(Status.OK);
    }

    @Test
    void failsWhatIsNotWholeBlocks() {
        for (int sector = 0; sector < 17; sector++) {
            for (int count = 1; count < 17; count++) {
                final boolean whole = sector % 8 == 0 && count % 8 == 0;
                final Status expected = whole ? Status.OK : Status.ERROR;
                assertThat(rig.run(request(Operation.READ, sector, memory(count * 512))))
                        .as("sector=%d count=%d", sector, count)
                        .isEqualTo(expected);
                assertThat(rig.discard(sector, count)).isEqualTo(expected);
            }
        }
        assertThat(rig.discard(64, 8)).isEqualTo(Status.ERROR);
    }

    @Test
    void hasNoRoomForMoreFailuresThanArePolled() {
        int taken = 0;
        while (store.submit(request(Operation.READ, 1, memory(512)))) {
            taken++;
        }
        assertThat(taken).isPositive();
        assertThat(store.poll(rig, 1)).isEqualTo(1);
        assertThat(store.submit(request(Operation.READ, 1, memory(512)))).isTrue();
        rig.awaitCompletions(taken + 1);
        assertThat(rig.completed()).hasSize(taken + 1).doesNotHaveDuplicates();
    }

    @Test
    void isNotMadeOfSizesThatMakeNoSense() {
        assertThatThrownBy(() -> LargeBlocks.over(store, 512))
                .hasMessage("no size of blocks: blockBytes=512");
        assertThatThrownBy(() -> LargeBlocks.over(store, 12288))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
