package io.ringside.device.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.host.Packet;
import io.ringside.device.host.PacketPort;
import io.ringside.testkit.Seed;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LearningSwitchTest extends CarryingPortContract {
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final long IPV6_GROUP = 0x3333_0000_0001L;
    private static final long ANNA = 0x0216_3E00_0001L;
    private static final long BERT = 0x0015_5D00_0002L;
    private static final int AGE_LIMIT_NANOS = 1000;
    private static final int PORTS = 3;

    private final LearningSwitch bridge =
            new LearningSwitch(PORTS, SLOTS, MAX_FRAME_BYTES, 16, AGE_LIMIT_NANOS);

    @Override
    PacketPort sender() {
        return bridge.port(0);
    }

    @Override
    PacketPort receiver() {
        return bridge.port(1);
    }

    @Test
    void sendsToOnePortWhatItHasLearnt() {
        assertThat(sent(0, ANNA, BERT)).isEqualTo("1 2");
        assertThat(sent(1, BERT, ANNA)).isEqualTo("0");
        assertThat(sent(0, ANNA, BERT)).isEqualTo("1");
        assertThat(sent(2, ANNA, BERT)).isEqualTo("1");
        assertThat(sent(1, BERT, ANNA)).isEqualTo("2");
    }

    @Test
    void sendsNothingBackByThePortItCameBy() {
        sent(0, ANNA, BROADCAST);
        assertThat(sent(0, BERT, ANNA)).isEmpty();
        assertThat(bridge.port(0).dropped()).isZero();
    }

    @Test
    void floodsGroupsAndNeverLearnsThem() {
        assertThat(sent(0, ANNA, BROADCAST)).isEqualTo("1 2");
        assertThat(sent(1, IPV6_GROUP, BERT)).isEqualTo("0 2");
        assertThat(sent(2, BERT, IPV6_GROUP)).isEqualTo("0 1");
    }

    @Test
    void forgetsWhatIsNotSeenAgainInTime() {
        bridge.timeIs(-5);
        sent(0, ANNA, BROADCAST);
        bridge.timeIs(-5 + AGE_LIMIT_NANOS - 1);
        assertThat(sent(1, BERT, ANNA)).isEqualTo("0");
        bridge.timeIs(-5 + AGE_LIMIT_NANOS);
        assertThat(sent(1, BERT, ANNA)).isEqualTo("0 2");
    }

    @Test
    void floodsToOthersWhenAPortHasGone() {
        sent(0, ANNA, BROADCAST);
        bridge.port(0).close();
        assertThat(sent(1, BERT, ANNA)).isEqualTo("2");
        assertThat(bridge.port(0).dropped()).isEqualTo(1);
    }

    @Test
    void dropsForTheFullPortAlone() {
        final PacketPort slow = bridge.port(1);
        for (int i = 0; i < SLOTS; i++) {
            bridge.port(0).send(frame(ANNA, BROADCAST));
            assertThat(bridge.port(2).take(bridge.port(2)::giveBack, SLOTS)).isEqualTo(1);
        }
        bridge.port(0).send(frame(ANNA, BROADCAST));
        assertThat(bridge.port(2).take(bridge.port(2)::giveBack, SLOTS)).isEqualTo(1);
        assertThat(slow.dropped()).isEqualTo(1);
        assertThat(bridge.port(0).dropped() + bridge.port(2).dropped()).isZero();
        assertThat(slow.take(slow::giveBack, 2 * SLOTS)).isEqualTo(SLOTS);
    }

    @Test
    void dropsWhatHasNoWholeHeader() {
        packet.reset().add(memory, 0, 13);
        bridge.port(0).send(packet);
        assertThat(bridge.port(0).dropped()).isEqualTo(1);
    }

    @Test
    void neverSendsToAPortWhereTheAddressWasNotSeenLast() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final Map<Long, Integer> lastSeen = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            final int from = random.nextInt(PORTS);
            final long source = ANNA + random.nextInt(100);
            final long destination = ANNA + random.nextInt(100);
            lastSeen.put(source, from);
            final String to = sent(from, source, destination);
            final int home = lastSeen.getOrDefault(destination, -1);
            final String known = home == from ? "" : Integer.toString(home);
            assertThat(to).as("%s step %s", seed, i).isIn(known, flooded(from));
        }
    }

    private static String flooded(final int from) {
        return switch (from) {
            case 0 -> "1 2";
            case 1 -> "0 2";
            default -> "0 1";
        };
    }

    /** The ports by which a frame leaves. */
    private String sent(final int from, final long source, final long destination) {
        assertThat(bridge.port(from).send(frame(source, destination))).isTrue();
        final StringBuilder to = new StringBuilder();
        for (int i = 0; i < PORTS; i++) {
            final PacketPort port = bridge.port(i);
            if (port.take(port::giveBack, SLOTS) > 0) {
                to.append(to.isEmpty() ? "" : " ").append(i);
            }
        }
        return to.toString();
    }

    /** Its header in two pieces, so that the source address is divided. */
    private Packet frame(final long source, final long destination) {
        memory.putLong(0, destination << 16, ByteOrder.BIG_ENDIAN);
        memory.putLong(6, source << 16, ByteOrder.BIG_ENDIAN);
        return packet.reset().add(memory, 0, 9).add(memory, 9, 51);
    }
}
