package io.ringside.emulated.ide.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TaskFileTest {
    private static final Geometry ANY = Geometry.of(1 << 20);

    @Test
    void setsTheRegistersThatLibataSetsInEveryVector() {
        final List<Map<String, Object>> vectors =
                WireFacts.load("ide-ata").vectors("taskFileVectors");
        assertThat(vectors).hasSize(32);
        for (final Map<String, Object> vector : vectors) {
            final TaskFile task = new TaskFile();
            final int result = encode(task, vector);
            assertThat(resultName(result)).as(vector.toString()).isEqualTo(vector.get("result"));
            if (result == TaskFile.OK) {
                assertThat(registers(task)).as(vector.toString()).isEqualTo(expected(vector));
            }
        }
    }

    @Test
    void refusesWhatNoFormCanName() {
        final TaskFile task = new TaskFile();
        for (final Addressing addressing : Addressing.values()) {
            assertThat(task.transfer(0, addressing, ANY, 0, 0)).isEqualTo(TaskFile.OUT_OF_RANGE);
            assertThat(task.transfer(0, addressing, ANY, -1, 1)).isEqualTo(TaskFile.OUT_OF_RANGE);
            assertThat(task.transfer(0, addressing, ANY, 1L << 48, 1))
                    .isEqualTo(TaskFile.OUT_OF_RANGE);
            assertThat(task.transfer(0, addressing, ANY, Long.MAX_VALUE, 256))
                    .isEqualTo(TaskFile.OUT_OF_RANGE);
        }
        assertThat(task.transfer(0, Addressing.CHS, ANY, 0, 257)).isEqualTo(TaskFile.OUT_OF_RANGE);
        assertThat(
                        task.transfer(
                                AtaCommand.WRITES | AtaCommand.DMA | AtaCommand.FORCE_UNIT_ACCESS,
                                Addressing.LBA28,
                                ANY,
                                0,
                                1))
                .isEqualTo(TaskFile.OUT_OF_RANGE);
    }

    private static int encode(final TaskFile task, final Map<String, Object> vector) {
        final String mode = fact(vector, "mode").toString();
        int traits = isSet(vector, "write") ? AtaCommand.WRITES : 0;
        traits |= mode.startsWith("dma") ? AtaCommand.DMA : 0;
        traits |= isSet(vector, "fua") ? AtaCommand.FORCE_UNIT_ACCESS : 0;
        traits |= number(vector, "multiCount") > 0 ? AtaCommand.MULTIPLE : 0;
        final Addressing widest;
        if (mode.contains("chs")) {
            widest = Addressing.CHS;
        } else {
            widest = mode.contains("lba48") ? Addressing.LBA48 : Addressing.LBA28;
        }
        return task.transfer(
                traits,
                widest,
                new Geometry(
                        Geometry.MAX_CYLINDERS,
                        (int) number(vector, "heads"),
                        (int) number(vector, "sectors")),
                number(vector, "lba"),
                (int) number(vector, "count"));
    }

    private static String resultName(final int result) {
        return switch (result) {
            case TaskFile.OK -> "ok";
            case TaskFile.OUT_OF_RANGE -> "ERANGE";
            case TaskFile.NO_SUCH_COMMAND -> "EINVAL";
            default -> "unknown " + result;
        };
    }

    private static List<Object> registers(final TaskFile task) {
        return List.of(
                (long) task.command(),
                task.isExtended(),
                (long) task.device(),
                task.sectorCount() & 0xFFL,
                task.lbaLow() & 0xFFL,
                task.lbaMid() & 0xFFL,
                task.lbaHigh() & 0xFFL,
                (long) task.sectorCount() >>> 8,
                (long) task.lbaLow() >>> 8,
                (long) task.lbaMid() >>> 8,
                (long) task.lbaHigh() >>> 8);
    }

    private static List<Object> expected(final Map<String, Object> vector) {
        return List.of(
                number(vector, "command"),
                (Object) isSet(vector, "lba48"),
                number(vector, "device"),
                number(vector, "nsect"),
                number(vector, "lbal"),
                number(vector, "lbam"),
                number(vector, "lbah"),
                number(vector, "hobNsect"),
                number(vector, "hobLbal"),
                number(vector, "hobLbam"),
                number(vector, "hobLbah"));
    }

    private static long number(final Map<String, Object> vector, final String key) {
        return ((Number) fact(vector, key)).longValue();
    }

    private static boolean isSet(final Map<String, Object> vector, final String key) {
        return (Boolean) fact(vector, key);
    }

    private static Object fact(final Map<String, Object> vector, final String key) {
        return Objects.requireNonNull(vector.get(key), key);
    }
}
