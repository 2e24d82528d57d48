package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be used is refused in one line that names the thing and the value: exit code 2. */
class BadInputTest {
    /** No machine has as much memory. */
    private static final long HUGE_BYTES = 1L << 42;

    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--pattern backwards|backwards|randread, randwrite, read, write, randrw",
                "--block-size 1000|1000|multiple of 512",
                "--block-size 0|0|multiple of 512",
                "--block-size -4k|-4096|multiple of 512",
                "--block-size 4x|4x|4k",
                "--block-size 99999999M|99999999M|4k",
                "--block-size 32M|33554432|multiple of 512",
                "--depth 0|0|1 to 1024",
                "--depth 65 --block-size 16M|65|together",
                "--depth many|many|--depth",
                "--ops 0|0|1 or more",
                "--seconds 0|0|above 0",
                "--seconds NaN|NaN|above 0",
                "--ops 5 --seconds 5|--seconds|--ops",
                "--devices floppy|floppy|ide-pio, ide-dma, xen-blkfront",
                "--devices ide-dma,ide-dma|ide-dma|once",
                "--devices xen-blkfront+turbo|turbo|persistent, indirect, ring4, 2q or all",
                "--devices ide-dma --features 2q|2q|use ioreq",
                "--features turbo|turbo|ioreq, persistent, indirect, ring4, 2q, subchannels or all",
                "--costs free|free|counts, today, 2006-xen3-hvm",
                "--costs toady|toady|did you mean 'today'?",
                "--costs none.toml|none.toml|does not exist",
                "--costs /|/|not a regular file",
                "--wakeups never|never|sleep or poll",
                "--string-io dma|--string-io 'dma'|one-exit or per-word",
                "--medium tape|tape|ram or file",
                "--medium file|--medium file|--image",
                "--output /|/|--output",
                "--output /no/such/place/report.html|/no/such/place/report.html|--output",
                "--xenstore-socket /no/such/place/s|/no/such/place/s|another path",
                "--xenstore-socket s --devices ide-dma|--xenstore-socket s|add xen-blkfront",
                "--frobnicate|--frobnicate|--help",
                "--image|--image|--help",
            })
    void namesTheOptionItsValueAndTheRemedy(
            final String options, final String value, final String remedy) {
        for (final String command : new String[] {"compare", "compare disk"}) {
            assertRefused(Invocation.of((command + " " + options).split(" ")), value, remedy);
        }
    }

    @Test
    void refusesAnImageThatIsMissing() {
        final String image = directory.resolve("none.img").toString();
        assertRefused(compare(image), image, "does not exist");
    }

    @Test
    void refusesADirectory() {
        assertRefused(compare(directory.toString()), directory.toString(), "regular file");
    }

    @Test
    void refusesAnEmptyImage() throws IOException {
        final String image = Files.createFile(directory.resolve("empty.img")).toString();
        assertRefused(compare(image), image, "empty");
    }

    @Test
    void refusesAnImageOfOddSize() throws IOException {
        final String image = Files.write(directory.resolve("odd.img"), new byte[513]).toString();
        assertRefused(compare(image), image, "513");
    }

    @Test
    void refusesAnImageSmallerThanABlock() throws IOException {
        final String image = Files.write(directory.resolve("tiny.img"), new byte[512]).toString();
        assertRefused(compare(image), image, "--block-size");
    }

    @Test
    void refusesAnImageThatMayNotBeRead() throws IOException {
        final Path image = Files.write(directory.resolve("secret.img"), new byte[4096]);
        Files.setPosixFilePermissions(image, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(image)).as("this user may read everything").isFalse();
        assertRefused(compare(image.toString()), image.toString(), "permissions");
    }

    @Test
    void refusesToTakeMoreIntoMemoryThanThereIs() throws IOException {
        final Path image = directory.resolve("huge.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(HUGE_BYTES);
        } catch (final IOException e) {
            assumeThat(false)
                    .as("no sparse file of %d bytes can be made here", HUGE_BYTES)
                    .isTrue();
        }
        assertRefused(
                Invocation.of(
                        "compare", "--image", image.toString(), "--medium", "ram", "--output", "-"),
                image + "' has 4194304 MiB",
                "--medium file");
    }

    @Test
    void refusesToCopyOverAFileThatExists() throws IOException {
        final Path image = Files.write(directory.resolve("some.img"), new byte[4096]);
        final Path target = Files.writeString(directory.resolve("kept.img"), "precious");
        assertRefused(
                Invocation.of("copy", image.toString(), target.toString()),
                target.toString(),
                "exists");
        assertThat(target).hasContent("precious");
    }

    @Test
    void refusesToDiscardThroughADeviceThatCannot() throws IOException {
        final Path image = Files.write(directory.resolve("some.img"), new byte[4096]);
        final Path target = directory.resolve("copy.img");
        assertRefused(
                Invocation.of(
                        "copy",
                        image.toString(),
                        target.toString(),
                        "--discard",
                        "--device",
                        "ide-dma"),
                "ide-dma",
                "leave --discard out");
        assertThat(target).doesNotExist();
    }

    @Test
    void refusesToReadADiscInOneLine() throws IOException {
        final Path image = Files.write(directory.resolve("some.iso"), new byte[4096]);
        final Path odd = Files.write(directory.resolve("odd.iso"), new byte[2048 + 512]);
        final Path target = directory.resolve("read.iso");
        assertRefused(disc(image, target, "--device", "ide-dma"), "ide-dma", "--device storvsc");
        assertRefused(disc(image, target), "xen-blkfront", "--device storvsc");
        final String[] storvsc = {"--device", "storvsc"};
        assertRefused(disc(odd, target, storvsc), odd.toString(), "not a multiple of 2048");
        assertRefused(disc(image, target, "--discard"), "--discard", "only read");
        assertRefused(disc(image, target, "--format", "vhd"), "--format vhd", "raw");
        assertRefused(disc(image, target, "--target-format", "vhd"), "VHD", "--target-format raw");
        assertThat(target).doesNotExist();
        final Path vhd = directory.resolve("read.vhd");
        assertRefused(disc(image, vhd, storvsc), vhd.toString(), "--target-format raw");
        assertThat(vhd).doesNotExist();
    }

    private static Invocation disc(final Path image, final Path target, final String... more) {
        final List<String> arguments =
                new ArrayList<>(List.of("copy", image.toString(), target.toString(), "--disc"));
        arguments.addAll(List.of(more));
        return Invocation.of(arguments.toArray(String[]::new));
    }

    @Test
    void leavesNoTargetBehindWhenTheSourceIsRefused() throws IOException {
        final Path image = Files.write(directory.resolve("odd.img"), new byte[100]);
        final Path target = directory.resolve("copy.img");
        assertRefused(
                Invocation.of("copy", image.toString(), target.toString()),
                image.toString(),
                "512");
        assertThat(target).doesNotExist();
    }

    @Test
    void refusesWrongSizesOfABenchmark() {
        assertRefused(Invocation.of("bench", "rings", "--sizes", "8"), "8", "16 to 4096");
        assertRefused(Invocation.of("bench", "rings", "--forks", "0"), "0", "1 to 100");
        assertRefused(Invocation.of("bench", "disk", "--block-size", "5k"), "5k", "power of two");
        assertRefused(Invocation.of("bench", "disk", "--medium-size", "2k"), "2k", "from 4 KiB");
        assertRefused(Invocation.of("bench", "disk", "--depth", "0"), "0", "1 to 1024");
        assertRefused(Invocation.of("bench", "disk", "--devices", "tape"), "tape", "ide-pio");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--delay-millis 0|0|1 to 500",
                "--delay-millis 501|501|1 to 500",
                "--delay-millis soon|soon|--delay-millis",
                "--depth 0|0|1 to 64",
                "--depth 65|65|1 to 64",
                "--rounds 0|0|1 to 1000",
                "--seconds 0|0|0.01 or more",
                "--seconds NaN|NaN|0.01 or more",
                "--block-size 1000|1000|multiple of 512",
                "--block-size 4x|4x|4k",
                "--frobnicate|--frobnicate|--help",
            })
    void refusesUnitsThatCannotBeMeasured(
            final String options, final String value, final String remedy) {
        assertRefused(Invocation.of(("bench lun " + options).split(" ")), value, remedy);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--frame 65|65|64, imix, 1500 or 9000",
                "--frame 64 --pcap a.pcap|--pcap|exclude each other",
                "--pcap none.pcap|none.pcap|no such file",
                "--pcap /|/|directory",
                "--pcap-out out.pcap|out.pcap|--pcap",
                "--rate 2g|2g|1g, 10g, 25g, 40g, 100g or max",
                "--queues 0|0|1 to 8",
                "--queues 9|9|1 to 8",
                "--queues two|two|--queues",
                "--direction up|up|tx, rx or both",
                "--seconds 0|0|above 0",
                "--seconds NaN|NaN|above 0",
                "--devices tape|tape|rtl8139, tulip, e1000, xen-netfront, netvsc",
                "--devices rtl8139 --frame 9000|rtl8139|up to 1514 bytes",
                "--devices e1000+itr --frame 9000|e1000+itr|up to 1514 bytes",
                "--devices rtl8139+itr|itr|use ioreq",
                "--devices netvsc,netvsc|netvsc|once",
                "--devices netvsc+turbo|turbo|aggregation, pages, offloads, 2q or all",
                "--devices ideal --features 2q|--features 2q|add xen-netfront",
                "--costs free|free|counts, today, 2006-xen3-hvm",
                "--wakeups never|never|sleep or poll",
                "--output /|/|--output",
                "--image disk.img|--image|--help",
            })
    void refusesANetworkThatCannotBeMeasured(
            final String options, final String value, final String remedy) {
        assertRefused(Invocation.of(("compare net " + options).split(" ")), value, remedy);
    }

    @Test
    void refusesACaptureThatNoDeviceCanCarry() throws IOException {
        final Path text =
                Files.writeString(directory.resolve("text.pcap"), "no capture at all, but long");
        assertRefused(network(text), text.toString(), "pcap");
        final Path empty = Files.write(directory.resolve("empty.pcap"), pcap());
        assertRefused(network(empty), empty.toString(), "0 frames");
        final Path longest = Files.write(directory.resolve("long.pcap"), pcap(60, 9015));
        assertRefused(network(longest), "frame 2 has 9015 bytes", "14 to 9014: leave it out");
        final Path shortest = Files.write(directory.resolve("short.pcap"), pcap(13));
        assertRefused(network(shortest), "frame 1 has 13 bytes", "14 to 9014");
    }

    @Test
    void refusesToWriteACaptureOverAFileThatExists() throws IOException {
        final Path in = Files.write(directory.resolve("in.pcap"), pcap(60));
        final Path kept = Files.writeString(directory.resolve("kept.pcap"), "precious");
        assertRefused(
                Invocation.of(
                        "compare", "net", "--pcap", in.toString(), "--pcap-out", kept.toString()),
                kept.toString(),
                "exists");
        assertThat(kept).hasContent("precious");
        assertRefused(
                Invocation.of(
                        "compare",
                        "net",
                        "--pcap",
                        in.toString(),
                        "--pcap-out",
                        "/no/place/o.pcap"),
                "/no/place/o.pcap",
                "--pcap-out");
    }

    /** A capture of Ethernet in this order of bytes, with frames of such lengths. */
    private static byte[] pcap(final int... lengths) {
        final ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        bytes.putInt(0xA1B2_C3D4).putShort((short) 2).putShort((short) 4);
        bytes.putLong(0).putInt(65_535).putInt(1);
        for (final int length : lengths) {
            bytes.putLong(0).putInt(length).putInt(length).position(bytes.position() + length);
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static Invocation network(final Path capture) {
        return Invocation.of("compare", "net", "--pcap", capture.toString(), "--output", "-");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--devices tape|tape|xen-netfront, netvsc",
                "--frames 9000|9000|64 or 1500",
                "--frames imix|imix|64 or 1500",
                "--frames 1|1|64",
                "--directions both|both|tx or rx",
                "--forks 0|0|1 to 100",
                "--frobnicate|--frobnicate|--help",
            })
    void refusesCardsThatCannotBeBenched(
            final String options, final String value, final String remedy) {
        assertRefused(Invocation.of(("bench net " + options).split(" ")), value, remedy);
    }

    @Test
    void refusesToTraceWhatItCannot() {
        assertRefused(trace("--device", "floppy"), "floppy", "storvsc");
        assertRefused(trace("--device", "xen-blkfront"), "xen-blkfront", "storvsc");
        assertRefused(trace("--op", "barrier"), "barrier", "read, write, flush or discard");
        assertRefused(trace("--op", "READ"), "READ", "read, write, flush or discard");
        assertRefused(trace("--ops", "0"), "0", "1 to 1000");
        assertRefused(trace("--ops", "1001"), "1001", "1 to 1000");
        assertRefused(trace("--ops", "-3"), "-3", "1 to 1000");
        assertRefused(trace("--ops", "many"), "many", "--ops");
        assertRefused(trace("--frobnicate", "1"), "--frobnicate", "--help");
    }

    private static Invocation trace(final String option, final String value) {
        return Invocation.of("trace", "disk", option, value);
    }

    @Test
    void refusesASocketThatCannotBeMade() throws IOException {
        final Path file = Files.writeString(directory.resolve("kept"), "precious");
        final String missing = directory.resolve("none/socket").toString();
        final String tooLong = directory.resolve("s".repeat(108)).toString();
        assertRefused(serve(file.toString()), file.toString(), "not a socket");
        assertRefused(serve(missing), missing, "directory does not exist");
        assertRefused(serve(tooLong), tooLong, "more than 107 bytes");
        assertRefused(serve(directory.toString()), directory.toString(), "not a socket");
        assertRefused(Invocation.of("xenstore"), "--socket", "--help");
        assertThat(file).hasContent("precious");
    }

    private static Invocation serve(final String socket) {
        return Invocation.of("xenstore", "--socket", socket);
    }

    private static Invocation compare(final String image) {
        return Invocation.of("compare", "disk", "--image", image, "--output", "-");
    }

    private static void assertRefused(
            final Invocation invocation, final String value, final String remedy) {
        assertThat(invocation.err()).contains(value).contains(remedy);
        assertThat(invocation.err().strip().lines()).as("%s", invocation.err()).hasSize(1);
        assertThat(invocation.err()).startsWith("ringside: ").doesNotContain("Exception");
        assertThat(invocation.out()).isEmpty();
        assertThat(invocation.exitCode()).isEqualTo(2);
    }
}
