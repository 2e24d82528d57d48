package io.ringside.xen.netfront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.frame.HashType;
import io.ringside.device.guest.NetFrame;
import io.ringside.xen.netfront.frontend.HashSettings;
import io.ringside.xen.netfront.frontend.NetOffloads;
import io.ringside.xen.netfront.frontend.Netfront;
import io.ringside.xen.netfront.frontend.NetfrontOptions;
import io.ringside.xen.netfront.frontend.NetfrontRefusal;
import io.ringside.xen.netfront.protocol.CtrlRequest;
import io.ringside.xen.netfront.protocol.CtrlStatus;
import io.ringside.xen.netfront.protocol.CtrlType;
import io.ringside.xen.netfront.protocol.ExtraInfo;
import io.ringside.xen.netfront.protocol.HashControl;
import io.ringside.xen.netfront.protocol.NetifGref;
import io.ringside.xen.netfront.protocol.RxResponse;
import io.ringside.xen.netfront.protocol.Wakeups;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a frontend asks on the control ring, and what it makes of the answers. */
final class NetfrontControlTest {
    private static final byte[] KEY = Workload.pattern(40, 1);
    private static final int TYPES = HashControl.IPV4_BIT | HashControl.IPV4_TCP_BIT;
    private static final NetfrontOptions HASHED =
            NetfrontOptions.PLAIN
                    .withOffloads(NetOffloads.ALL)
                    .withHashing(new HashSettings(TYPES, KEY, new int[] {2, 1, 0, 5}));
    private static final NetfrontOptions STAGED =
            NetfrontOptions.PLAIN.withOffloads(NetOffloads.ALL).withStaging(true);

    private final NetBench bench = new NetBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private RawNetback connect(final Netfront front) {
        bench.putBackendKey("feature-ctrl-ring", "1");
        final RawNetback back = RawNetback.connect(bench, front);
        bench.step(front);
        return back;
    }

    @ParameterizedTest
    @EnumSource(Wakeups.class)
    void tellsHowPacketsAreToBeSpread(final Wakeups wakeups) {
        final Netfront front = bench.newFrontend(wakeups, HASHED);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = connect(front);
        final RawControl control = new RawControl(bench);

        assertThat(control.expect(CtrlType.SET_HASH_ALGORITHM).data(0)).isEqualTo(1);
        control.answer(front, CtrlStatus.SUCCESS, 0);
        control.expect(CtrlType.GET_HASH_FLAGS);
        control.answer(front, CtrlStatus.SUCCESS, 0x1f);
        final CtrlRequest key = control.expect(CtrlType.SET_HASH_KEY);
        assertThat(key.data(1)).isEqualTo(40);
        assertThat(back.read(key.data(0), 0, 40)).isEqualTo(KEY);
        control.answer(front, CtrlStatus.SUCCESS, 0);
        control.expect(CtrlType.GET_HASH_MAPPING_SIZE);
        control.answer(front, CtrlStatus.SUCCESS, 128);
        assertThat(control.expect(CtrlType.SET_HASH_MAPPING_SIZE).data(0)).isEqualTo(4);
        control.answer(front, CtrlStatus.SUCCESS, 0);
        final CtrlRequest mapping = control.expect(CtrlType.SET_HASH_MAPPING);
        assertThat(mapping.data(1)).isEqualTo(4);
        assertThat(mapping.data(2)).isZero();
        assertThat(back.read(mapping.data(0), 0, 16))
                .as("all of them queues that there are")
                .isEqualTo(new byte[16]);
        control.answer(front, CtrlStatus.SUCCESS, 0);
        assertThat(front.limits().hashes()).isFalse();
        assertThat(control.expect(CtrlType.SET_HASH_FLAGS).data(0)).isEqualTo(TYPES);
        control.answer(front, CtrlStatus.SUCCESS, 0);
        assertThat(front.limits().hashes()).isTrue();
        assertThat(control.asked()).isEqualTo(7);

        workload.holds = true;
        back.deliver(Frames.tcp(4, 10, false), 0, 64, 0, RxResponse.EXTRA_INFO);
        back.receiveExtra().putHash(0, HashControl.IPV4_TCP, 1, 0x81020304);
        back.pushRx();
        bench.step(front);
        final NetFrame frame = workload.received.get(0).frame();
        assertThat(frame.metadata().hashType()).isEqualTo(HashType.TCP_IPV4);
        assertThat(frame.metadata().hash()).isEqualTo(0x81020304);

        final NetFrame sent = workload.frame(Frames.tcp(4, 10, false));
        sent.metadata().hash(HashType.IPV6, 0x7a);
        front.submit(0, sent);
        front.commit();
        assertThat(back.requestExtra(1).type()).isEqualTo(ExtraInfo.HASH);
        assertThat(back.requestExtra(1).hashType()).isEqualTo(HashControl.IPV6);
        assertThat(back.requestExtra(1).hashValue()).isEqualTo(0x7a);
        back.answerAll(0);
        bench.step(front);

        front.settings().hashing(null);
        bench.step(front);
        assertThat(control.expect(CtrlType.SET_HASH_ALGORITHM).data(0)).isZero();
        control.answer(front, CtrlStatus.SUCCESS, 0);
        assertThat(front.limits().hashes()).isFalse();
        assertThat(front.counters().refusals()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void goesWithoutWhatABackendWillNotDo(final int failing) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, HASHED);
        final RawNetback back = connect(front);
        final RawControl control = new RawControl(bench);
        boolean algorithm = false;
        for (int i = 0; i < 20 && control.asked() != control.answered; i++) {
            final CtrlRequest request = control.request();
            final boolean fails = i == failing;
            if (request.type() == CtrlType.SET_HASH_ALGORITHM && !fails) {
                algorithm = request.data(0) != 0;
            }
            final int status = i % 2 == 0 ? CtrlStatus.NOT_SUPPORTED : CtrlStatus.INVALID_PARAMETER;
            control.answer(front, fails ? status : CtrlStatus.SUCCESS, 2);
        }
        final boolean expected = failing >= 3 && failing != 6;
        assertThat(front.limits().hashes()).isEqualTo(expected);
        assertThat(algorithm).as("it is taken back").isEqualTo(expected);
        assertThat(front.counters().controlFailures()).isEqualTo(1);
        assertThat(front.isReady()).isTrue();
        assertThat(back.offered()).isEqualTo(256);
    }

