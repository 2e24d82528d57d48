package io.ringside.emulated.trap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PortIoTest {
    private final Vcpu vcpu = new Vcpu("guest", CrossingCosts.COUNTS, () -> 0);
    private final RecordingDevice device = new RecordingDevice();

    @Test
    void countsOneExitForEachAccessWhateverItsWidth() {
        try (InProcessMemory memory = InProcessMemory.anonymous(1)) {
            final PortIo io = io(memory, StringIo.ONE_EXIT, null);
            io.outb(0x100, 0x1AB);
            io.outw(0x101, 0x1ABCD);
            io.outl(0x102, 0xFFFF_FFFFL);
            device.nextRead = 0xFFEE_DDCC;
            assertThat(io.inb(0x100)).isEqualTo(0xCC);
            assertThat(io.inw(0x100)).isEqualTo(0xDDCC);
            assertThat(io.inl(0x100)).isEqualTo(0xFFEE_DDCCL);
            assertThat(device.seen)
                    .containsExactly(
                            "out 100 1 ab",
                            "out 101 2 abcd",
                            "out 102 4 ffffffff",
                            "in 100 1",
                            "in 100 2",
                            "in 100 4");
            assertThat(vcpu.count(Crossing.PORT_EXIT)).isEqualTo(6);
        }
    }

    @Test
    void readsAllOnesWhereNobodyAnswers() {
        try (InProcessMemory memory = InProcessMemory.anonymous(1)) {
            final PortIo io = io(memory, StringIo.ONE_EXIT, null);
            io.outb(0xFF, 1);
            io.outl(0xFFFF, 1);
            assertThat(io.inb(0xFF)).isEqualTo(0xFF);
            assertThat(io.inw(0x104)).isEqualTo(0xFFFF);
            assertThat(io.inl(0xFFFF)).isEqualTo(0xFFFF_FFFFL);
            assertThat(device.seen).isEmpty();
            assertThat(vcpu.count(Crossing.PORT_EXIT)).isEqualTo(5);
        }
    }

    @Test
    void tellsTheHypervisorsOwnPortsFromThoseOfDeviceModels() {
        try (InProcessMemory memory = InProcessMemory.anonymous(1)) {
            final PortIo io = io(memory, StringIo.ONE_EXIT, null);
            io.registerHypervisors(0x20, 2, device);
            io.outb(0x20, 1);
            io.inb(0x21);
            io.insw(0x21, 0, 2);
            io.outsw(0x20, 0, 2);
            assertThat(vcpu.count(Crossing.HYPERVISOR_PORT_EXIT)).isEqualTo(4);
            assertThat(vcpu.count(Crossing.PORT_EXIT)).isZero();
            io.inb(0x1F);
            io.outb(0x22, 1);
            io.outb(0x100, 1);
            assertThat(vcpu.count(Crossing.HYPERVISOR_PORT_EXIT)).isEqualTo(4);
            assertThat(vcpu.count(Crossing.PORT_EXIT)).isEqualTo(3);
            assertThatThrownBy(() -> io.registerHypervisors(0x1F, 2, device))
                    .hasMessageContaining("port=32");
        }
    }

    @Test
    void movesTheSameBytesInOneExitAsInOnePerWord() {
        for (final StringIo stringIo : StringIo.values()) {
            try (InProcessMemory memory = InProcessMemory.anonymous(2)) {
                final PortIo io = io(memory, stringIo, null);
                final UnsafeBuffer view = new UnsafeBuffer(0, 0);
                memory.wrap(view, 0, 2 * 4096);
                view.setMemory(0, view.capacity(), (byte) 0x55);
                final long before = vcpu.count(Crossing.PORT_EXIT);

                device.counting = true;
                io.insw(0x100, 4092, 4);
                assertThat(view.getInt(4088)).isEqualTo(0x5555_5555);
                assertThat(view.getLong(4092, ByteOrder.LITTLE_ENDIAN))
                        .isEqualTo(0x0004_0003_0002_0001L);
                assertThat(view.getInt(4100)).isEqualTo(0x5555_5555);

                device.seen.clear();
                io.outsw(0x100, 4092, 3);
                assertThat(device.seen)
                        .containsExactly("out 100 2 1", "out 100 2 2", "out 100 2 3");
                assertThat(vcpu.count(Crossing.PORT_EXIT) - before)
                        .isEqualTo(stringIo == StringIo.ONE_EXIT ? 2 : 7);
                device.reset();
            }
        }
    }

    @Test
    void addsUpTheTimeThatModelsTake() {
        try (InProcessMemory memory = InProcessMemory.anonymous(1)) {
            final long[] now = {1000};
            device.takes = () -> now[0] += 7;
            final PortIo io = io(memory, StringIo.ONE_EXIT, () -> now[0]);
            io.outb(0x100, 0);
            io.inl(0x100);
            io.insw(0x100, 0, 2);
            io.inb(0x200);
            assertThat(io.modelNanos()).isEqualTo(4 * 7);
        }
    }

    @Test
    void refusesPortsThatAreTakenOrDoNotExist() {
        try (InProcessMemory memory = InProcessMemory.anonymous(1)) {
            final PortIo io = io(memory, StringIo.ONE_EXIT, null);
            assertThatThrownBy(() -> io.register(0x103, 2, device))
                    .hasMessageContaining("port=259");
            assertThatThrownBy(() -> io.register(0xFFFF, 2, device))
                    .hasMessageContaining("firstPort=65535");
            assertThatThrownBy(() -> io.inb(0x10000)).hasMessageContaining("port=65536");
            assertThatThrownBy(() -> io.outb(-1, 0)).hasMessageContaining("port=-1");
            assertThatThrownBy(() -> io.insw(0x100, 4095, 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private PortIo io(
            final InProcessMemory memory, final StringIo stringIo, final @Nullable Clock clock) {
        final PortIo io = new PortIo(vcpu, memory, stringIo, clock);
        io.register(0x100, 4, device);
        return io;
    }

    private static final class RecordingDevice implements PortDevice {
        final List<String> seen = new ArrayList<>();
        Runnable takes = () -> {};
        int nextRead;
        boolean counting;

        void reset() {
            seen.clear();
            nextRead = 0;
        }

        @Override
        public int in(final int port, final int widthBytes) {
            takes.run();
            seen.add("in " + Integer.toHexString(port) + " " + widthBytes);
            if (counting) {
                nextRead++;
            }
            return nextRead;
        }

        @Override
        public void out(final int port, final int widthBytes, final int value) {
            takes.run();
            seen.add(
                    "out "
                            + Integer.toHexString(port)
                            + " "
                            + widthBytes
                            + " "
                            + Integer.toHexString(value));
        }
    }
}
