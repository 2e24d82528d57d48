package io.ringside.netvsc;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.net.LearningSwitch;
import io.ringside.netvsc.backend.NetvspOffloads;
import io.ringside.netvsc.backend.NetvspOptions;
import io.ringside.netvsc.frontend.NetvscFeatures;
import io.ringside.netvsc.frontend.NetvscOptions;
import io.ringside.netvsc.protocol.NvspVersion;
import io.ringside.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several guests, each with its own host half, that send to each other by a switch. */
final class SwitchedGuestsTest {
    private static final int GUESTS = 4;

    private final LearningSwitch network =
            new LearningSwitch(GUESTS, 1024, 70_000, 64, Long.MAX_VALUE);
    private final List<NetBench> benches = new ArrayList<>();
    private final List<CountingPort> ports = new ArrayList<>();
    private final List<StreamingGuest> guests = new ArrayList<>();
    private final TcpStreams streams = new TcpStreams();

    @AfterEach
    void close() {
        for (int i = 0; i < benches.size(); i++) {
            assertThat(ports.get(i).lent()).isZero();
            benches.get(i).close();
        }
    }

    private void add(final NetvspOptions host, final NetvscOptions guest, final Seed seed) {
        final int number = benches.size();
        final CountingPort port = new CountingPort(network.port(number));
        final NetBench bench =
                new NetBench(2, host.withMacAddress(TcpStreams.address(number)), port);
        final int frames = bench.frames.allocate(StreamingGuest.frames());
        benches.add(bench);
        ports.add(port);
        guests.add(
                new StreamingGuest(
                        number,
                        bench.memory,
                        frames,
                        bench.join(guest),
                        streams,
                        new SplittableRandom(seed.value() + number),
                        seed.toString()));
    }

    /** Every guest with other options than the others. */
    private void addAll(final Seed seed) {
        add(NetvspOptions.DEFAULTS, NetBench.SMALL.withSubChannels(3, 2), seed);
        add(NetvspOptions.DEFAULTS, NetBench.SMALL.withFeatures(NetvscFeatures.NONE), seed);
        add(NetvspOptions.DEFAULTS, NetBench.SMALL.withNewest(NvspVersion.V5), seed);
        add(
                NetvspOptions.DEFAULTS.withOffloads(NetvspOffloads.NONE),
                NetBench.SMALL.withNewest(NvspVersion.V1),
                seed);
    }

    private void settle() {
        int work = 1;
        for (int round = 0; work > 0; round++) {
            work = 0;
            for (final NetBench bench : benches) {
                work += bench.round();
            }
            for (final StreamingGuest guest : guests) {
                work += guest.held();
                guest.giveBack(true);
            }
            assertThat(round).isLessThan(100_000);
        }
    }

    @Test
    void carriesEveryByteBetweenGuestsThatAgreeOnNothing() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        addAll(seed);
        for (int i = 0; i < 600; i++) {
            final StreamingGuest from = guests.get(random.nextInt(GUESTS));
            final int to = (from.number + 1 + random.nextInt(GUESTS - 1)) % GUESTS;
            from.send(to);
            from.giveBack(false);
            benches.get(random.nextInt(GUESTS)).round();
            if (i % 8 == 0) {
                settle();
            }
        }
        settle();
        streams.assertAllArrived(seed.toString());
        for (int i = 0; i < GUESTS; i++) {
            assertThat(guests.get(i).received).as("%s guest=%d", seed, i).isPositive();
            assertThat(guests.get(i).failed).as("%s guest=%d", seed, i).isZero();
            assertThat(benches.get(i).host.counters().refusals())
                    .as("%s guest=%d", seed, i)
                    .isZero();
            assertThat(benches.get(i).host.counters().framesDropped()).as("%s", seed).isZero();
        }
    }

    @Test
    void harmsNobodyElseWithAGuestThatGivesNothingBack() {
        final Seed seed = new Seed(3);
        addAll(seed);
        final StreamingGuest greedy = guests.get(1);
        greedy.checks = false; // Much of what is sent to it gets lost.
        for (int i = 0; i < 2000; i++) {
            guests.get(0).send(1);
            guests.get(0).send(2);
            guests.get(0).giveBack(true);
            guests.get(2).giveBack(true);
            benches.forEach(NetBench::round);
        }
        assertThat(ports.get(1).dropped()).as("where it happens").isPositive();
        assertThat(benches.get(1).host.counters().framesDropped()).isZero();
        assertThat(ports.get(2).dropped()).isZero();
        assertThat(guests.get(0).failed).isZero();
        assertThat(greedy.held()).isPositive();
        final int before = greedy.received;
        greedy.giveBack(false);
        settle();
        assertThat(greedy.received).isGreaterThan(before);
    }
}
