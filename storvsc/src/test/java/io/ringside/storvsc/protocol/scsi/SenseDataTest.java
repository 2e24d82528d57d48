package io.ringside.storvsc.protocol.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class SenseDataTest {
    private static final WireFacts FACTS = WireFacts.load("scsi");

    /** Linux says 18 more bytes where it adds a field and sends 26; ours ends behind the field. */
    private static final int FIXED_LENGTH_OFFSET = 7;

    @Test
    void writesBothFormsAsLinuxBuildsThem() {
        int checked = 0;
        for (final Map<String, Object> vector : FACTS.vectors("vectors")) {
            if (!"sense".equals(vector.get("op"))) {
                continue;
            }
            final SenseData sense = sense(vector);
            final byte[] expected = HexFormat.of().parseHex((String) vector.get("sense"));
            final UnsafeBuffer written = new UnsafeBuffer(new byte[64]);
            final boolean descriptors = Boolean.TRUE.equals(vector.get("descriptorFormat"));
            final int lengthBytes =
                    descriptors ? sense.putDescriptors(written, 0) : sense.putFixed(written, 0);
            if (descriptors) {
                assertThat(lengthBytes).as("%s", vector).isEqualTo(expected.length);
            } else {
                assertThat(lengthBytes).isEqualTo(SenseData.FIXED_BYTES);
                assertThat(written.getByte(FIXED_LENGTH_OFFSET)).isEqualTo((byte) 10);
                written.putByte(FIXED_LENGTH_OFFSET, expected[FIXED_LENGTH_OFFSET]);
            }
            assertThat(HexFormat.of().formatHex(written.byteArray(), 0, lengthBytes))
                    .as("%s", vector)
                    .isEqualTo(HexFormat.of().formatHex(expected, 0, lengthBytes));
            assertReads(vector, expected);
            checked++;
        }
        assertThat(checked).isEqualTo(18);
    }

    private static void assertReads(final Map<String, Object> vector, final byte[] bytes) {
        final SenseData read = new SenseData();
        assertThat(read.read(new UnsafeBuffer(bytes), 0, bytes.length)).isTrue();
        assertThat(read.key()).as("%s", vector).isEqualTo(WireFacts.number(vector, "key"));
        assertThat(read.additional())
                .as("%s", vector)
                .isEqualTo(WireFacts.number(vector, "asc") << 8 | WireFacts.number(vector, "ascq"));
    }

    private static SenseData sense(final Map<String, Object> vector) {
        final SenseData sense =
                new SenseData()
                        .set(
                                WireFacts.number(vector, "key"),
                                WireFacts.number(vector, "asc") << 8
                                        | WireFacts.number(vector, "ascq"));
        final long information =
                ((Number) Objects.requireNonNull(vector.get("information"))).longValue();
        if (information >= 0) {
            sense.inform(information);
        }
        if (WireFacts.number(vector, "fieldPointer") >= 0) {
            sense.point(
                    Boolean.TRUE.equals(vector.get("inCdb")),
                    WireFacts.number(vector, "fieldPointer"),
                    WireFacts.number(vector, "bitPointer"));
        }
        return sense;
    }

    @Test
    void readsNothingOutOfWhatIsNoSenseData() {
        final UnsafeBuffer bytes = new UnsafeBuffer(HexFormat.of().parseHex("71000500"));
        final SenseData sense = new SenseData().set(SenseKey.MEDIUM_ERROR, 1);

        assertThat(sense.read(bytes, 0, 4)).isFalse();
        assertThat(sense.key()).isEqualTo(SenseKey.NO_SENSE);
        bytes.putByte(0, (byte) 0x70);
        assertThat(sense.read(bytes, 0, 3)).isFalse();
        assertThat(sense.read(bytes, 0, 4)).isTrue();
        assertThat(sense.key()).isEqualTo(SenseKey.ILLEGAL_REQUEST);
    }
}
