package io.ringside.emulated.tulip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.frame.SegmentationType;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.device.host.Packet;
import io.ringside.device.net.LearningSwitch;
import io.ringside.device.net.LoopbackPort;
import io.ringside.emulated.nic.NicContract;
import io.ringside.emulated.nic.NicMachine;
import io.ringside.emulated.tulip.frontend.PollDemand;
import io.ringside.emulated.tulip.frontend.TulipDriver;
import io.ringside.emulated.tulip.protocol.TulipRegisters;
import io.ringside.hypervisor.Crossing;
import io.ringside.testkit.WireFacts;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TulipTest extends NicContract {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int INTERRUPT_EXITS = 6;
    private static final int PHY_READ_EXITS = 147;

    @Override
    protected NicMachine.Kind kind() {
        return new TulipKind(PollDemand.EACH_FRAME);
    }

    private static TulipDriver driver(final NicMachine machine) {
        return (TulipDriver) machine.driver();
    }

    private static NetFrame[] batch(final NicMachine machine) {
        final NetFrame[] batch = new NetFrame[NicMachine.TRANSMIT_DEPTH];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = machine.frame(frameTo(NicMachine.STATION, 100, i));
        }
        return batch;
    }

    @Test
    void setsTheCardUpAsTheRealDriverDoes() {
        final WireFacts facts = WireFacts.load("tulip");
        try (NicMachine machine = looped()) {
            assertThat(machine.io().inl(TulipKind.BASE + TulipRegisters.BUS_MODE))
                    .hasToString(facts.value("csr0OnX86").toString());
            assertThat(machine.io().inl(TulipKind.BASE + TulipRegisters.INTERRUPT_MASK) & 0x1_FFFF)
                    .hasToString(facts.value("chip21140", "csr7InterruptEnable").toString());
        }
    }

    @Test
    void takesOneExitForEachFrameAndSixForTheInterruptOfABatch() {
        try (NicMachine machine = looped()) {
            final NetFrame[] batch = batch(machine);
            machine.send(batch);
            final long before = machine.exits();
            final long interrupts = machine.vcpu().count(Crossing.INTERRUPT);
            machine.send(batch);
            // A poll demand out for each; status in, status out, status in, missed frames in, both
            // controllers out.
            assertThat(machine.exits() - before)
                    .isEqualTo(NicMachine.TRANSMIT_DEPTH + INTERRUPT_EXITS);
            assertThat(machine.vcpu().count(Crossing.INTERRUPT) - interrupts).isEqualTo(1);
            assertThat(machine.received()).hasSize(2 * NicMachine.TRANSMIT_DEPTH);
        }
    }

    @Test
    void takesOneExitForABatchWhenItIsToldSo() {
        final NicMachine.Kind kind = new TulipKind(PollDemand.EACH_BATCH);
        try (NicMachine machine = new NicMachine(kind, new LoopbackPort(64, 2048))) {
            machine.settle();
            final NetFrame[] batch = batch(machine);
            machine.send(batch);
            final long before = machine.exits();
            machine.send(batch);
            assertThat(machine.exits() - before).isEqualTo(1 + INTERRUPT_EXITS);
            assertThat(machine.received()).hasSize(2 * NicMachine.TRANSMIT_DEPTH);
        }
    }

    @Test
    void receivesWithoutAnExitBesideThoseOfTheInterrupt() {
        final LearningSwitch network = new LearningSwitch(2, 64, 2048, 64, 1_000_000_000L);
        try (NicMachine machine = new NicMachine(kind(), network.port(0))) {
            machine.settle();
            final byte[] bytes = frameTo(NicMachine.STATION, 100, 5);
            final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length));
            direct.putBytes(0, bytes);
            final Packet packet = new Packet(1, 0).add(direct, 0, bytes.length);
            for (int count = 1; count <= 16; count *= 2) {
                final int had = machine.received().size();
                for (int i = 0; i < count; i++) {
                    network.port(1).send(packet);
                }
                final long before = machine.exits();
                machine.settle();
                assertThat(machine.received()).hasSize(had + count);
                assertThat(machine.exits() - before).isEqualTo(INTERRUPT_EXITS);
            }
        }
    }

    @Test
    void wrapsBothRings() {
        try (NicMachine machine = looped()) {
            final NetFrame frame = machine.frame(frameTo(NicMachine.STATION, 100, 1));
            for (int i = 0; i < 300; i++) {
                machine.send(frame);
                assertThat(frame.status()).isEqualTo(NetStatus.OK);
            }
            assertThat(machine.received()).hasSize(300);
            assertThat(driver(machine).badFrames()).isZero();
            assertThat(driver(machine).missedFrames()).isZero();
            assertThat(driver(machine).spuriousInterrupts()).isZero();
        }
    }

    @Test
    void countsWhatTheCardHasMissed() {
        try (NicMachine machine = looped()) {
            machine.givesBack(false);
            final NetFrame frame = machine.frame(frameTo(NicMachine.STATION, 100, 1));
            for (int i = 0; i < 200; i++) {
                machine.send(frame);
            }
            assertThat(machine.held().size() + driver(machine).missedFrames()).isEqualTo(200);
            assertThat(driver(machine).missedFrames()).isPositive();
        }
    }

    @Test
    void asksThePhyEveryMinuteAndEveryThreeSecondsWithoutALink() {
        final LoopbackPort port = new LoopbackPort(8, 2048);
        try (NicMachine machine = new NicMachine(kind(), port)) {
            machine.settle();
            final long before = machine.exits();
            machine.clock().pass(60 * SECOND_NANOS - 1);
            machine.settle();
            assertThat(machine.exits()).isEqualTo(before);
            machine.clock().pass(1);
            machine.settle();
            assertThat(machine.exits() - before).isEqualTo(PHY_READ_EXITS);
            port.close();
            machine.clock().pass(60 * SECOND_NANOS);
            machine.settle();
            assertThat(machine.device().isLinkUp()).isFalse();
            machine.clock().pass(3 * SECOND_NANOS);
            machine.settle();
            assertThat(machine.exits() - before).isEqualTo(3 * PHY_READ_EXITS);
        }
    }

    @Test
    void hearsEveryAddressWhenToldSo() {
        try (NicMachine machine = looped()) {
            driver(machine).promiscuous(true);
            machine.send(machine.frame(frameTo(0x0100_5E00_0001L, 100, 1)));
            machine.send(machine.frame(frameTo(0x0016_3E99_9999L, 100, 2)));
            assertThat(machine.received()).hasSize(2);
            driver(machine).promiscuous(false);
            machine.send(machine.frame(frameTo(0x0016_3E99_9999L, 100, 2)));
            assertThat(machine.received()).hasSize(2);
            assertThat(machine.transmitted()).hasSize(3);
        }
    }

    @Test
    void givesACardUpThatReportsABusError() {
        try (NicMachine machine = looped()) {
            // The driver's own frame, with a piece behind the end of memory.
            final NetFrame frame = machine.frame(frameTo(NicMachine.STATION, 100, 1));
            frame.reset().addSegment(1L << 31, 100);
            machine.send(frame);
            assertThat(frame.status()).isEqualTo(NetStatus.GONE);
            assertThat(machine.device().isReady()).isFalse();
            assertThat(driver(machine).failure()).contains("bus error");
            machine.driver().onClose();
            assertThat(machine.frames().usedCount()).as("the frame's own page").isEqualTo(1);
        }
    }

    @Test
    void takesNoOffloads() {
        try (NicMachine machine = looped()) {
            final NetFrame blank = machine.frame(frameTo(NicMachine.STATION, 100, 1));
            blank.metadata().checksumBlank(34, 16);
            assertThatThrownBy(() -> machine.device().submit(0, blank))
                    .isInstanceOf(IllegalArgumentException.class);
            final NetFrame uncut = machine.frame(frameTo(NicMachine.STATION, 100, 1));
            uncut.metadata().segmentInto(SegmentationType.TCP_IPV4, 100);
            assertThatThrownBy(() -> machine.device().submit(0, uncut))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
