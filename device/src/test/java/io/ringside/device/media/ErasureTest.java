package io.ringside.device.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.StoreRequest;
import io.ringside.device.host.StoreRequest.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reaches the disk, and in which order, when a range of a file is erased. */
final class ErasureTest {
    private static final int SECTORS = 512;

    @TempDir private Path directory;

    private RecordedFile file;
    private RawImageWorker worker;

    @BeforeEach
    void open() throws IOException, MediumRefusedException {
        final Path path = directory.resolve("disk.img");
        Files.write(path, new byte[SECTORS * 512]);
        file = RecordedFile.open(path, Access.READ_WRITE);
        worker = new RawImageWorker(file, SECTORS);
    }

    /** A hole that came before the zeros were there would leave what lies under it. */
    @Test
    void overwritesAndSynchronisesBeforeItGivesTheStorageBack() {
        assertThat(worker.carryOut(new StoreRequest(0, 0).resetToErase(8, 300)))
                .isEqualTo(Status.OK);
        assertThat(file.story())
                .containsExactly(
                        "write 4096+65536",
                        "write 69632+65536",
                        "write 135168+22528",
                        "sync",
                        "hole 4096+153600");
    }

    @Test
    void erasesWhereTheFileSystemHasNoHoles() {
        file.refuseHoles();
        assertThat(worker.carryOut(new StoreRequest(0, 0).resetToErase(8, 8))).isEqualTo(Status.OK);
        assertThat(file.story()).containsExactly("write 4096+4096", "sync");
    }

    @Test
    void failsWhenTheZerosCannotBeWrittenOrNotSynchronised() {
        file.failAfter(0);
        assertThat(worker.carryOut(new StoreRequest(0, 0).resetToErase(0, 8)))
                .isEqualTo(Status.ERROR);
        file.failAfter(1);
        assertThat(worker.carryOut(new StoreRequest(0, 0).resetToErase(0, 8)))
                .isEqualTo(Status.ERROR);
        assertThat(file.story()).containsExactly("write 0+4096");
    }
}
