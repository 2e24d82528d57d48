package io.ringside.emulated.ide.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockRequest;
import io.ringside.device.guest.BlockStatus;
import io.ringside.emulated.ide.IdeMachine;
import io.ringside.emulated.ide.MoodyStore;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.emulated.ide.protocol.IdePorts;
import io.ringside.emulated.trap.InterruptController;
import io.ringside.emulated.trap.PortIo;
import io.ringside.emulated.trap.StringIo;
import io.ringside.hypervisor.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdeDriverFaultTest {
    private static final int STATUS_PORT = IdePorts.PRIMARY.commandBlock() + 7;
    private static final int FRAME = 64;
    private static final int PAGE = 4096;
    private static final List<BlockOperation> KNOWN =
            List.of(BlockOperation.READ, BlockOperation.WRITE, BlockOperation.FLUSH);

    private final MoodyStore store = MoodyStore.prompt(4096);
    private final IdeMachine machine = IdeMachine.with(store);

    @AfterEach
    void close() {
        machine.close();
    }

    @ParameterizedTest
    @EnumSource(BlockOperation.class)
    void refusesWhatNoDriveKnowsAndGoesOn(final BlockOperation operation) {
        final IdeGuest guest = IdeGuest.ready(machine, IdeMode.DMA, 2);
        final BlockRequest request = new BlockRequest(1).reset(operation, 0);
        if (operation.movesData()) {
            request.addSegment(PAGE, 512);
        }
        guest.run(request);
        assertThat(request.status())
                .isEqualTo(KNOWN.contains(operation) ? BlockStatus.OK : BlockStatus.UNSUPPORTED);
        guest.run(IdeGuest.request(BlockOperation.READ, 0, FRAME, 512));
    }

    @ParameterizedTest
    @EnumSource(IdeMode.class)
    void reportsWhatTheMediumFailsAndGoesOn(final IdeMode mode) {
        final IdeGuest guest = IdeGuest.ready(machine, mode, 2);
        store.failing(true);
        for (final BlockOperation operation : KNOWN) {
            final BlockRequest request = IdeGuest.request(operation, 8, FRAME, PAGE);
            guest.run(request);
            assertThat(request.status()).isEqualTo(BlockStatus.ERROR);
        }
        store.failing(false);
        for (final BlockOperation operation : KNOWN) {
            final BlockRequest request = IdeGuest.request(operation, 8, FRAME, PAGE);
            guest.run(request);
            assertThat(request.status()).isEqualTo(BlockStatus.OK);
        }
        store.readOnly();
        final BlockRequest write = IdeGuest.request(BlockOperation.WRITE, 8, FRAME, PAGE);
        guest.run(write);
        assertThat(write.status()).isEqualTo(BlockStatus.ERROR);
        final BlockRequest read = IdeGuest.request(BlockOperation.READ, 8, FRAME, PAGE);
        guest.run(read);
        assertThat(read.status()).isEqualTo(BlockStatus.OK);
        assertThat(guest.driver().spuriousInterrupts()).isZero();
    }

    @ParameterizedTest
    @EnumSource(IdeMode.class)
    void findsADriveAgainThatHoldsOnToItsCommand(final IdeMode mode) {
        final IdeGuest guest = IdeGuest.ready(machine, mode, 2);
        final BlockRequest stuck = IdeGuest.request(BlockOperation.READ, 0, FRAME, 512);
        final BlockRequest next = IdeGuest.request(BlockOperation.READ, 0, FRAME, 512);
        assertThat(guest.driver().submit(stuck)).isTrue();
        assertThat(guest.driver().submit(next)).isTrue();
        guest.driver().commit();
        // The command fails, and its data request stays.
        machine.faults()
                .lie((port, value) ->
                        port == STATUS_PORT
                                ? value | AtaStatus.ERROR | AtaStatus.DATA_REQUEST
                                : value);
        for (int i = 0; i < 100 && guest.completed().isEmpty(); i++) {
            guest.step();
        }
        assertThat(stuck.status()).isEqualTo(BlockStatus.ERROR);
        assertThat(guest.driver().isReady()).isFalse();
        assertThat(guest.driver().submit(stuck)).isFalse();
        machine.faults().honest();
        guest.runTo(2);
        assertThat(next.status()).isEqualTo(BlockStatus.OK);
        assertThat(guest.driver().isReady()).isTrue();
    }

    @Test
    void findsADriveAgainThatIsOccupiedBeforeACommand() {
        final IdeGuest guest = IdeGuest.ready(machine, IdeMode.DMA, 2);
        machine.faults().lie((port, value) -> port == IdePorts.PRIMARY.control() ? 0x58 : value);
        final BlockRequest request = IdeGuest.request(BlockOperation.READ, 0, FRAME, 512);
        assertThat(guest.driver().submit(request)).isTrue();
        guest.driver().commit();
        assertThat(guest.driver().isReady()).isFalse();
        machine.faults().honest();
        guest.runTo(1);
        assertThat(request.status()).isEqualTo(BlockStatus.OK);
    }

    @Test
    void failsWhatIsLeftWhenNothingComesOfIt() {
        final IdeGuest guest = IdeGuest.ready(machine, IdeMode.PIO, 4);
        for (int i = 0; i < 4; i++) {
            final BlockRequest request = IdeGuest.request(BlockOperation.READ, i, FRAME, 512);
            assertThat(guest.driver().submit(request)).isTrue();
        }
        guest.driver().commit();
        machine.faults().lie((port, value) -> 0xFF);
        guest.runTo(4);
        for (final BlockRequest request : guest.completed()) {
            assertThat(request.status()).isEqualTo(BlockStatus.ERROR);
        }
        assertThat(guest.driver().isReady()).isFalse();
        assertThat(guest.driver().failure()).isEqualTo("nothing on this channel");
        assertThatThrownBy(() -> guest.driver().limits()).hasMessageContaining("GONE");
    }

    @Test
    void givesUpADriveThatStaysBusy() {
        final IdeGuest guest = new IdeGuest(machine, IdeMode.PIO, 1);
        machine.faults().lie((port, value) -> AtaStatus.BUSY);
        while (guest.driver().failure().isEmpty()) {
            guest.step();
        }
        assertThat(guest.driver().failure()).isEqualTo("the drive stays busy");
        assertThat(machine.exits()).isLessThan(1_100_000);
    }

    @Test
    void saysWhyItFindsNoDrive() {
        final PortIo empty = new PortIo(machine.vcpu(), machine.memory(), StringIo.ONE_EXIT, null);
        final IdeDriver alone =
                new IdeDriver(
                        IdePorts.SECONDARY,
                        IdeMode.DMA,
                        empty,
                        new InterruptController(machine.vcpu()),
                        machine.memory(),
                        machine.frames(),
                        1,
                        Trace.OFF);
        for (int i = 0; i < 3; i++) {
            alone.doWork();
        }
        assertThat(alone.failure()).isEqualTo("nothing on this channel");
        machine.faults().lie((port, value) -> port == STATUS_PORT - 2 ? 0xEB : value);
        assertThat(failureOf(IdeMode.PIO)).isEqualTo("no disk on this channel");
        machine.faults()
                .lie((port, value) ->
                        port == STATUS_PORT ? value & ~AtaStatus.DATA_REQUEST : value);
        assertThat(failureOf(IdeMode.PIO)).isEqualTo("the drive does not identify itself");
    }

    private String failureOf(final IdeMode mode) {
        final IdeGuest guest = new IdeGuest(machine, mode, 1);
        for (int i = 0; i < 100 && guest.driver().failure().isEmpty(); i++) {
            guest.step();
        }
        guest.driver().onClose();
        return guest.driver().failure();
    }

    @Test
    void countsInterruptsThatAreNotItsOwn() {
        final IdeGuest guest = IdeGuest.ready(machine, IdeMode.DMA, 1);
        deliverFalseInterrupt(guest);
        assertThat(guest.driver().spuriousInterrupts()).isEqualTo(1);
        store.held(true);
        final BlockRequest request = IdeGuest.request(BlockOperation.READ, 0, FRAME, 512);
        assertThat(guest.driver().submit(request)).isTrue();
        guest.driver().commit();
        deliverFalseInterrupt(guest);
        assertThat(guest.driver().spuriousInterrupts()).isEqualTo(2);
        assertThat(guest.completed()).isEmpty();
        store.held(false);
        guest.runTo(1);
        assertThat(request.status()).isEqualTo(BlockStatus.OK);
    }

    private void deliverFalseInterrupt(final IdeGuest guest) {
        machine.interrupts().setLine(14, true);
        assertThat(guest.driver().doWork()).isEqualTo(1);
        machine.interrupts().setLine(14, false);
    }

    @Test
    void startsNothingBeforeItIsCommitted() {
        final IdeGuest guest = IdeGuest.ready(machine, IdeMode.DMA, 3);
        final List<BlockRequest> requests = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            requests.add(IdeGuest.request(BlockOperation.READ, i, FRAME + i, 512));
            assertThat(guest.driver().submit(requests.get(i))).isTrue();
        }
        assertThat(guest.driver().submit(requests.get(0))).as("full").isFalse();
        for (int i = 0; i < 10; i++) {
            assertThat(guest.step()).isZero();
        }
        assertThat(store.seen()).isEmpty();
        guest.driver().commit();
        guest.runTo(3);
        assertThat(guest.completed()).isEqualTo(requests);
        assertThat(store.seen()).containsExactly("READ 0+1", "READ 1+1", "READ 2+1");
    }

    @Test
    void finishesNothingWithinACommitAndRestsWhileTheDriveWorks() {
        final IdeGuest guest = IdeGuest.ready(machine, IdeMode.PIO_MULTIPLE, 1);
        store.held(true);
        final BlockRequest request = IdeGuest.request(BlockOperation.READ, 0, FRAME, PAGE);
        assertThat(guest.driver().submit(request)).isTrue();
        guest.driver().commit();
        final long exits = machine.exits();
        for (int i = 0; i < 10; i++) {
            assertThat(guest.step()).isZero();
        }
        assertThat(machine.exits()).as("a halted processor touches nothing").isEqualTo(exits);
        store.held(false);
        guest.runTo(1);
    }

    @Test
    void letsACompletionSubmitTheNextRequest() {
        final IdeGuest guest = IdeGuest.ready(machine, IdeMode.DMA, 1);
        final BlockRequest request = IdeGuest.request(BlockOperation.READ, 5, FRAME, 512);
        final int[] left = {20};
        guest.driver()
                .completionsTo(done -> {
                    if (left[0]-- > 0) {
                        assertThat(guest.driver().submit(done)).isTrue();
                        guest.driver().commit();
                    }
                });
        assertThat(guest.driver().submit(request)).isTrue();
        guest.driver().commit();
        for (int i = 0; i < 1000; i++) {
            guest.step();
        }
        assertThat(left[0]).isEqualTo(-1);
        assertThat(store.seen()).hasSize(21);
    }

    @Test
    void refusesRequestsOutsideItsLimits() {
        final IdeGuest guest = IdeGuest.ready(machine, IdeMode.DMA, 1);
        final BlockRequest request = new BlockRequest(300);
        assertRefused(guest, request.reset(BlockOperation.READ, 0));
        assertRefused(guest, request.reset(BlockOperation.READ, -1).addSegment(PAGE, 512));
        assertRefused(guest, request.reset(BlockOperation.READ, 4096).addSegment(PAGE, 512));
        assertRefused(guest, request.reset(BlockOperation.READ, 4095).addSegment(PAGE, 1024));
        assertRefused(guest, request.reset(BlockOperation.READ, 0).addSegment(PAGE + 2, 512));
        assertRefused(guest, request.reset(BlockOperation.READ, 0).addSegment(PAGE, 500));
        assertRefused(guest, request.reset(BlockOperation.READ, 0).addSegment(PAGE + 512, PAGE));
        assertRefused(
                guest,
                request.reset(BlockOperation.READ, 0).addSegment(IdeMachine.FRAMES * 4096L, 512));
        assertRefused(guest, request.reset(BlockOperation.READ, 0).addSegment(-512, 512));
        request.reset(BlockOperation.READ, 0);
        for (int i = 0; i < 257; i++) {
            request.addSegment(PAGE, 512);
        }
        assertRefused(guest, request);
        assertThat(store.seen()).isEmpty();
    }

    private static void assertRefused(final IdeGuest guest, final BlockRequest request) {
        assertThatThrownBy(() -> guest.driver().submit(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("=");
    }

    @Test
    void failsWhatIsLeftAndGivesItsFrameBackWhenClosed() {
        final int frames = machine.frames().usedCount();
        final IdeGuest guest = IdeGuest.ready(machine, IdeMode.DMA, 3);
        assertThat(machine.frames().usedCount()).isEqualTo(frames + 1);
        store.held(true);
        for (int i = 0; i < 3; i++) {
            final BlockRequest request = IdeGuest.request(BlockOperation.READ, i, FRAME + i, 512);
            assertThat(guest.driver().submit(request)).isTrue();
        }
        guest.driver().commit();
        guest.driver().onClose();
        guest.driver().onClose();
        assertThat(guest.completed()).hasSize(3);
        assertThat(guest.completed().getLast().status()).isEqualTo(BlockStatus.ERROR);
        assertThat(machine.frames().usedCount()).isEqualTo(frames);
        assertThat(guest.driver().isReady()).isFalse();
        assertThat(machine.disk().isQuiet()).isFalse();
        store.held(false);
        machine.quiet();
        assertThat(machine.disk().isQuiet()).isTrue();
        assertThat(machine.interrupts().isPending(14)).isFalse();
        IdeGuest.ready(machine, IdeMode.DMA, 1)
                .run(IdeGuest.request(BlockOperation.READ, 0, FRAME, 512));
    }

    @Test
    void tellsWhatItFound() {
        final IdeGuest guest = new IdeGuest(machine, IdeMode.DMA, 7);
        assertThat(guest.driver().isReady()).isFalse();
        assertThat(guest.driver().model()).isEmpty();
        assertThatThrownBy(() -> guest.driver().limits()).hasMessageContaining("PROBE");
        guest.connect();
        assertThat(guest.driver().model()).isEqualTo("RINGSIDE IDE DISK");
        assertThat(guest.driver().limits().sectors()).isEqualTo(4096);
        assertThat(guest.driver().limits().maxTransferBytes()).isEqualTo(131072);
        assertThat(guest.driver().limits().queueDepth()).isEqualTo(7);
        assertThat(guest.driver().limits().canFlush()).isTrue();
    }
}
