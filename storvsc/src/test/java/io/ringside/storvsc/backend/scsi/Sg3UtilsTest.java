package io.ringside.storvsc.backend.scsi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringside.storvsc.protocol.scsi.SenseData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other people's eyes: what sg3-utils reads out of our bytes. Skipped where it is not there. */
final class Sg3UtilsTest {
    private final UnitBench bench = UnitBench.disk(4096);
    @TempDir private Path directory = Path.of("");

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void readsTheSenseDataOfARefusedCommand() {
        final SenseData sense = bench.run("1a 00 05 00 ff 00", 255).task().sense();
        assertThat(decode(sense))
                .contains("Fixed format, current; Sense key: Illegal Request")
                .contains("Invalid field in cdb")
                .contains("Error in Command: byte 2 bit 5");
    }

    @Test
    void readsTheSenseDataOfARangeThatIsNotThere() {
        final SenseData sense = bench.run("28 00 00 00 10 00 00 00 01 00", 512).task().sense();
        assertThat(decode(sense))
                .contains("Logical block address out of range")
                .contains("Info fld=0x1000");
    }

    @Test
    void readsTheSenseDataOfAListThatIsNotSound() {
        final byte[] list =
                HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 08 12 05" + " 00".repeat(17));
        final SenseData sense = bench.run("15 10 00 00 18 00", list).task().sense();
        assertThat(decode(sense))
                .contains("Invalid field in parameter list")
                .contains("Error in Data parameters: byte 6 bit 0");
    }

    @Test
    void readsEveryConditionByItsName() {
        bench.unit.reset();
        assertThat(decode(bench.run("00 00 00 00 00 00").task().sense()))
                .contains("Unit Attention")
                .contains("Bus device reset function occurred");
        bench.run("1b 00 00 00 00 00");
        assertThat(decode(bench.run("00 00 00 00 00 00").task().sense()))
                .contains("Not Ready")
                .contains("initializing command required");
    }

    @Test
    void readsWhatTheUnitSaysOfItself() throws IOException {
        assertThat(tool("sg_inq", bench.run("12 00 00 00 60 00", 96).data()))
                .contains("version=0x06  [SPC-4]")
                .contains("CmdQue=1")
                .contains("Vendor identification: Ringside")
                .contains("Product identification: Virtual Disk");
    }

    @Test
    void readsEveryPageOfVitalProductData() throws IOException {
        assertThat(page("00"))
                .contains("Unit serial number")
                .contains("Device identification")
                .contains("Block limits")
                .contains("Block device characteristics")
                .contains("Logical block provisioning");
        assertThat(page("80")).contains("Unit serial number: serial-1");
        assertThat(page("83"))
                .contains("vendor id: Ringside")
                .contains("vendor specific: serial-1")
                .contains("0x3123456789abcdef");
        assertThat(page("b0"))
                .contains("Write same non-zero (WSNZ): 1")
                .contains("Maximum compare and write length: 128 blocks")
                .contains("Maximum transfer length: 512 blocks")
                .contains("Maximum unmap block descriptor count: 256")
                .contains("Optimal unmap granularity: 8 blocks")
                .contains("Maximum write same length: 0x7fffff blocks");
        assertThat(page("b1")).contains("Non-rotating medium");
        assertThat(page("b2"))
                .contains("Unmap command supported (LBPU): 1")
                .contains("Logical block provisioning read zeros (LBPRZ): 1")
                .contains("Provisioning type: 2 (thin provisioned)");
    }

    private String page(final String page) throws IOException {
        return tool("sg_vpd", bench.run("12 01 " + page + " 00 ff 00", 255).data());
    }

    private static String decode(final SenseData sense) {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[SenseData.FIXED_BYTES]);
        sense.putFixed(bytes, 0);
        final List<String> command = new ArrayList<>();
        command.add("sg_decode_sense");
        for (final byte value : bytes.byteArray()) {
            command.add(HexFormat.of().toHexDigits(value));
        }
        return output(command);
    }

    private String tool(final String name, final byte[] bytes) throws IOException {
        final Path file = directory.resolve("bytes");
        Files.writeString(file, HexFormat.ofDelimiter(" ").formatHex(bytes) + "\n");
        return output(List.of(name, "--inhex=" + file));
    }

    private static String output(final List<String> command) {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            final String text = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as("%s: %s", command, text).isZero();
            return text;
        } catch (final IOException e) {
            assumeTrue(false, "sg3-utils is not there: " + e.getMessage());
            throw new IllegalStateException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
