package io.ringside.device.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.testkit.WireFacts;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class ToeplitzTest {
    private final Toeplitz toeplitz = new Toeplitz();

    @SuppressWarnings("unchecked")
    @Test
    void hashesAsTheRecordedVectors() {
        final WireFacts facts = WireFacts.load("xen-netif");
        takeKey(HexFormat.of().parseHex((String) facts.value("toeplitz", "key")));
        final List<Map<String, Object>> vectors =
                (List<Map<String, Object>>) facts.value("toeplitz", "vectors");
        assertThat(vectors).hasSize(8);
        for (final Map<String, Object> vector : vectors) {
            final byte[] input = HexFormat.of().parseHex((String) vector.get("buffer"));
            assertThat(hash(input))
                    .as(vector.toString())
                    .isEqualTo(WireFacts.number(vector, "hash"));
        }
    }

    /** The default key of netvsc, with the first example of Microsoft's text for TCP over IPv4. */
    @Test
    void hashesAsMicrosoftSaysWithTheKeyOfNetvsc() {
        final WireFacts facts = WireFacts.load("hv-netvsc");
        takeKey(HexFormat.of().parseHex((String) facts.value("rssDefaultKey")));
        assertThat(hash(HexFormat.of().parseHex("420995bba18e64500aea06e6")))
                .isEqualTo(0x51CC_C178);
    }

    @Test
    void hashesAnyKeyAndInputAsBitByBit() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int round = 0; round < 500; round++) {
            final byte[] key = new byte[random.nextInt(60)];
            random.nextBytes(key);
            takeKey(key);
            final byte[] input = new byte[random.nextInt(Toeplitz.MAX_INPUT_BYTES + 1)];
            random.nextBytes(input);
            assertThat(hash(input))
                    .as("%s round %s", seed, round)
                    .isEqualTo(bitByBit(Arrays.copyOf(key, Toeplitz.KEY_BYTES), input));
        }
    }

    private static int bitByBit(final byte[] key, final byte[] input) {
        int hash = 0;
        for (int bit = 0; bit < input.length * 8; bit++) {
            if (isSet(input, bit)) {
                int window = 0;
                for (int i = 0; i < 32; i++) {
                    window = window << 1 | (isSet(key, bit + i) ? 1 : 0);
                }
                hash ^= window;
            }
        }
        return hash;
    }

    private static boolean isSet(final byte[] bytes, final int bit) {
        return (bytes[bit / 8] & 0x80 >> bit % 8) != 0;
    }

    @Test
    void addsPiecesInAnyOrder() {
        final byte[] key = new byte[Toeplitz.KEY_BYTES];
        new SplittableRandom(1).nextBytes(key);
        takeKey(key);
        final UnsafeBuffer input = new UnsafeBuffer(new byte[12]);
        input.putLong(0, 0x0123_4567_89AB_CDEFL);
        input.putInt(8, 0x1357_9BDF);
        final int last = toeplitz.add(0, 8, input, 8, 4);
        assertThat(toeplitz.add(last, 0, input, 0, 8)).isEqualTo(hash(input.byteArray()));
    }

    private void takeKey(final byte[] key) {
        toeplitz.key(new UnsafeBuffer(key), 0, key.length);
    }

    private int hash(final byte[] input) {
        return toeplitz.hash(new UnsafeBuffer(input), 0, input.length);
    }
}
