package io.ringside.emulated.ide.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.emulated.ide.IdeMachine;
import io.ringside.emulated.ide.MoodyStore;
import io.ringside.emulated.ide.backend.DriveIdentity;
import io.ringside.emulated.ide.protocol.IdentifyData;
import io.ringside.emulated.trap.StringIo;
import io.ringside.hypervisor.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class IdeProbeTest {
    private static final int FRAME = 64;

    private final MoodyStore store = MoodyStore.prompt(4096);
    private final RecordingTrace trace = new RecordingTrace();

    @Test
    void setsTheDriveUpStepByStep() {
        assertThat(commandsToSetUp(IdeMode.PIO, page -> {}))
                .containsExactly("IDENTIFY DEVICE", "SET FEATURES 12");
        assertThat(commandsToSetUp(IdeMode.PIO_MULTIPLE, page -> {}))
                .containsExactly("IDENTIFY DEVICE", "SET FEATURES 12", "SET MULTIPLE MODE 16");
        assertThat(commandsToSetUp(IdeMode.DMA, page -> {}))
                .containsExactly("IDENTIFY DEVICE", "SET FEATURES 66");
    }

    @Test
    void makesDoWithWhatAnOlderDriveHas() {
        assertThat(commandsToSetUp(IdeMode.DMA, page -> page.word(IdentifyData.ULTRA_DMA, 1)))
                .containsExactly("IDENTIFY DEVICE", "SET FEATURES 64");
        assertThat(commandsToSetUp(IdeMode.DMA, page -> page.word(IdentifyData.VALIDITY, 3)))
                .containsExactly("IDENTIFY DEVICE", "SET FEATURES 34");
        assertThat(
                        commandsToSetUp(
                                IdeMode.PIO_MULTIPLE,
                                page -> page.word(IdentifyData.MAX_MULTIPLE, 0x8000 | 12)))
                .containsExactly("IDENTIFY DEVICE", "SET FEATURES 12", "SET MULTIPLE MODE 8");
        assertThat(
                        commandsToSetUp(
                                IdeMode.PIO_MULTIPLE,
                                page -> page.word(IdentifyData.MAX_MULTIPLE, 0x8000)))
                .containsExactly("IDENTIFY DEVICE", "SET FEATURES 12");
        assertThat(commandsToSetUp(IdeMode.PIO, page -> page.word(IdentifyData.CAPABILITY, 0)))
                .containsExactly(
                        "IDENTIFY DEVICE", "INITIALIZE DEVICE PARAMETERS 63", "SET FEATURES 12");
    }

    @Test
    void believesNoDriveThatMakesNoSense() {
        final String nonsense = "what the drive says of itself makes no sense";
        assertThat(failure(IdeMode.PIO, page -> page.word(0, IdentifyData.NOT_ATA)))
                .isEqualTo(nonsense);
        assertThat(failure(IdeMode.PIO, page -> page.number(IdentifyData.LBA48_SECTORS, 4, 0)))
                .isEqualTo(nonsense);
        assertThat(failure(IdeMode.PIO, page -> page.number(IdentifyData.LBA48_SECTORS, 4, -1)))
                .isEqualTo(nonsense);
        assertThat(
                        failure(
                                IdeMode.PIO,
                                page -> {
                                    page.word(IdentifyData.CAPABILITY, 0);
                                    page.word(IdentifyData.HEADS, 17);
                                }))
                .isEqualTo(nonsense);
        assertThat(
                        failure(
                                IdeMode.PIO,
                                page -> {
                                    page.word(IdentifyData.CAPABILITY, 0);
                                    page.word(IdentifyData.SECTORS_PER_TRACK, 0);
                                }))
                .isEqualTo(nonsense);
        assertThat(
                        failure(
                                IdeMode.DMA,
                                page -> page.word(IdentifyData.CAPABILITY, IdentifyData.CAN_LBA)))
                .isEqualTo("the drive can not do DMA");
    }

    @Test
    void findsDamageOnTheWay() {
        try (IdeMachine machine = IdeMachine.with(store)) {
            final IdeGuest guest = new IdeGuest(machine, IdeMode.PIO, 1);
            machine.faults().spoil(memory -> memory.putByte(80, (byte) (memory.getByte(80) ^ 4)));
            for (int i = 0; i < 100; i++) {
                guest.step();
            }
            assertThat(guest.driver().failure())
                    .isEqualTo("what the drive says of itself makes no sense");
        }
    }

    @Test
    void knowsNoFlushWhereTheDriveKnowsNone() {
        try (IdeMachine machine = machine()) {
            machine.faults().spoil(changed(page -> page.word(IdentifyData.FEATURES_KNOWN + 1, 0)));
            final IdeGuest guest = IdeGuest.ready(machine, IdeMode.DMA, 1);
            assertThat(guest.driver().limits().canFlush()).isFalse();
            final BlockRequest flush = new BlockRequest(1).reset(BlockOperation.FLUSH, 0);
            assertThat(guest.driver().submit(flush)).isTrue();
            guest.driver().commit();
            assertThat(guest.completed()).as("never within a commit").isEmpty();
            guest.runTo(1);
            assertThat(flush.status()).isEqualTo(BlockStatus.UNSUPPORTED);
            guest.run(IdeGuest.request(BlockOperation.READ, 0, FRAME, 512));
        }
    }

    @Test
    void tellsBothHalvesOfARequest() {
        try (IdeMachine machine = machine()) {
            final IdeGuest guest = IdeGuest.ready(machine, IdeMode.DMA, 1);
            trace.events.clear();
            final BlockRequest request = IdeGuest.request(BlockOperation.READ, 9, FRAME, 1024);
            request.tag(5);
            guest.run(request);
            store.failing(true);
            guest.run(request);
            assertThat(trace.events)
                    .containsExactly(
                            "ide request 9 1024",
                            "ide-disk READ DMA 9 2",
                            "ide done 80 5",
                            "ide request 9 1024",
                            "ide-disk READ DMA 9 2",
                            "ide failed 81 5");
        }
    }

    private List<String> commandsToSetUp(
            final IdeMode mode, final Consumer<IdentifyData> difference) {
        trace.events.clear();
        try (IdeMachine machine = machine()) {
            machine.faults().spoil(changed(difference));
            IdeGuest.ready(machine, mode, 1);
            return trace.events.stream()
                    .map(event -> event.replaceFirst("^ide-disk ", ""))
                    .map(event -> event.replaceFirst(" -?\\d+ (\\d+)$", " $1"))
                    .map(event -> event.replaceFirst("DEVICE 1$", "DEVICE"))
                    .toList();
        }
    }

    private String failure(final IdeMode mode, final Consumer<IdentifyData> difference) {
        try (IdeMachine machine = machine()) {
            machine.faults().spoil(changed(difference));
            final IdeGuest guest = new IdeGuest(machine, mode, 1);
            for (int i = 0; i < 100 && guest.driver().failure().isEmpty(); i++) {
                guest.step();
            }
            assertThat(guest.driver().isReady()).isFalse();
            return guest.driver().failure();
        }
    }

    /** Another drive's IDENTIFY data, with a seal of its own. */
    private static Consumer<UnsafeBuffer> changed(final Consumer<IdentifyData> difference) {
        return memory -> {
            if (memory.capacity() == IdentifyData.SIZE_BYTES) {
                final IdentifyData page = new IdentifyData(memory);
                difference.accept(page);
                page.seal();
            }
        };
    }

    private IdeMachine machine() {
        return new IdeMachine(store, DriveIdentity.RINGSIDE, StringIo.ONE_EXIT, trace);
    }

    private static final class RecordingTrace implements Trace {
        private final List<String> events = new ArrayList<>();

        @Override
        public boolean isOn() {
            return true;
        }

        @Override
        public void event(
                final String who, final String what, final long first, final long second) {
            events.add(who + " " + what + " " + first + " " + second);
        }
    }
}
