package io.ringside.device.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ringside.testkit.Seed;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaptureTest {
    private static final int MICROS = 0xA1B2C3D4;
    private static final int NANOS = 0xA1B23C4D;

    @TempDir private Path directory;

    private static ByteOrder order(final String name) {
        return name.equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private Path file(final byte[] bytes) throws IOException {
        return Files.write(directory.resolve("file.pcap"), bytes);
    }

    private void shows(final CaptureFiles files, final String... frames) throws Exception {
        try (Capture capture = Capture.open(file(files.toBytes()))) {
            final String[] shown = new String[capture.frames()];
            for (int i = 0; i < shown.length; i++) {
                final byte[] bytes = new byte[capture.lengthBytes(i)];
                capture.memory().getBytes(capture.offset(i), bytes);
                shown[i] =
                        capture.nanos(i)
                                + " "
                                + HexFormat.of().formatHex(bytes)
                                + " of "
                                + capture.originalBytes(i);
            }
            assertThat(shown).containsExactly(frames);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"little", "big"})
    void readsPcapOfEitherUnit(final String order) throws Exception {
        shows(
                new CaptureFiles(order(order))
                        .pcap(MICROS)
                        .record(5, 999_999, 60, "0102030405")
                        .record(-1, 1, 1, "ff"),
                "5999999000 0102030405 of 60",
                "4294967295000001000 ff of 1");
        shows(
                new CaptureFiles(order(order)).pcap(NANOS).record(5, 999_999, 4, "01020304"),
                "5000999999 01020304 of 4");
        shows(new CaptureFiles(order(order)).pcap(NANOS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"little", "big"})
    void readsPcapngOfAnyUnitOfTime(final String order) throws Exception {
        final boolean big = order.equals("big");
        final String resolution = big ? "00090001" : "09000100";
        final String offset = big ? "000e0008" : "0e000800";
        final String seven = big ? "0000000000000007" : "0700000000000000";
        shows(
                new CaptureFiles(order(order))
                        .section()
                        .anInterface(1, 0, "")
                        .anInterface(1, 0, resolution + "09000000" + "00000000")
                        .anInterface(1, 0, resolution + "00000000" + offset + seven)
                        .anInterface(1, 0, resolution + "0c000000")
                        .anInterface(1, 0, resolution + "8a000000")
                        .anInterface(1, 0, resolution + "bf000000")
                        .packet(0, 1_000_001, 9, "aa")
                        .packet(1, 1_700_000_000_123_456_789L, 9, "bbbb")
                        .packet(2, 3, 9, "cccccc")
                        .packet(3, 5_123_456, 9, "dddddddd")
                        .packet(4, 1024 + 512, 9, "ee")
                        .packet(5, Long.MIN_VALUE | 1L << 62, 9, "ff"),
                "1000001000 aa of 9",
                "1700000000123456789 bbbb of 9",
                "10000000000 cccccc of 9",
                "5123 dddddddd of 9",
                "1500000000 ee of 9",
                "1500000000 ff of 9");
    }

    @Test
    void readsSectionsOfDifferentByteOrdersOneAfterTheOther() throws Exception {
        final byte[] first =
                new CaptureFiles(ByteOrder.BIG_ENDIAN)
                        .section()
                        .anInterface(1, 0, "")
                        .packet(0, 1, 1, "11")
                        .toBytes();
        final CaptureFiles both = new CaptureFiles(ByteOrder.LITTLE_ENDIAN);
        both.hex(HexFormat.of().formatHex(first))
                .section()
                .anInterface(1, 0, "")
                .packet(0, 2, 1, "22");
        shows(both, "1000 11 of 1", "2000 22 of 1");
    }

    @Test
    void readsSimpleAndOldPacketsAndPassesOverTheRest() throws Exception {
        final CaptureFiles files =
                new CaptureFiles(ByteOrder.LITTLE_ENDIAN)
                        .section()
                        .anInterface(1, 2, "")
                        .block(5, new CaptureFiles(ByteOrder.LITTLE_ENDIAN).int32(1, 2, 3))
                        .packet(0, 7, 1, "11");
        files.block(3, files.content().int32(3).hex("22330000"))
                .block(2, files.content().int16(0, 9).int32(0, 8, 1, 1).hex("44000000"))
                .block(0x0BAD, files.content())
                .packet(0, 9, 0, "");
        shows(files, "7000 11 of 1", "7000 2233 of 3", "8000 44 of 1");
    }

    private void refuses(final CaptureFiles files, final String... parts) throws Exception {
        final Path file = file(files.toBytes());
        final Throwable thrown = catchThrowable(() -> Capture.open(file));
        assertThat(thrown)
                .isInstanceOf(CaptureRefusedException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContainingAll(parts);
        assertThat(thrown.getMessage()).doesNotContain("\n");
    }

    @Test
    void refusesPcapThatIsNotWholeOrNotEthernet() throws Exception {
        final ByteOrder order = ByteOrder.BIG_ENDIAN;
        refuses(new CaptureFiles(order), "magic number ends outside", "offset=0");
        refuses(new CaptureFiles(order).int32(0x89504E47), "neither pcap nor pcapng", "offset=0");
        refuses(new CaptureFiles(order).int32(MICROS, 1), "file header", "offset=0");
        refuses(
                new CaptureFiles(order).int32(MICROS).int16(3, 0).int32(0, 0, 0, 1),
                "major version",
                "offset=4 value=3");
        refuses(
                new CaptureFiles(order).int32(MICROS).int16(2, 4).int32(0, 0, 0, 113),
                "not Ethernet",
                "offset=20 value=113");
        refuses(
                new CaptureFiles(order).pcap(MICROS).record(0, 0, 1, "11").int32(1, 2, 3),
                "record's header ends outside",
                "offset=41");
        refuses(
                new CaptureFiles(order).pcap(MICROS).int32(0, 0, 4, 4).hex("112233"),
                "frame ends outside",
                "offset=40 value=4");
        refuses(
                new CaptureFiles(order).pcap(MICROS).int32(0, 0, 262_145, 4),
                "too long",
                "offset=32 value=262145");
        refuses(
                new CaptureFiles(order).pcap(MICROS).int32(0, 0, -1, 4),
                "too long",
                "value=4294967295");
    }

    @Test
    void refusesPcapngThatIsNotWholeOrNotEthernet() throws Exception {
        final ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        final CaptureFiles content = new CaptureFiles(order);
        refuses(new CaptureFiles(order).int32(0x0A0D0D0A, 28), "a block ends outside", "offset=0");
        refuses(
                new CaptureFiles(order).int32(0x0A0D0D0A, 28, 0x11223344),
                "byte order",
                "offset=8 value=287454020");
        refuses(
                new CaptureFiles(order).int32(0x0A0D0D0A, 12, 0x1A2B3C4D),
                "second length",
                "offset=8");
        refuses(
                new CaptureFiles(order).int32(0x0A0D0D0A, 16, 0x1A2B3C4D, 16),
                "too short",
                "offset=4 value=16");
        refuses(
                new CaptureFiles(order)
                        .block(0x0A0D0D0A, content.int32(0x1A2B3C4D).int16(2, 0).int32(-1, -1)),
                "major version",
                "offset=12 value=2");
        final CaptureFiles ends = new CaptureFiles(order).section().int32(5, 400, 0);
        refuses(ends, "a block ends outside", "offset=28 value=400");
        refuses(new CaptureFiles(order).section().int32(5, 8, 8), "no length", "value=8");
        refuses(new CaptureFiles(order).section().int32(5, 15, 15), "no length", "value=15");
        refuses(new CaptureFiles(order).section().int32(5, -4, 15), "outside", "value=4294967292");
        refuses(new CaptureFiles(order).section().packet(0, 1, 1, "11"), "no interface", "value=0");
        refuses(
                new CaptureFiles(order).section().anInterface(113, 0, "").packet(0, 1, 1, "11"),
                "not Ethernet",
                "value=113");
        refuses(
                new CaptureFiles(order).section().anInterface(1, 0, "0900010013000000"),
                "unit of time",
                "offset=48 value=19");
        refuses(
                new CaptureFiles(order).section().anInterface(1, 0, "0900ff0006000000"),
                "option is too long",
                "value=255");
        final CaptureFiles tooLong = new CaptureFiles(order).section().anInterface(1, 0, "");
        tooLong.block(6, tooLong.content().int32(0, 0, 0, 5, 5).hex("11223344"));
        refuses(tooLong, "frame is too long", "value=5");
        final CaptureFiles simple = new CaptureFiles(order).section().anInterface(1, 0, "");
        simple.block(3, simple.content().int32(5).hex("11223344"));
        refuses(simple, "frame is too long", "value=5");
    }

    @Test
    void readsAFrameOfALinkThatIsOnlyDeclared() throws Exception {
        shows(
                new CaptureFiles(ByteOrder.LITTLE_ENDIAN)
                        .section()
                        .anInterface(113, 0, "")
                        .anInterface(1, 0, "")
                        .packet(1, 1, 1, "11"),
                "1000 11 of 1");
    }

    @Test
    void refusesWhatIsNoReadableFile() {
        final Path missing = directory.resolve("missing.pcap");
        assertThatThrownBy(() -> Capture.open(missing))
                .isInstanceOf(CaptureRefusedException.class)
                .hasMessageContaining("missing.pcap: no such file");
        assertThatThrownBy(() -> Capture.open(directory))
                .isInstanceOf(CaptureRefusedException.class)
                .hasMessageEndingWith("is a directory; name a file");
    }

    @Test
    void refusesOrReadsRandomDamageAndNothingElse() throws Exception {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final CaptureFiles classic = new CaptureFiles(ByteOrder.LITTLE_ENDIAN).pcap(NANOS);
        final CaptureFiles ng =
                new CaptureFiles(ByteOrder.BIG_ENDIAN)
                        .section()
                        .anInterface(1, 0, "0009000106000000" + "000e0008" + "00".repeat(8));
        for (int i = 0; i < 5; i++) {
            classic.record(i, i, 100, "aa".repeat(random.nextInt(50)));
            ng.packet(0, i, 100, "bb".repeat(random.nextInt(50)));
        }
        for (int round = 0; round < 500; round++) {
            final byte[] whole = (round % 2 == 0 ? classic : ng).toBytes();
            for (int i = 0; i < 3; i++) {
                whole[random.nextInt(whole.length)] = (byte) random.nextInt();
            }
            final byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            try (Capture capture = Capture.open(file(bytes))) {
                for (int i = 0; i < capture.frames(); i++) {
                    assertThat(capture.offset(i) + capture.lengthBytes(i))
                            .as("%s round %s", seed, round)
                            .isLessThanOrEqualTo(bytes.length);
                }
            } catch (final CaptureRefusedException e) {
                assertThat(e.getMessage()).as("%s round %s", seed, round).contains("offset=");
            }
        }
    }
}
