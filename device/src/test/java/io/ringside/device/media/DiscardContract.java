package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.BlockStore;
import io.ringside.device.host.StoreRequest.Status;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What every store owes besides, if it can discard. */
abstract class DiscardContract extends BlockStoreContract {
    @Test
    void readsZerosWhereItWasDiscardedAndNowhereElse() throws Exception {
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(store);
            for (int round = 0; round < 200; round++) {
                final int sector = random.nextInt(SECTORS + 1);
                final int count = random.nextInt(SECTORS - sector + 1);
                assertThat(rig.discard(sector, count)).isEqualTo(Status.OK);
                Arrays.fill(
                        content, sector * SECTOR_BYTES, (sector + count) * SECTOR_BYTES, (byte) 0);
                final byte[] written = bytes(3 * SECTOR_BYTES);
                final int at = random.nextInt(SECTORS - 2);
                assertThat(rig.write(at, written)).isEqualTo(Status.OK);
                System.arraycopy(written, 0, content, at * SECTOR_BYTES, written.length);
                assertThat(rig.read(0, content.length))
                        .as("round=%d, %s", round, seed)
                        .isEqualTo(content);
            }
            assertThat(rig.flush()).isEqualTo(Status.OK);
        }
    }

    @Test
    void readsZerosWhereItWasErasedAndNowhereElseUnlessItCannotErase() throws Exception {
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(store);
            for (int round = 0; round < 50; round++) {
                final int sector = random.nextInt(SECTORS + 1);
                final int count = random.nextInt(SECTORS - sector + 1);
                if (store.canErase()) {
                    assertThat(rig.erase(sector, count)).isEqualTo(Status.OK);
                    Arrays.fill(
                            content,
                            sector * SECTOR_BYTES,
                            (sector + count) * SECTOR_BYTES,
                            (byte) 0);
                } else {
                    assertThat(rig.erase(sector, count)).isEqualTo(Status.UNSUPPORTED);
                }
                final byte[] written = bytes(3 * SECTOR_BYTES);
                final int at = random.nextInt(SECTORS - 2);
                assertThat(rig.write(at, written)).isEqualTo(Status.OK);
                System.arraycopy(written, 0, content, at * SECTOR_BYTES, written.length);
                assertThat(rig.read(0, content.length))
                        .as("round=%d, %s", round, seed)
                        .isEqualTo(content);
            }
        }
    }

    @Test
    void refusesToEraseWhatItDoesNotHaveOrMayNotChange() throws Exception {
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(store);
            final Status refusal = store.canErase() ? Status.ERROR : Status.UNSUPPORTED;
            assertThat(rig.erase(0, SECTORS + 1)).isEqualTo(refusal);
            assertThat(rig.erase(-1, 2)).isEqualTo(refusal);
            assertThat(rig.erase(1, Long.MAX_VALUE)).isEqualTo(refusal);
            assertThat(rig.erase(1, -1)).isEqualTo(refusal);
            assertThat(rig.read(0, content.length)).isEqualTo(content);
        }
        try (BlockStore store = open(content, Access.READ_ONLY)) {
            final StoreRig rig = new StoreRig(store);
            assertThat(rig.erase(0, 1)).isEqualTo(Status.READ_ONLY);
            assertThat(rig.read(0, content.length)).isEqualTo(content);
        }
    }

    @Test
    void refusesToDiscardWhatItDoesNotHaveOrMayNotChange() throws Exception {
        try (BlockStore store = open(content, Access.READ_WRITE)) {
            final StoreRig rig = new StoreRig(store);
            assertThat(rig.discard(0, SECTORS + 1)).isEqualTo(Status.ERROR);
            assertThat(rig.discard(SECTORS, 1)).isEqualTo(Status.ERROR);
            assertThat(rig.discard(-1, 2)).isEqualTo(Status.ERROR);
            assertThat(rig.discard(1, Long.MAX_VALUE)).isEqualTo(Status.ERROR);
            assertThat(rig.discard(1, -1)).isEqualTo(Status.ERROR);
            assertThat(rig.discard(SECTORS, 0)).isEqualTo(Status.OK);
            assertThat(rig.read(0, content.length)).isEqualTo(content);
        }
        try (BlockStore store = open(content, Access.READ_ONLY)) {
            final StoreRig rig = new StoreRig(store);
            assertThat(rig.discard(0, 1)).isEqualTo(Status.READ_ONLY);
            assertThat(rig.read(0, content.length)).isEqualTo(content);
        }
    }
}
