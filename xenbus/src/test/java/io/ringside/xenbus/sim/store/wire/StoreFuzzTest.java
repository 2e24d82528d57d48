package io.ringside.xenbus.sim.store.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.testkit.WireFacts;
import io.ringside.xenbus.protocol.StoreMessageType;
import io.ringside.xenbus.protocol.XenStoreLimits;
import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are almost right: words of the protocol in any order, of any type. */
class StoreFuzzTest {
    private static final int REQUESTS = 20_000;
    private static final String[] WORDS = {
        "",
        "/",
        "a",
        "a/b",
        "a/b/c",
        "/local/domain/3",
        "/local/domain/3/a",
        "/local/domain/4/a",
        "/other",
        "//",
        "a/",
        "@introduceDomain",
        "@releaseDomain",
        "@releaseDomain/4",
        "@none",
        "T",
        "F",
        "0",
        "1",
        "3",
        "4",
        "-1",
        "7",
        "32752",
        "4294967295",
        "4294967296",
        "99999999999",
        "n3",
        "r4",
        "b0",
        "w3",
        "q3",
        "n",
        "n65536",
        "nodes",
        "memory",
        "node-size",
        "token",
        "check",
        "quota",
        "set",
        "x".repeat(300),
        "y".repeat(2000)
    };

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final XenStoreServer server = new XenStoreServer(StoreLimits.DEFAULTS);
    private final TestPeer dom0 = new TestPeer(server, 0);
    private final Set<String> errors = new HashSet<>();

    @BeforeEach
    void learnTheErrors() {
        final Object facts = WireFacts.load("xen-store").value("errors");
        if (facts instanceof List<?> list) {
            for (final Object error : list) {
                errors.add(String.valueOf(((Map<?, ?>) error).get("name")));
            }
        }
        assertThat(errors).hasSize(16);
    }

    /** Threats, rows 11 and 23. */
    @Test
    void answersEachRequestOnceAndKeepsNothingInTheEnd() {
        final TestPeer[] peers = {dom0, dom0, dom0};
        for (int i = 0; i < REQUESTS; i++) {
            final int who = i < peers.length ? i : random.nextInt(peers.length);
            if (peers[who].session.isBroken() || i < peers.length || i % 1000 == 0) {
                renew(peers, who);
            }
            final int type = random.nextInt(28);
            final String answers =
                    peers[who].ask(type, random.nextInt(3) == 0 ? random.nextInt(6) : 0, payload());
            check(type, answers);
        }
        for (final TestPeer peer : peers) {
            peer.session.close();
        }
        for (int domain = 1; domain < 0x7FF0; domain++) {
            server.release(domain);
        }
        assertThat(server.memoryBytes(3) + server.memoryBytes(4)).as("%s", seed).isZero();
        assertThat(server.watchCount() + server.transactionCount()).as("%s", seed).isZero();
        assertThat(server.connectionCount()).as("%s", seed).isLessThanOrEqualTo(1);
    }

    /** Peer 0 is privileged, the others are domains 3 and 4, which may have been released. */
    private void renew(final TestPeer[] peers, final int who) {
        final int domain = who == 0 ? 0 : who + 2;
        if (peers[who] != dom0) {
            peers[who].session.close();
        }
        server.introduce(domain);
        peers[who] = new TestPeer(server, domain);
    }

    private void check(final int type, final String answers) {
        int replies = 0;
        for (final String answer : answers.split(" (?=\\d+:)", -1)) {
            assertThat(answer.length()).isLessThanOrEqualTo(XenStoreLimits.PAYLOAD_BYTES + 3);
            if (answer.startsWith(StoreMessageType.ERROR + ":")) {
                assertThat(errors).as("%s", seed).contains(answer.substring(3).replace("|", ""));
                replies++;
            } else if (!answer.startsWith(StoreMessageType.WATCH_EVENT + ":")) {
                assertThat(answer).as("%s", seed).startsWith(type + ":");
                replies++;
            }
        }
        assertThat(replies).as("%s", seed).isEqualTo(1);
    }

    private String payload() {
        final StringBuilder payload = new StringBuilder();
        final int words = random.nextInt(5);
        for (int i = 0; i < words; i++) {
            payload.append(WORDS[random.nextInt(WORDS.length)]).append('|');
        }
        if (random.nextInt(8) == 0 && !payload.isEmpty()) {
            payload.setLength(payload.length() - 1);
        }
        payload.setLength(Math.min(payload.length(), XenStoreLimits.PAYLOAD_BYTES));
        return payload.toString();
    }
}