    @Test
    void cutsATableThatIsTooLongToWhatTheBackendTakes() {
        final Netfront front =
                bench.newFrontend(
                        Wakeups.ARMED,
                        HASHED.withHashing(new HashSettings(TYPES, KEY, new int[200])));
        connect(front);
        final RawControl control = new RawControl(bench);
        control.answer(front, CtrlStatus.SUCCESS, 0);
        control.answer(front, CtrlStatus.SUCCESS, TYPES);
        control.answer(front, CtrlStatus.SUCCESS, 0);
        control.answer(front, CtrlStatus.SUCCESS, 130);
        assertThat(control.expect(CtrlType.SET_HASH_MAPPING_SIZE).data(0)).isEqualTo(128);
        assertThatThrownBy(() -> new HashSettings(16, KEY, new int[0]))
                .hasMessageContaining("types=16");
        assertThatThrownBy(() -> new HashSettings(TYPES, new byte[41], new int[0]))
                .hasMessageContaining("keyBytes=41");
        assertThatThrownBy(() -> new HashSettings(TYPES, KEY, new int[1025]))
                .hasMessageContaining("mappingEntries=1025");
        assertThatThrownBy(() -> new HashSettings(TYPES, KEY, new int[] {-1}))
                .hasMessageContaining("mapping=-1");
    }

