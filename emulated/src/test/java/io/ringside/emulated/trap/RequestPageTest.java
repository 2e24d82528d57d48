package io.ringside.emulated.trap;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Toll;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.DoorbellIdleStrategy;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.hypervisor.inprocess.ThreadDoorbell;
import io.ringside.testkit.Seed;
import io.ringside.testkit.WireFacts;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exits that go by a page to a model in another thread. */
@Timeout(60)
class RequestPageTest {
    private static final int BASE_PORT = 0x100;
    private static final int STRING_PORT = 0x200;
    private static final int SPOILT_PORT = 0x300;
    private static final long BASE_REGISTER = 0xFEB0_0000L;
    private static final int EXITS = 1_000; // each two changes of threads, on one core if need be
    private static final int HOSTILE_REQUESTS = 5_000;
    private static final int LINE = 11;

    private final InProcessMemory memory = InProcessMemory.anonymous(64);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final int frame = frames.allocate();
    private final int stringFrame = frames.allocate();
    private final Vcpu guest = new Vcpu("guest", CrossingCosts.COUNTS, () -> 0);
    private final Vcpu host = new Vcpu("host", CrossingCosts.COUNTS, () -> 0);
    private final ThreadDoorbell guestBell = new ThreadDoorbell();
    private final ThreadDoorbell hostBell = new ThreadDoorbell();
    private final PortIo ports = new PortIo(guest, memory, StringIo.ONE_EXIT, null);
    private final Mmio registers = new Mmio(guest, null);
    private final InterruptController interrupts = new InterruptController(guest);
    private final Latches latches = new Latches();
    private final RequestServer server =
            new RequestServer(memory, frame, ports, registers, host, guestBell, new Idle());

    private RequestPage place(final IdleStrategy waiting) {
        ports.register(BASE_PORT, Latches.COUNT, latches);
        ports.register(STRING_PORT, 1, latches);
        registers.register(BASE_REGISTER, Latches.COUNT * Integer.BYTES, latches);
        interrupts.attachTo(ports);
        final RequestPage page =
                new RequestPage(memory, frame, guest, hostBell, guestBell, server, waiting);
        ports.placeBehind(page);
        registers.placeBehind(page);
        return page;
    }

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void laysFieldsAtTheBytesOfIoreqH() {
        final WireFacts facts = WireFacts.load("xen-ioreq");
        final WireFacts.Struct ioreq = facts.struct("ioreq");
        assertThat(IoRequest.SIZE_BYTES).isEqualTo(ioreq.size());
        assertThat(IoRequest.ADDRESS_OFFSET).isEqualTo(ioreq.offset("addr"));
        assertThat(IoRequest.DATA_OFFSET).isEqualTo(ioreq.offset("data"));
        assertThat(IoRequest.COUNT_OFFSET).isEqualTo(ioreq.offset("count"));
        assertThat(IoRequest.SIZE_OFFSET).isEqualTo(ioreq.offset("size"));
        assertThat(IoRequest.PORT_OFFSET).isEqualTo(ioreq.offset("vp_eport"));
        assertThat(IoRequest.CONTROL_OFFSET).isEqualTo(ioreq.offset("_pad0"));
        final int bits = (ioreq.offset("state") - IoRequest.CONTROL_OFFSET) * Byte.SIZE;
        assertThat(IoRequest.STATE_SHIFT).isEqualTo(bits);
        assertThat(IoRequest.POINTER).isEqualTo(1 << bits + 4);
        assertThat(IoRequest.READ).isEqualTo((int) facts.constant("IOREQ_READ") << bits + 5);
        assertThat(IoRequest.DOWNWARDS).isEqualTo(1 << bits + 6);
        assertThat(IoRequest.TYPE_SHIFT)
                .isEqualTo((ioreq.offset("type") - IoRequest.CONTROL_OFFSET) * Byte.SIZE);
        assertThat(IoRequest.NONE).isEqualTo((int) facts.constant("STATE_IOREQ_NONE"));
        assertThat(IoRequest.READY).isEqualTo((int) facts.constant("STATE_IOREQ_READY"));
        assertThat(IoRequest.IN_PROCESS).isEqualTo((int) facts.constant("STATE_IOREQ_INPROCESS"));
        assertThat(IoRequest.ANSWERED).isEqualTo((int) facts.constant("STATE_IORESP_READY"));
        assertThat(IoRequest.TYPE_PORT).isEqualTo((int) facts.constant("IOREQ_TYPE_PIO"));
        assertThat(IoRequest.TYPE_MEMORY).isEqualTo((int) facts.constant("IOREQ_TYPE_COPY"));
    }

