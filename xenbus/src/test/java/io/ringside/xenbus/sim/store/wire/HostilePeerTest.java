package io.ringside.xenbus.sim.store.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.protocol.StoreMessageType;
import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that break the protocol, or use it against the store: they hurt only themselves. */
class HostilePeerTest {
    private final XenStoreServer server = new XenStoreServer(StoreLimits.DEFAULTS);
    private final TestPeer dom0 = new TestPeer(server, 0);
    private TestPeer guest = dom0;

    @BeforeEach
    void introduceAGuest() {
        server.introduce(3);
        dom0.ask(StoreMessageType.MKDIR, "/local/domain/3|");
        dom0.ask(StoreMessageType.SET_PERMS, "/local/domain/3|n3|");
        guest = new TestPeer(server, 3);
    }

    /** Threats, row 28: nothing is allocated for a length that cannot be. */
    @Test
    void breaksOffWhenAMessageIsTooLong() {
        for (final int length : new int[] {4097, 65_536, Integer.MAX_VALUE, -1}) {
            final TestPeer peer = new TestPeer(server, 3);
            final byte[] head = TestPeer.message(StoreMessageType.READ, 1, 0, "");
            for (int i = 0; i < Integer.BYTES; i++) {
                head[12 + i] = (byte) (length >>> (8 * i));
            }
            assertThat(peer.put(head, 0)).isEqualTo(16);
            assertThat(peer.session.isBroken()).as("length=%d", length).isTrue();
            assertThat(peer.put(new byte[10], 0)).as("takes nothing more").isZero();
            assertThat(peer.session.doWork()).isZero();
            peer.session.close();
        }
        assertThat(guest.ask(StoreMessageType.WRITE, "a|" + "x".repeat(4094)))
                .as("too long for a message, and told so")
                .isEqualTo("16:E2BIG|");
    }

    @Test
    void refusesStringsWithoutTheirEnd() {
        for (int type = 0; type <= StoreMessageType.SET_QUOTA; type++) {
            for (final String payload : new String[] {"", "a", "a|b", "||", "\u00ff\u00fe|"}) {
                final TestPeer peer = new TestPeer(server, 3);
                assertThat(peer.ask(type, payload)).as("type=%d '%s'", type, payload).isNotEmpty();
                assertThat(peer.session.isBroken()).isFalse();
                peer.session.close();
            }
        }
        assertThat(guest.ask(StoreMessageType.READ, "a")).isEqualTo("16:EINVAL|");
        assertThat(guest.ask(StoreMessageType.READ, "")).isEqualTo("16:EINVAL|");
        assertThat(guest.ask(StoreMessageType.WRITE, "a")).isEqualTo("16:EINVAL|");
        assertThat(guest.ask(StoreMessageType.READ, "a|b|")).isEqualTo("16:EINVAL|");
    }

    /** Threats, row 23: replies that are not read. */
    @Test
    void stopsListeningToWhoDoesNotRead() {
        final byte[] request = TestPeer.message(StoreMessageType.READ, 1, 0, "/|");
        int taken = 0;
        for (int i = 0; i < 1000; i++) {
            taken += guest.put(request, 0) == request.length ? 1 : 0;
            guest.session.doWork();
        }
        assertThat(taken).as("those answered, and the one that waits").isEqualTo(21);
        assertThat(guest.read(1000)).hasSize(20);
        guest.session.doWork();
        assertThat(guest.read(1000)).hasSize(1);
        assertThat(guest.put(request, 0)).as("listens again").isEqualTo(request.length);
    }

    /** Threats, rows 7 and 23: events that are not read. */
    @Test
    void keepsABoundOfEventsForWhoDoesNotRead() {
        guest.ask(StoreMessageType.WATCH, "/local/domain/3|token|");
        final long before = server.memoryBytes(3);
        for (int i = 0; i < 5000; i++) {
            dom0.ask(StoreMessageType.WRITE, "/local/domain/3/n" + i + "|");
            dom0.ask(StoreMessageType.RM, "/local/domain/3/n" + i + "|");
            guest.session.doWork();
        }
        assertThat(server.memoryBytes(3) - before).isBetween(1L, 1025L * 64);
        int events = 0;
        int some;
        do {
            guest.session.doWork();
            some = guest.read(1000).size();
            events += some;
        } while (some > 0);
        assertThat(events).isBetween(1024, 1024 + 21);
    }

