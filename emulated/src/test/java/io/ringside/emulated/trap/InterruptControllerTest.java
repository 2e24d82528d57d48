package io.ringside.emulated.trap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InterruptControllerTest {
    private static final int DISK = 14;
    private static final int CARD = 11;
    private static final int TIMER = 0;
    private static final int END = 0x20;

    private final Vcpu vcpu = new Vcpu("guest", CrossingCosts.COUNTS, () -> 0);
    private final InProcessMemory memory = InProcessMemory.anonymous(1);
    private final PortIo io = new PortIo(vcpu, memory, StringIo.ONE_EXIT, null);
    private final InterruptController controllers = new InterruptController(vcpu);

    @BeforeEach
    void unmaskAll() {
        controllers.attachTo(io);
        io.outb(0x21, 0);
        io.outb(0xA1, 0);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void deliversARiseOnceAndCountsIt() {
        controllers.setLine(DISK, true);
        assertThat(controllers.isPending(DISK)).isTrue();
        assertThat(controllers.deliver(TIMER)).isFalse();
        assertThat(controllers.deliver(DISK)).isTrue();
        assertThat(controllers.deliver(DISK)).isFalse();
        endSlave(DISK);
        controllers.setLine(DISK, true); // Still high: no edge.
        assertThat(controllers.deliver(DISK)).isFalse();
        controllers.setLine(DISK, false);
        controllers.setLine(DISK, true);
        assertThat(controllers.deliver(DISK)).isTrue();
        assertThat(vcpu.count(Crossing.INTERRUPT)).isEqualTo(2);
    }

    @Test
    void withdrawsARequestWhoseLineFalls() {
        controllers.setLine(DISK, true);
        controllers.setLine(DISK, false);
        assertThat(controllers.isPending(DISK)).isFalse();
        assertThat(controllers.deliver(DISK)).isFalse();
        assertThat(vcpu.count(Crossing.INTERRUPT)).isZero();
    }

    @Test
    void startsWithEverythingMaskedAndKeepsWhatIsMasked() {
        final InterruptController fresh = new InterruptController(vcpu);
        assertThat(fresh.in(0x21, 1)).isEqualTo(0xFF);
        assertThat(fresh.in(0xA1, 1)).isEqualTo(0xFF);
        fresh.setLine(DISK, true);
        fresh.out(0xA1, 1, 0xFF & ~(1 << 6));
        assertThat(fresh.deliver(DISK)).isFalse();
        fresh.out(0x21, 1, 0xFF & ~(1 << 2));
        assertThat(fresh.deliver(DISK)).isTrue();
    }

    @Test
    void holdsBackLowerLinesUntilBothChipsAreTold() {
        controllers.setLine(CARD, true);
        assertThat(controllers.deliver(CARD)).isTrue();
        controllers.setLine(DISK, true);
        assertThat(controllers.deliver(DISK)).isFalse();
        io.outb(0xA0, END);
        assertThat(controllers.deliver(DISK)).as("the master still serves its line 2").isFalse();
        io.outb(0x20, END);
        assertThat(controllers.deliver(DISK)).isTrue();
    }

    @Test
    void letsAHigherLineInterruptALowerOne() {
        controllers.setLine(DISK, true);
        controllers.setLine(TIMER, true);
        assertThat(controllers.deliver(DISK)).as("the timer goes first").isFalse();
        assertThat(controllers.deliver(TIMER)).isTrue();
        io.outb(0x20, END);
        assertThat(controllers.deliver(DISK)).isTrue();
        controllers.setLine(TIMER, false);
        controllers.setLine(TIMER, true);
        assertThat(controllers.deliver(TIMER)).isTrue();
        io.outb(0x20, END);
        assertThat(controllers.isPending(DISK)).isFalse();
        endSlave(DISK);
    }

    @Test
    void showsRequestsAndLinesInService() {
        controllers.setLine(DISK, true);
        io.outb(0xA0, 0x0A);
        io.outb(0x20, 0x0A);
        assertThat(io.inb(0xA0)).isEqualTo(1 << 6);
        assertThat(io.inb(0x20)).isEqualTo(1 << 2);
        assertThat(controllers.deliver(DISK)).isTrue();
        assertThat(io.inb(0xA0)).isZero();
        io.outb(0xA0, 0x0B);
        io.outb(0x20, 0x0B);
        assertThat(io.inb(0xA0)).isEqualTo(1 << 6);
        assertThat(io.inb(0x20)).isEqualTo(1 << 2);
        endSlave(DISK);
        assertThat(io.inb(0xA0)).isZero();
        assertThat(io.inb(0x20)).isZero();
    }

    @Test
    void takesItsInitialisationWordsForNothingElse() {
        controllers.setLine(DISK, true);
        for (final int chip : new int[] {0x20, 0xA0}) {
            io.outb(chip, 0x11);
            io.outb(chip + 1, 0x30);
            io.outb(chip + 1, 0x04);
            io.outb(chip + 1, 0x01);
        }
        assertThat(io.inb(0x21)).isZero();
        assertThat(controllers.deliver(DISK)).as("an edge before the reset is forgotten").isFalse();
        io.outb(0x21, 0x77);
        assertThat(io.inb(0x21)).isEqualTo(0x77);
    }

    @Test
    void survivesAnyTraffic() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final int[] ports = {0x20, 0x21, 0xA0, 0xA1};
        for (int i = 0; i < 100_000; i++) {
            final int port = ports[random.nextInt(ports.length)];
            final int line = random.nextInt(16);
            switch (random.nextInt(4)) {
                case 0 -> io.outb(port, random.nextInt());
                case 1 -> assertThat(io.inb(port)).as(seed.toString()).isBetween(0, 0xFF);
                case 2 -> controllers.setLine(line == 2 ? 3 : line, random.nextBoolean());
                default ->
                        assertThat(controllers.isPending(line))
                                .as(seed.toString())
                                .isEqualTo(controllers.deliver(line));
            }
        }
    }

    @Test
    void refusesLinesThatNoDeviceHas() {
        assertThatThrownBy(() -> controllers.setLine(2, true)).hasMessageContaining("line=2");
        assertThatThrownBy(() -> controllers.setLine(16, true)).hasMessageContaining("line=16");
        assertThatThrownBy(() -> controllers.setLine(-1, true)).hasMessageContaining("line=-1");
    }

    private void endSlave(final int line) {
        io.outb(0xA0, InterruptController.END_OF_LINE + line - 8);
        io.outb(0x20, InterruptController.END_OF_LINE + 2);
    }
}
