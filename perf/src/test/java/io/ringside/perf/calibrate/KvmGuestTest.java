package io.ringside.perf.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringside.perf.scenario.RunControl;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KvmGuestTest {
    private static final Path KVM = Path.of("/dev/kvm");
    private static final int TURNS = 30;

    /** {@code round} proves by itself that every turn came out, or none, or every event. */
    @ParameterizedTest
    @EnumSource(
            value = GuestProgram.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"VMCALL", "VMMCALL"})
    void comesOutAsOftenAsItsProgramSays(final GuestProgram program) throws Exception {
        for (final GuestMode mode : GuestMode.values()) {
            try (KvmGuest guest = guest(mode)) {
                assertThat(VmExits.round(guest, program, TURNS)).isPositive();
                assertThat(VmExits.round(guest, program, TURNS)).isPositive();
            }
        }
    }

    @Test
    void countsEventsOnce() throws Exception {
        try (KvmGuest guest = guest(GuestMode.REAL)) {
            guest.start(GuestProgram.EVENT_OUT, TURNS);
            assertThat(guest.run()).isEqualTo(KvmLayout.EXIT_IO);
            assertThat(guest.port()).isEqualTo(GuestProgram.END_PORT);
            assertThat(guest.events()).isEqualTo(TURNS);
            assertThat(guest.events()).isZero();
        }
    }

    @Test
    void refusesWhatIsNoMonitorInOneLine() throws InterruptedException {
        assumeThat(Files.isWritable(Path.of("/dev/null"))).isTrue();
        assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
        assertThatThrownBy(() -> KvmGuest.open(Path.of("/dev/null"), GuestMode.REAL))
                .isInstanceOf(KvmRefusedException.class)
                .hasMessage("/dev/null is no KVM of version 12: it is another device");
        final VmExits exits = VmExits.measure(Path.of("/dev/null"), true, RunControl.NONE);
        assertThat(exits.figures()).isEmpty();
        assertThat(exits.remarks())
                .containsExactly(
                        "exits: none measured, those of the profile today are used: /dev/null is"
                                + " no KVM of version 12: it is another device");
    }

    @Test
    void refusesAMonitorThatIsMissing(@TempDir final Path directory) {
        final Path none = directory.resolve("kvm");
        assertThatThrownBy(() -> KvmGuest.open(none, GuestMode.REAL))
                .isInstanceOf(KvmRefusedException.class)
                .hasMessage(none + " does not open: no such file");
    }

    private static KvmGuest guest(final GuestMode mode) {
        assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
        try {
            return KvmGuest.open(KVM, mode);
        } catch (final KvmRefusedException e) {
            assumeThat(e).as("no virtual machine can be made here").isNull();
            throw new IllegalStateException(e);
        }
    }
}