    @Test
    void asksForPagesToBeKeptAndLetGo() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, STAGED);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = connect(front);
        final RawControl control = new RawControl(bench);
        assertThat(control.expect(CtrlType.GET_GREF_MAPPING_SIZE).data(0)).isZero();
        control.answer(front, CtrlStatus.SUCCESS, 600);

        final CtrlRequest first = control.expect(CtrlType.ADD_GREF_MAPPING);
        assertThat(first.data(2)).isEqualTo(512);
        final byte[] list = back.read(first.data(1), 0, 4096);
        assertThat(entry(list, 0).flags()).isEqualTo(NetifGref.READ_ONLY);
        assertThat(entry(list, 255).flags()).isEqualTo(NetifGref.READ_ONLY);
        assertThat(entry(list, 256).flags()).isZero();
        assertThat(back.canWrite(entry(list, 0).reference())).isFalse();
        assertThat(back.canRead(entry(list, 0).reference())).isTrue();
        assertThat(entry(list, 256).reference()).isEqualTo(back.offer(0).reference());
        control.answer(front, CtrlStatus.SUCCESS, 0);
        final CtrlRequest second = control.expect(CtrlType.ADD_GREF_MAPPING);
        assertThat(second.data(2)).isEqualTo(88);
        control.answer(front, CtrlStatus.SUCCESS, 0);
        assertThat(control.asked()).isEqualTo(3);

        front.submit(0, workload.frame(Workload.pattern(60, 1)));
        front.commit();
        assertThat(back.request(0).reference()).isLessThanOrEqualTo(entry(list, 255).reference());
        back.answerAll(0);
        bench.step(front);

        front.shutdown();
        bench.step(front);
        assertThat(control.expect(CtrlType.DEL_GREF_MAPPING).data(2)).isEqualTo(512);
        assertThat(bench.frontendKey("state")).as("not before").isEqualTo("4");
        control.answer(front, CtrlStatus.SUCCESS, 512);
        assertThat(control.expect(CtrlType.DEL_GREF_MAPPING).data(2)).isEqualTo(88);
        control.answer(front, CtrlStatus.INVALID_PARAMETER, 0);
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("5");
    }

    private static NetifGref entry(final byte[] list, final int index) {
        return new NetifGref().wrap(new UnsafeBuffer(list), index * NetifGref.BYTES);
    }

    @Test
    void sendsAsBeforeWhereABackendKeepsNothing() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, STAGED);
        final Workload workload = new Workload(bench, front);
        final RawNetback back = connect(front);
        final RawControl control = new RawControl(bench);
        control.answer(front, CtrlStatus.NOT_SUPPORTED, 0x7fffffff);
        assertThat(control.asked()).isEqualTo(1);
        front.submit(0, workload.frame(Workload.pattern(60, 1)));
        front.commit();
        assertThat(back.sent()).isEqualTo(1);
        front.shutdown();
        back.answerAll(0);
        bench.step(front);
        assertThat(bench.frontendKey("state")).isEqualTo("5");
    }

    @Test
    void takesNoSizeForMoreThanThereIs() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, STAGED);
        connect(front);
        final RawControl control = new RawControl(bench);
        control.answer(front, CtrlStatus.SUCCESS, -1);
        assertThat(control.expect(CtrlType.ADD_GREF_MAPPING).data(2)).isEqualTo(512);
        control.answer(front, CtrlStatus.INVALID_PARAMETER, 0);
        assertThat(control.asked()).as("none of them is kept, and no more are tried").isEqualTo(2);
    }

    /** Row 42: an answer that is none to the request ends the device. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void closesOverAnAnswerThatCannotBe(final int fault) {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, HASHED);
        connect(front);
        final RawControl control = new RawControl(bench);
        final CtrlRequest request = control.request();
        switch (fault) {
            case 0 -> control.put(front, request.id() + 1, request.type(), 0, 0);
            case 1 -> control.put(front, request.id(), request.type() + 1, 0, 0);
            case 2 -> control.push(front, 2);
            default -> control.push(front, -1);
        }
        assertThat(front.isClosed()).isTrue();
        assertThat(
                        front.counters()
                                .refusals(
                                        fault < 2
                                                ? NetfrontRefusal.ID
                                                : NetfrontRefusal.RING_INDEX))
                .isEqualTo(1);
    }

    /** A status that nobody knows means that it was not done. */
    @Test
    void countsAStatusWithoutAName() {
        final Netfront front = bench.newFrontend(Wakeups.ARMED, HASHED);
        connect(front);
        final RawControl control = new RawControl(bench);
        control.answer(front, -5, 0);
        assertThat(front.counters().refusals(NetfrontRefusal.CONTROL_ANSWER)).isEqualTo(1);
        assertThat(front.isReady()).isTrue();
        assertThat(front.limits().hashes()).isFalse();
    }

    @Test
    void spreadsOverTheQueuesThatThereAre() {
        bench.putBackendKey("multi-queue-max-queues", "3");
        bench.putBackendKey("feature-ctrl-ring", "1");
        RawNetback.publish(bench);
        final Netfront front = bench.newFrontend(Wakeups.ARMED, HASHED.withQueues(16));
        bench.putBackendKey("state", "2");
        bench.step(front);
        assertThat(bench.frontendKey("multi-queue-num-queues")).isEqualTo("3");
        assertThat(bench.frontendKey("tx-ring-ref")).isNull();
        final RawNetback[] backs = new RawNetback[3];
        for (int i = 0; i < 3; i++) {
            backs[i] = new RawNetback(bench, "queue-" + i + "/");
        }
        final RawControl control = new RawControl(bench);
        backs[0].join(front);
        bench.step(front);
        for (int i = 0; i < 5; i++) {
            control.answer(front, CtrlStatus.SUCCESS, 128);
            if (i == 0) {
                control.answer(front, CtrlStatus.SUCCESS, TYPES);
                i++;
            }
        }
        final ByteBuffer mapping =
                ByteBuffer.wrap(
                                backs[0].read(
                                        control.expect(CtrlType.SET_HASH_MAPPING).data(0), 0, 16))
                        .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(mapping.getInt()).isEqualTo(2);
        assertThat(mapping.getInt()).isEqualTo(1);
        assertThat(mapping.getInt()).isZero();
        assertThat(mapping.getInt()).as("5 of 3").isEqualTo(2);
    }
}