    /** Threats, row 9: path and token of an event have to fit a message. */
    @Test
    void sizesAnEventByItsPathAndToken() {
        final String token = "t".repeat(4000);
        assertThat(guest.ask(StoreMessageType.WATCH, "a|" + token + "|")).startsWith("4:OK|");
        assertThat(guest.ask(StoreMessageType.WRITE, "a/" + "b".repeat(200) + "|"))
                .isEqualTo("11:OK| 15:a|" + token + "|");
        assertThat(guest.ask(StoreMessageType.WATCH, "b|" + "t".repeat(4093) + "|"))
                .as("a whole message, and its event fits")
                .startsWith("4:OK|");
    }

    /** Threats, row 25: a tree that grows down. */
    @Test
    void endsATreeThatGrowsDown() {
        String path = "d";
        String answer = "";
        while (path.length() < 2040) {
            answer = guest.ask(StoreMessageType.MKDIR, path + "|");
            path += "/d";
        }
        assertThat(answer).isEqualTo("16:EINVAL|");
        assertThat(guest.ask(StoreMessageType.RM, "d|")).isEqualTo("13:OK|");
        assertThat(dom0.ask(StoreMessageType.DIRECTORY, "/local/domain/3|")).isEqualTo("1:");
    }

    /** Threats, row 23: what a domain can make the store hold has an end. */
    @Test
    void endsWhatAFloodCanFill() {
        for (int i = 0; i < 3000; i++) {
            guest.ask(StoreMessageType.WRITE, "n" + i + "|" + "x".repeat(2000));
            guest.ask(StoreMessageType.WATCH, "n|" + "t".repeat(4000) + i + "|");
            guest.ask(StoreMessageType.TRANSACTION_START, "|");
            guest.ask(StoreMessageType.READ, 1 + i % 10, "n" + i + "|");
        }
        assertThat(server.memoryBytes(3)).isLessThan(2_621_440 + 8192);
        assertThat(server.watchCount()).isLessThanOrEqualTo(128);
        assertThat(server.transactionCount()).isLessThanOrEqualTo(10);
        assertThat(guest.ask(StoreMessageType.WRITE, "more|" + "x".repeat(2000)))
                .startsWith("16:ENO");
        assertThat(dom0.ask(StoreMessageType.WRITE, "/others|work")).isEqualTo("11:OK|");
        guest.session.close();
        dom0.ask(StoreMessageType.RELEASE, "3|");
        assertThat(server.memoryBytes(3)).isZero();
    }

    /** Threats, row 23: one tool of domain 0 that watches without end does not stop another. */
    @Test
    void leavesOtherToolsTheirWatches() {
        String answer = "";
        for (int i = 0; i < 9000 && !answer.startsWith("16:"); i++) {
            answer = dom0.ask(StoreMessageType.WATCH, "/a|" + i + "|");
        }
        assertThat(answer).isEqualTo("16:E2BIG|");
        final TestPeer other = new TestPeer(server, 0);
        assertThat(other.ask(StoreMessageType.WATCH, "/a|t|")).startsWith("4:OK|");
    }

    /** Threats, row 11: no bytes are an exception. */
    @Test
    void survivesRandomBytes() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        for (int run = 0; run < 200; run++) {
            server.introduce(3); // Domain 0 may have released it, by chance.
            final TestPeer peer = new TestPeer(server, run % 2 == 0 ? 3 : 0);
            final byte[] bytes = new byte[random.nextInt(1, 3000)];
            random.nextBytes(bytes);
            int at = 0;
            // Mostly heads that are possible, or the first length would end it.
            while (at + 16 < bytes.length) {
                final int payload = random.nextInt(0, 40);
                bytes[at] = (byte) random.nextInt(0, 30);
                bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0;
                bytes[at + 12] = (byte) payload;
                bytes[at + 13] = bytes[at + 14] = bytes[at + 15] = 0;
                at += 16 + payload;
                if (at <= bytes.length && payload > 0) {
                    bytes[at - 1] = 0;
                }
            }
            at = 0;
            int rounds = 0;
            while (at < bytes.length && !peer.session.isBroken()) {
                at += peer.put(bytes, at);
                peer.session.doWork();
                peer.read(random.nextInt(0, 3));
                assertThat(++rounds).as("goes on, %s", seed).isLessThan(100_000);
            }
            peer.session.close();
        }
        assertThat(dom0.session.isBroken()).as("%s", seed).isFalse();
        assertThat(dom0.ask(StoreMessageType.GET_DOMAIN_PATH, "1|"))
                .as("%s", seed)
                .isEqualTo("10:/local/domain/1|");
    }
}
