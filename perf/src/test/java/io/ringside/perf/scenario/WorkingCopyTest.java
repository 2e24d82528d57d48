package io.ringside.perf.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.media.Access;
import io.ringside.device.media.NewVhd;
import io.ringside.device.media.VhdImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkingCopyTest {
    /** More than one step of the copy, and not a whole number of steps. */
    private static final int BYTES = (9 << 20) + 512;

    @TempDir private Path directory = Path.of("");

    private Path image = Path.of("");
    private final List<Double> progress = new ArrayList<>();
    private boolean interrupted;

    private final RunControl control =
            new RunControl() {
                @Override
                public void progress(final String device, final double fraction) {
                    progress.add(fraction);
                }

                @Override
                public boolean isInterrupted() {
                    return interrupted;
                }
            };

    @BeforeEach
    void makesAnImage() throws IOException {
        final byte[] bytes = new byte[BYTES];
        new SplittableRandom(3).nextBytes(bytes);
        image = Files.write(directory.resolve("disk.img"), bytes);
    }

    private WorkingCopy copy() throws UsageException {
        try (Arena arena = Arena.ofConfined()) {
            return WorkingCopy.of(image, Images.mapWhole(image, arena), control);
        }
    }

    @Test
    void isTheSameAndIsGoneWhenItIsClosed() throws Exception {
        final Path file;
        try (WorkingCopy copy = copy()) {
            file = copy.file();
            assertThat(Files.mismatch(file, image)).isEqualTo(-1);
            assertThat(progress).hasSize(3).isSorted();
            Files.write(file, new byte[1]);
        }
        assertThat(file).doesNotExist();
        assertThat(image).hasSize(BYTES);
    }

    @Test
    void isRemovedWhenItIsInterrupted() {
        interrupted = true;
        assertThatThrownBy(this::copy)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("interrupted while copying");
        assertThat(progress).isEmpty();
    }

    @Test
    void isAChildOfADifferencingImage() throws Exception {
        final Path parent = directory.resolve("parent.vhd");
        NewVhd.dynamic(parent, BYTES, UUID.randomUUID(), Instant.now());
        final byte[] before = Files.readAllBytes(parent);
        final Path file;
        try (WorkingCopy copy = WorkingCopy.childOf(parent)) {
            file = copy.file();
            try (VhdImage child = VhdImage.open(file, Access.READ_WRITE, Thread::new)) {
                assertThat(child.hasParent()).isTrue();
                assertThat(child.sectors()).isEqualTo(BYTES / 512);
            }
        }
        assertThat(file).doesNotExist();
        assertThat(parent).hasBinaryContent(before);
    }

    @Test
    void refusesToBeAChildOfARawImage() {
        assertThatThrownBy(() -> WorkingCopy.childOf(image))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(image.toString());
    }
}
