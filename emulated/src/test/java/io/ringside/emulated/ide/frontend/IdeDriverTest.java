package io.ringside.emulated.ide.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.emulated.ide.IdeMachine;
import io.ringside.emulated.ide.MoodyStore;
import io.ringside.emulated.ide.backend.DriveIdentity;
import io.ringside.emulated.ide.protocol.Addressing;
import io.ringside.emulated.trap.StringIo;
import io.ringside.testkit.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The driver and the disk together, over real guest memory, against an array of bytes. */
class IdeDriverTest {
    private static final int SECTORS = 4096;
    private static final int REQUESTS = 400;
    private static final int DEPTH = 6;
    private static final int FRAMES_EACH = 36;
    private static final int FIRST_FRAME = 16;

    @ParameterizedTest
    @CsvSource({
        "PIO, CHS, ONE_EXIT, 0",
        "PIO, LBA28, PER_WORD, 3",
        "PIO, LBA48, ONE_EXIT, 3",
        "PIO_MULTIPLE, CHS, PER_WORD, 0",
        "PIO_MULTIPLE, LBA28, ONE_EXIT, 3",
        "PIO_MULTIPLE, LBA48, ONE_EXIT, 20",
        "DMA, CHS, ONE_EXIT, 3",
        "DMA, LBA28, ONE_EXIT, 20",
        "DMA, LBA48, ONE_EXIT, 0",
    })
    void readsWhatWasWrittenInOrderAndNothingElse(
            final IdeMode mode,
            final Addressing addressing,
            final StringIo stringIo,
            final int maxDelay) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final MoodyStore store = new MoodyStore(SECTORS, maxDelay, random.split());
        final DriveIdentity identity = new DriveIdentity("DISK", "1", "1", addressing);
        try (IdeMachine machine = new IdeMachine(store, identity, stringIo)) {
            final IdeGuest guest = IdeGuest.ready(machine, mode, DEPTH);
            final Workload workload = new Workload(guest, machine, random, seed);
            workload.run();
            assertThat(Arrays.copyOf(store.bytes(), workload.model.length))
                    .as(seed.toString())
                    .isEqualTo(workload.model);
            assertThat(guest.driver().spuriousInterrupts()).as(seed.toString()).isZero();
            assertThat(machine.disk().refusedCommands()).as(seed.toString()).isZero();
            assertThat(machine.disk().refusedTables()).as(seed.toString()).isZero();
            assertThat(machine.disk().ignoredWrites()).as(seed.toString()).isZero();
        }
    }

    /** Random requests, some at once, each over memory of its own. */
    private static final class Workload {
        private final IdeGuest guest;
        private final IdeMachine machine;
        private final SplittableRandom random;
        private final Seed seed;
        private final byte[] model;
        private final BlockRequest[] requests = new BlockRequest[DEPTH];
        private final List<byte[]> expected = new ArrayList<>();
        private final List<BlockRequest> free = new ArrayList<>();
        private int checked;

        Workload(
                final IdeGuest guest,
                final IdeMachine machine,
                final SplittableRandom random,
                final Seed seed) {
            this.guest = guest;
            this.machine = machine;
            this.random = random;
            this.seed = seed;
            this.model = new byte[(int) guest.driver().limits().sectors() * 512];
            for (int i = 0; i < DEPTH; i++) {
                requests[i] = new BlockRequest(256);
                requests[i].tag(i);
                free.add(requests[i]);
            }
        }

        void run() {
            int submitted = 0;
            for (long turns = 0; checked < REQUESTS; turns++) {
                assertThat(turns).as(seed.toString()).isLessThan(10_000_000);
                if (submitted < REQUESTS && !free.isEmpty() && random.nextInt(4) == 0) {
                    submitOne();
                    submitted++;
                    if (random.nextBoolean() || submitted == REQUESTS) {
                        guest.driver().commit();
                    }
                }
                if (random.nextBoolean()) {
                    guest.driver().doWork();
                } else {
                    machine.disk().doWork();
                }
                if (free.isEmpty()) {
                    guest.driver().commit();
                }
                while (checked < guest.completed().size()) {
                    check(guest.completed().get(checked), expected.get(checked));
                    checked++;
                }
            }
        }

        private void submitOne() {
            final BlockRequest request = free.removeLast();
            final int kind = random.nextInt(10);
            if (kind == 0) {
                request.reset(BlockOperation.FLUSH, 0);
                expected.add(new byte[0]);
            } else {
                final BlockOperation operation =
                        kind < 5 ? BlockOperation.READ : BlockOperation.WRITE;
                final int sectors = random.nextBoolean() ? 1 + random.nextInt(256) : 8;
                final int sector = random.nextInt(model.length / 512 - sectors + 1);
                request.reset(operation, sector);
                layOut(request, sectors);
                if (operation == BlockOperation.WRITE) {
                    final byte[] data = new byte[sectors * 512];
                    random.nextBytes(data);
                    put(request, data);
                    System.arraycopy(data, 0, model, sector * 512, data.length);
                    expected.add(data);
                } else {
                    expected.add(Arrays.copyOfRange(model, sector * 512, (sector + sectors) * 512));
                }
            }
            assertThat(guest.driver().submit(request)).as(seed.toString()).isTrue();
        }

        /** Whole pages, or parts of them, in the order of their frames or backwards. */
        private void layOut(final BlockRequest request, final int sectors) {
            final int base = FIRST_FRAME + request.tag() * FRAMES_EACH;
            final boolean isBackwards = random.nextBoolean();
            final boolean isWhole = sectors > 128 || random.nextBoolean();
            int left = sectors;
            for (int i = 0; left > 0; i++) {
                final int frame = base + (isBackwards ? FRAMES_EACH - 1 - i : i);
                final int from = isWhole ? 0 : random.nextInt(4);
                final int most = isWhole ? 8 : 4 + random.nextInt(5 - from);
                final int count = Math.min(left, most);
                request.addSegment(frame * 4096L + from * 512L, count * 512);
                left -= count;
            }
        }

        private void put(final BlockRequest request, final byte[] data) {
            int at = 0;
            for (int i = 0; i < request.segmentCount(); i++) {
                final int length = request.segmentBytes(i);
                machine.bytes().putBytes((int) request.segmentAddress(i), data, at, length);
                at += length;
            }
        }

        private void check(final BlockRequest request, final byte[] data) {
            assertThat(request.status()).as(seed.toString()).isEqualTo(BlockStatus.OK);
            final byte[] found = new byte[request.totalBytes()];
            int at = 0;
            for (int i = 0; i < request.segmentCount(); i++) {
                final int length = request.segmentBytes(i);
                machine.bytes().getBytes((int) request.segmentAddress(i), found, at, length);
                at += length;
            }
            assertThat(found).as(seed.toString()).isEqualTo(data);
            free.add(request);
        }
    }
}
