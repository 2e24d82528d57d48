package io.ringside.perf.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class GuestProgramTest {
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ").withUpperCase();

    @ParameterizedTest
    @EnumSource(GuestProgram.class)
    void endsAtTheEndPortAndLoopsToItsBeginning(final GuestProgram program) {
        for (final GuestMode mode : GuestMode.values()) {
            final byte[] code = program.code(mode);
            final int end = code.length - 2;
            assertThat(SPACED.formatHex(code, end, code.length)).isEqualTo("E6 1F");
            assertThat(end + code[end - 1]).as("where %s jumps to", program).isZero();
            assertThat(code[end - 2]).isIn((byte) 0xE2, (byte) 0x75); // loop, jnz
        }
    }

    @Test
    void readsWordsInBothModes() {
        assertThat(SPACED.formatHex(GuestProgram.STRING_IN.code(GuestMode.REAL)))
                .isEqualTo("89 F1 89 EF 90 F3 6D FF CB 75 F5 E6 1F");
        assertThat(SPACED.formatHex(GuestProgram.STRING_IN.code(GuestMode.USER_64)))
                .isEqualTo("89 F1 89 EF 66 F3 6D FF CB 75 F5 E6 1F");
    }

    @Test
    void usesThePortsThatAreAnswered() {
        assertThat(GuestProgram.PORT_OUT.code(GuestMode.REAL)[1])
                .isEqualTo((byte) GuestProgram.MODEL_PORT);
        assertThat(GuestProgram.PORT_IN.code(GuestMode.REAL)[1])
                .isEqualTo((byte) GuestProgram.MODEL_PORT);
        assertThat(GuestProgram.EVENT_OUT.code(GuestMode.REAL)[1])
                .isEqualTo((byte) GuestProgram.EVENT_PORT);
    }
}