    @Test
    void isServedByWhoeverWaitsWhileTheModelHasNoThread() {
        place(new YieldingIdleStrategy());
        access(Seed.ofRun(), 500);
        counts(500);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reachesAModelInAnotherThread(final boolean sleeps) throws Exception {
        place(sleeps ? new DoorbellIdleStrategy(guestBell) : new YieldingIdleStrategy());
        server.doWork();
        final Seed seed = Seed.ofRun();
        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        final AgentRunner model = runner(server, sleeps ? hostBell : null, failure);
        AgentRunner.startOnThread(model);
        final Thread processor = new Thread(() -> access(seed, EXITS));
        processor.setUncaughtExceptionHandler((thread, e) -> failure.compareAndSet(null, e));
        processor.start();
        processor.join();
        hostBell.keepAwake();
        model.close();
        assertThat(failure.get()).as("%s", seed).isNull();
        counts(EXITS);
    }

    private static AgentRunner runner(
            final Agent agent,
            final @Nullable ThreadDoorbell bell,
            final AtomicReference<@Nullable Throwable> failure) {
        return new AgentRunner(
                bell == null ? new YieldingIdleStrategy() : new DoorbellIdleStrategy(bell),
                e -> failure.compareAndSet(null, e),
                null,
                agent);
    }

    /** Random accesses, each held against what was written before. */
    private void access(final Seed seed, final int count) {
        final SplittableRandom random = seed.random();
        final int[] expected = new int[Latches.COUNT];
        final long stringAddress = (long) stringFrame << GuestMemory.PAGE_SHIFT;
        final UnsafeBuffer words = new UnsafeBuffer(0, 0);
        for (int i = 0; i < count; i++) {
            final int at = random.nextInt(Latches.COUNT);
            switch (random.nextInt(5)) {
                case 0 -> {
                    expected[at] = random.nextInt();
                    ports.outl(BASE_PORT + at, expected[at]);
                }
                case 1 -> {
                    expected[at] = random.nextInt();
                    registers.write(BASE_REGISTER + (long) at * Integer.BYTES, expected[at]);
                }
                case 2 ->
                        assertThat((int) ports.inl(BASE_PORT + at))
                                .as("%s", seed)
                                .isEqualTo(expected[at]);
                case 3 ->
                        assertThat(registers.read(BASE_REGISTER + (long) at * Integer.BYTES))
                                .as("%s", seed)
                                .isEqualTo(expected[at]);
                default -> {
                    final int count16 = 1 + random.nextInt(2048);
                    ports.insw(STRING_PORT, stringAddress, count16);
                    memory.wrap(words, stringAddress, count16 * Short.BYTES);
                    int right = 0;
                    while (right < count16
                            && words.getShort(right * Short.BYTES) == (short) right) {
                        right++;
                    }
                    assertThat(right).as("%s", seed).isEqualTo(count16);
                    words.setMemory(0, count16 * Short.BYTES, (byte) -1);
                }
            }
        }
    }

    /** One notification each way beside every exit, whichever thread served it. */
    private void counts(final int exits) {
        assertThat(guest.count(Crossing.PORT_EXIT) + guest.count(Crossing.MMIO_EXIT))
                .isEqualTo(exits);
        assertThat(guest.count(Crossing.KICK)).isEqualTo(exits);
        assertThat(host.count(Crossing.UPCALL)).isEqualTo(exits);
        assertThat(host.count(Crossing.HYPERCALL)).isEqualTo(exits);
        assertThat(host.count(Crossing.KICK)).isEqualTo(exits);
        assertThat(server.refused()).isZero();
    }

    @Test
    void chargesTheExitAndItsHandOverAndNothingElse() {
        final long[] guestNanos = new long[1];
        final long[] hostNanos = new long[1];
        final CrossingCosts costs =
                new CrossingCosts(
                        "test",
                        "made up",
                        Map.of(
                                Crossing.PORT_EXIT, 3_000,
                                Crossing.MMIO_EXIT, 4_000,
                                Crossing.KICK, 100,
                                Crossing.HYPERCALL, 600,
                                Crossing.UPCALL, 1_000),
                        Map.of(),
                        6_000);
        final Vcpu payingGuest = new Vcpu("guest", costs, new Sum(guestNanos));
        final Vcpu payingHost = new Vcpu("host", costs, new Sum(hostNanos));
        final PortIo port = new PortIo(payingGuest, memory, StringIo.ONE_EXIT, null);
        final Mmio register = new Mmio(payingGuest, null);
        port.register(BASE_PORT, Latches.COUNT, latches);
        register.register(BASE_REGISTER, Latches.COUNT * Integer.BYTES, latches);
        final RequestServer paying =
                new RequestServer(memory, frame, port, register, payingHost, guestBell, new Idle());
        final RequestPage page =
                new RequestPage(
                        memory,
                        frame,
                        payingGuest,
                        hostBell,
                        guestBell,
                        paying,
                        new YieldingIdleStrategy());
        port.placeBehind(page);
        register.placeBehind(page);
        port.outl(BASE_PORT, 5);
        assertThat(guestNanos[0]).isEqualTo(3_000 + 6_000);
        assertThat(register.read(BASE_REGISTER)).isEqualTo(5);
        assertThat(guestNanos[0]).isEqualTo(9_000 + 4_000 + 6_000);
        assertThat(hostNanos[0]).isZero();
        assertThat(payingGuest.count(Crossing.KICK)).isEqualTo(2);
        assertThat(payingHost.count(Crossing.UPCALL)).isEqualTo(2);
        assertThat(payingHost.count(Crossing.HYPERCALL)).isEqualTo(2);
        assertThat(payingHost.count(Crossing.KICK)).isEqualTo(2);
    }

    /** Adds up what is charged. */
    private record Sum(long[] sum) implements Toll {
        @Override
        public void stall(final long nanos) {
            sum[0] += nanos;
        }

        @Override
        public void copied(final long lengthBytes) {
            // No charge of an exit.
        }
    }

    @Test
    void leavesThePortsOfTheHypervisorInTheExit() {
        place(new YieldingIdleStrategy());
        assertThat(ports.inb(InterruptController.MASTER_PORT + 1)).isEqualTo(0xFF);
        assertThat(guest.count(Crossing.HYPERVISOR_PORT_EXIT)).isEqualTo(1);
        assertThat(guest.count(Crossing.KICK)).isZero();
    }

    @Test
    void findsAnEmptyBusOnceItIsClosed() {
        final RequestPage page = place(new YieldingIdleStrategy());
        ports.outl(BASE_PORT, 7);
        page.close();
        assertThat(ports.inl(BASE_PORT)).isEqualTo(0xFFFF_FFFFL);
        assertThat(registers.read(BASE_REGISTER)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsTheWaitOfAProcessorWhenItIsClosed(final boolean sleeps) throws Exception {
        final RequestPage page =
                place(sleeps ? new DoorbellIdleStrategy(guestBell) : new YieldingIdleStrategy());
        server.doWork(); // This thread is the model's from now on, and does not serve.
        final AtomicReference<@Nullable Long> answer = new AtomicReference<>();
        final Thread processor = new Thread(() -> answer.set(ports.inl(BASE_PORT)));
        processor.start();
        while (guest.count(Crossing.KICK) == 0) {
            Thread.yield();
        }
        page.close();
        processor.join();
        assertThat(answer.get()).isEqualTo(0xFFFF_FFFFL);
    }

    @Test
    void endsTheWaitOfAProcessorThatIsInterrupted() throws Exception {
        place(new DoorbellIdleStrategy(guestBell));
        server.doWork();
        final Thread processor = new Thread(() -> ports.inl(BASE_PORT));
        processor.start();
        processor.interrupt();
        processor.join();
        assertThat(ports.inl(BASE_PORT)).as("and of every later one").isEqualTo(0xFFFF_FFFFL);
    }

    @Test
    void answersWhateverAHostileGuestWritesThere() {
        place(new YieldingIdleStrategy());
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final UnsafeBuffer page = new UnsafeBuffer(0, 0);
        memory.wrap(page, (long) frame << GuestMemory.PAGE_SHIFT, IoRequest.SIZE_BYTES);
        int asked = 0;
        for (int i = 0; i < HOSTILE_REQUESTS; i++) {
            final byte[] bytes = new byte[IoRequest.SIZE_BYTES];
            random.nextBytes(bytes);
            page.putBytes(0, bytes);
            if (random.nextBoolean()) {
                page.putLong(0, random.nextBoolean() ? BASE_PORT : BASE_REGISTER);
                page.putInt(IoRequest.COUNT_OFFSET, random.nextInt(3));
                page.putInt(IoRequest.SIZE_OFFSET, 1 << random.nextInt(4));
                page.putLong(IoRequest.DATA_OFFSET, random.nextInt(70 * GuestMemory.PAGE_BYTES));
                page.putByte(31, (byte) random.nextInt(2));
            }
            page.putByte(30, (byte) (page.getByte(30) & 0xF0 | random.nextInt(4)));
            final boolean isReady = (page.getByte(30) & 0xF) == IoRequest.READY;
            asked += isReady ? 1 : 0;
            server.serve();
            assertThat(page.getByte(30) & 0xF)
                    .as("%s", seed)
                    .isEqualTo(isReady ? IoRequest.ANSWERED : page.getByte(30) & 0xF);
        }
        assertThat(host.count(Crossing.UPCALL)).as("%s", seed).isEqualTo(asked);
        assertThat(server.refused()).as("%s", seed).isPositive().isLessThan(asked);
    }

    @Test
    void servesARequestAsItWasWhateverTheGuestWritesOverItMeanwhile() {
        place(new YieldingIdleStrategy());
        final UnsafeBuffer page = RequestPage.view(memory, frame);
        final IoRequest request = new IoRequest(page);
        final Spoiler spoiler = new Spoiler(page);
        ports.register(SPOILT_PORT, 1, spoiler);

        request.fill(SPOILT_PORT, 0x1234, 1, Integer.BYTES);
        request.controlRelease(control(IoRequest.READY, 0));
        server.serve();
        assertThat(spoiler.written()).isEqualTo(0x1234);
        assertThat(request.data()).isEqualTo(0x1234);
        assertThat(request.controlAcquire()).isEqualTo(control(IoRequest.ANSWERED, 0));

        final long address = (long) stringFrame << GuestMemory.PAGE_SHIFT;
        final int reads = IoRequest.READ | IoRequest.POINTER;
        request.fill(SPOILT_PORT, address, 8, Short.BYTES);
        request.controlRelease(control(IoRequest.READY, reads));
        server.serve();
        final UnsafeBuffer words = new UnsafeBuffer(0, 0);
        memory.wrap(words, address, GuestMemory.PAGE_BYTES);
        for (int i = 0; i < GuestMemory.PAGE_BYTES; i++) {
            assertThat(words.getByte(i)).isEqualTo((byte) (i < 8 * Short.BYTES ? 7 : 0));
        }
        assertThat(request.data()).isEqualTo(address);
        assertThat(request.controlAcquire()).isEqualTo(control(IoRequest.ANSWERED, reads));
        assertThat(server.refused()).isZero();
    }

    private static int control(final int state, final int flags) {
        return state << IoRequest.STATE_SHIFT | IoRequest.TYPE_PORT << IoRequest.TYPE_SHIFT | flags;
    }

    @Test
    void seesALineThatFellAndRoseBetweenTwoLooks() {
        place(new YieldingIdleStrategy());
        interrupts.drivenFromElsewhere(host, guestBell);
        final InterruptLine line = new InterruptLine(ports, interrupts, LINE);
        line.unmask();
        interrupts.setLine(LINE, true);
        assertThat(line.deliver()).isTrue();
        line.end();
        assertThat(line.deliver()).as("an edge is taken once").isFalse();
        interrupts.setLine(LINE, false);
        interrupts.setLine(LINE, true);
        assertThat(line.deliver()).isTrue();
        line.end();
        interrupts.setLine(LINE, false);
        interrupts.setLine(LINE, true);
        interrupts.setLine(LINE, true);
        interrupts.setLine(LINE, false);
        assertThat(line.deliver()).as("withdrawn").isFalse();
        assertThat(host.count(Crossing.HYPERCALL)).as("one a change").isEqualTo(6);
    }

    /** A model that has nothing to do between requests. */
    private static final class Idle implements Agent {
        @Override
        public int doWork() {
            return 0;
        }

        @Override
        public String roleName() {
            return "latches";
        }
    }
}
