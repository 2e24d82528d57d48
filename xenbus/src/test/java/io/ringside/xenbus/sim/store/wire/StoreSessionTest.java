package io.ringside.xenbus.sim.store.wire;

import static io.ringside.xenbus.protocol.StoreMessageType.CONTROL;
import static io.ringside.xenbus.protocol.StoreMessageType.DIRECTORY;
import static io.ringside.xenbus.protocol.StoreMessageType.DIRECTORY_PART;
import static io.ringside.xenbus.protocol.StoreMessageType.ERROR;
import static io.ringside.xenbus.protocol.StoreMessageType.GET_DOMAIN_PATH;
import static io.ringside.xenbus.protocol.StoreMessageType.GET_FEATURE;
import static io.ringside.xenbus.protocol.StoreMessageType.GET_PERMS;
import static io.ringside.xenbus.protocol.StoreMessageType.GET_QUOTA;
import static io.ringside.xenbus.protocol.StoreMessageType.INTRODUCE;
import static io.ringside.xenbus.protocol.StoreMessageType.IS_DOMAIN_INTRODUCED;
import static io.ringside.xenbus.protocol.StoreMessageType.MKDIR;
import static io.ringside.xenbus.protocol.StoreMessageType.READ;
import static io.ringside.xenbus.protocol.StoreMessageType.RELEASE;
import static io.ringside.xenbus.protocol.StoreMessageType.RESET_WATCHES;
import static io.ringside.xenbus.protocol.StoreMessageType.RESUME;
import static io.ringside.xenbus.protocol.StoreMessageType.RM;
import static io.ringside.xenbus.protocol.StoreMessageType.SET_FEATURE;
import static io.ringside.xenbus.protocol.StoreMessageType.SET_PERMS;
import static io.ringside.xenbus.protocol.StoreMessageType.SET_QUOTA;
import static io.ringside.xenbus.protocol.StoreMessageType.SET_TARGET;
import static io.ringside.xenbus.protocol.StoreMessageType.TRANSACTION_END;
import static io.ringside.xenbus.protocol.StoreMessageType.TRANSACTION_START;
import static io.ringside.xenbus.protocol.StoreMessageType.UNWATCH;
import static io.ringside.xenbus.protocol.StoreMessageType.WATCH;
import static io.ringside.xenbus.protocol.StoreMessageType.WATCH_EVENT;
import static io.ringside.xenbus.protocol.StoreMessageType.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.protocol.XenStoreErrors;
import io.ringside.xenbus.sim.store.StoreLimits;
import io.ringside.xenbus.sim.store.XenStoreServer;
import io.ringside.xenbus.store.XenStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every message of the protocol: what it asks, and what comes back. {@code |} is a zero byte. */
class StoreSessionTest {
    private final XenStoreServer server = new XenStoreServer(StoreLimits.DEFAULTS);
    private final TestPeer dom0 = new TestPeer(server, 0);
    private TestPeer guest = dom0;

    @BeforeEach
    void introduceAGuest() {
        assertThat(dom0.ask(INTRODUCE, "3|77|5|")).isEqualTo("8:OK|");
        assertThat(dom0.ask(MKDIR, "/local/domain/3|")).isEqualTo("12:OK|");
        assertThat(dom0.ask(SET_PERMS, "/local/domain/3|n3|")).isEqualTo("14:OK|");
        guest = new TestPeer(server, 3);
    }

    @Test
    void repeatsTheHeadInFrontOfTheReply() {
        final byte[] request = TestPeer.message(READ, 0xA1B2C3D4, 0, "/|");
        assertThat(dom0.put(request, 0)).isEqualTo(18);
        dom0.session.doWork();
        assertThat(hex(dom0.session.outbound()))
                .isEqualTo("02 00 00 00 d4 c3 b2 a1 00 00 00 00 00 00 00 00");
        dom0.read(1);
        dom0.put(TestPeer.message(READ, 7, 9, "/|"), 0);
        dom0.session.doWork();
        assertThat(hex(dom0.session.outbound()))
                .as("ENOENT: no such transaction")
                .isEqualTo("10 00 00 00 07 00 00 00 09 00 00 00 07 00 00 00 45 4e 4f 45 4e 54 00");
    }

    @Test
    void takesAMessageInPiecesOfAnySize() {
        final byte[] request = TestPeer.message(WRITE, 1, 0, "/a|value");
        for (final byte next : request) {
            assertThat(dom0.session.outbound().hasRemaining()).isFalse();
            dom0.put(new byte[] {next}, 0);
            dom0.session.doWork();
        }
        assertThat(dom0.read(2)).containsExactly("11:OK|");
        assertThat(dom0.ask(READ, "/a|")).isEqualTo("2:value");
    }

    @Test
    void answersAboutNodes() {
        assertThat(guest.ask(WRITE, "a|b|c")).as("zero bytes are data").isEqualTo("11:OK|");
        assertThat(guest.ask(READ, "a|")).isEqualTo("2:b|c");
        assertThat(guest.ask(MKDIR, "d/e|")).isEqualTo("12:OK|");
        assertThat(guest.ask(DIRECTORY, "/local/domain/3|")).isEqualTo("1:a|d|");
        assertThat(guest.ask(DIRECTORY, "d/e|")).isEqualTo("1:");
        assertThat(guest.ask(SET_PERMS, "a|n3|r7|b8|")).isEqualTo("14:OK|");
        assertThat(guest.ask(GET_PERMS, "a|")).as("of domains that live").isEqualTo("3:n3|");
        assertThat(guest.ask(RM, "d|")).isEqualTo("13:OK|");
        assertThat(guest.ask(READ, "d/e|")).isEqualTo("16:ENOENT|");
        assertThat(guest.ask(READ, "/|")).isEqualTo("16:EACCES|");
        assertThat(guest.ask(RM, "/|")).isEqualTo("16:EINVAL|");
    }

    @Test
    void keepsTransactionsApart() {
        assertThat(guest.ask(TRANSACTION_START, "|")).isEqualTo("6:1|");
        assertThat(guest.ask(TRANSACTION_START, 1, "|")).isEqualTo("16:EBUSY|");
        assertThat(guest.ask(WRITE, 1, "a|x")).isEqualTo("11:OK|");
        assertThat(guest.ask(READ, "a|")).isEqualTo("16:ENOENT|");
        assertThat(dom0.ask(WRITE, "/local/domain/3/a|y")).isEqualTo("11:OK|");
        assertThat(guest.ask(TRANSACTION_END, 1, "maybe|")).isEqualTo("16:EINVAL|");
        assertThat(guest.ask(TRANSACTION_END, 1, "T|")).isEqualTo("16:EAGAIN|");
        assertThat(guest.ask(TRANSACTION_START, "|")).isEqualTo("6:2|");
        assertThat(guest.ask(WRITE, 2, "a|z")).isEqualTo("11:OK|");
        assertThat(guest.ask(TRANSACTION_END, 2, "T|")).isEqualTo("7:OK|");
        assertThat(guest.ask(READ, "a|")).isEqualTo("2:z");
        assertThat(guest.ask(TRANSACTION_END, 0, "T|")).isEqualTo("16:ENOENT|");
    }

    @Test
    void tellsOfChangesBehindTheReply() {
        assertThat(guest.ask(WATCH, "a|token|")).isEqualTo("4:OK| 15:a|token|");
        assertThat(guest.ask(WATCH, "a|token|")).isEqualTo("16:EEXIST|");
        assertThat(guest.ask(WRITE, "a/b|")).isEqualTo("11:OK| 15:a/b|token|");
        assertThat(guest.ask(UNWATCH, "a|other|")).isEqualTo("16:ENOENT|");
        assertThat(guest.ask(UNWATCH, "a|token|")).isEqualTo("5:OK|");
        assertThat(guest.ask(WRITE, "a/b|")).isEqualTo("11:OK|");
        guest.ask(WATCH, "a|1|");
        guest.ask(TRANSACTION_START, "|");
        assertThat(guest.ask(RESET_WATCHES, "|")).isEqualTo("21:OK|");
        assertThat(server.watchCount() + server.transactionCount()).isZero();
        assertThat(guest.ask(WATCH, "a|")).isEqualTo("16:EINVAL|");
    }

    @Test
    void watchesToADepth() {
        assertThat(guest.ask(WATCH, "a|node|0|")).isEqualTo("4:OK| 15:a|node|");
        assertThat(guest.ask(WATCH, "a|child|1|")).isEqualTo("4:OK| 15:a|child|");
        assertThat(guest.ask(WRITE, "a|")).isEqualTo("11:OK| 15:a|node| 15:a|child|");
        assertThat(guest.ask(WRITE, "a/b|")).isEqualTo("11:OK| 15:a/b|child|");
        assertThat(guest.ask(WRITE, "a/b/c|")).isEqualTo("11:OK|");
        assertThat(guest.ask(WATCH, "a|t|-1|")).isEqualTo("16:EINVAL|");
        assertThat(guest.ask(WATCH, "a|t|1|2|")).isEqualTo("16:EINVAL|");
    }

    @Test
    void tellsOfDomainsThatComeAndGo() {
        assertThat(dom0.ask(WATCH, "@introduceDomain|in|1|")).endsWith(" 15:@introduceDomain|in|");
        assertThat(dom0.ask(WATCH, "@releaseDomain|out|")).endsWith(" 15:@releaseDomain|out|");
        assertThat(dom0.ask(WATCH, "@releaseDomain/4|four|")).startsWith("4:OK|");
        assertThat(dom0.ask(WATCH, "@releaseDomain|x|2|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(IS_DOMAIN_INTRODUCED, "4|")).isEqualTo("17:F|");
        assertThat(dom0.ask(INTRODUCE, "4|0|9|")).isEqualTo("8:OK| 15:@introduceDomain/4|in|");
        assertThat(dom0.ask(IS_DOMAIN_INTRODUCED, "4|")).isEqualTo("17:T|");
        assertThat(dom0.ask(RELEASE, "4|"))
                .isEqualTo("9:OK| 15:@releaseDomain|out| 15:@releaseDomain/4|four|");
        assertThat(dom0.ask(RELEASE, "3|")).isEqualTo("9:OK| 15:@releaseDomain|out|");
        assertThat(guest.session.isBroken()).as("its domain is gone").isTrue();
        assertThat(dom0.ask(RELEASE, "3|")).isEqualTo("16:ENOENT|");
        assertThat(dom0.ask(RELEASE, "0|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(INTRODUCE, "4|0|0|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(INTRODUCE, "40000|0|1|")).isEqualTo("16:EINVAL|");
    }

    @Test
    void answersAboutDomains() {
        assertThat(guest.ask(GET_DOMAIN_PATH, "99|")).isEqualTo("10:/local/domain/99|");
        assertThat(guest.ask(GET_DOMAIN_PATH, "x|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(RESUME, "3|")).isEqualTo("18:OK|");
        assertThat(dom0.ask(RESUME, "4|")).isEqualTo("16:ENOENT|");
        dom0.ask(INTRODUCE, "4|0|1|");
        final TestPeer model = new TestPeer(server, 4);
        assertThat(model.ask(WRITE, "/local/domain/3/a|1")).isEqualTo("16:EACCES|");
        assertThat(dom0.ask(SET_TARGET, "4|3|")).isEqualTo("19:OK|");
        assertThat(model.ask(WRITE, "/local/domain/3/a|1")).isEqualTo("11:OK|");
        dom0.ask(RELEASE, "3|");
        dom0.ask(INTRODUCE, "3|0|1|");
        assertThat(model.ask(READ, "/local/domain/3|")).isEqualTo("16:EACCES|");
    }

    @Test
    void leavesPrivilegedRequestsToThePrivileged() {
        for (final int type :
                new int[] {
                    CONTROL, INTRODUCE, RELEASE, RESUME, SET_TARGET, SET_FEATURE, SET_QUOTA
                }) {
            assertThat(guest.ask(type, "3|3|3|")).as("type=%d", type).isEqualTo("16:EACCES|");
        }
        assertThat(guest.ask(GET_QUOTA, "0|nodes|")).isEqualTo("16:EACCES|");
        assertThat(guest.ask(GET_FEATURE, "0|")).isEqualTo("16:EACCES|");
    }

    @Test
    void changesQuotasAndFeatures() {
        assertThat(dom0.ask(GET_QUOTA, "|"))
                .isEqualTo(
                        "25:nodes watches transactions outstanding transaction-nodes memory"
                                + " node-size path-max node-permissions|");
        assertThat(guest.ask(GET_QUOTA, "nodes|")).isEqualTo("25:1000|");
        assertThat(dom0.ask(SET_QUOTA, "3|watches|1|")).isEqualTo("26:OK|");
        assertThat(dom0.ask(GET_QUOTA, "watches|")).isEqualTo("25:128|");
        assertThat(guest.ask(GET_QUOTA, "3|watches|")).isEqualTo("25:1|");
        guest.ask(WATCH, "a|1|");
        assertThat(guest.ask(WATCH, "a|2|")).isEqualTo("16:E2BIG|");
        assertThat(dom0.ask(SET_QUOTA, "watches|2|")).isEqualTo("26:OK|");
        assertThat(dom0.ask(GET_QUOTA, "watches|")).isEqualTo("25:2|");
        assertThat(dom0.ask(SET_QUOTA, "spoons|2|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(SET_QUOTA, "0|nodes|2|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(GET_FEATURE, "|")).isEqualTo("23:7|");
        assertThat(dom0.ask(SET_FEATURE, "3|1|")).isEqualTo("24:OK|");
        assertThat(guest.ask(GET_FEATURE, "3|")).isEqualTo("23:1|");
        assertThat(dom0.ask(SET_FEATURE, "3|8|")).isEqualTo("16:EINVAL|");
    }

    @Test
    void answersToControl() {
        assertThat(dom0.ask(CONTROL, "check|"))
                .isEqualTo(
                        "0:nodes=6 connections=2 watches=0 transactions=0"
                                + " expired=0 soft-excesses=0|");
        assertThat(dom0.ask(CONTROL, "memory|3|")).isEqualTo("0:23|");
        assertThat(dom0.ask(CONTROL, "memory|9|")).isEqualTo("16:ENOENT|");
        assertThat(dom0.ask(CONTROL, "help|")).startsWith("0:help\ncheck\n");
        assertThat(dom0.ask(CONTROL, "quota|")).startsWith("0:nodes: 1000\nwatches: 128\n");
        assertThat(dom0.ask(CONTROL, "quota|set|nodes|900|")).isEqualTo("0:OK|");
        assertThat(dom0.ask(CONTROL, "quota|3|")).startsWith("0:nodes: 900\n");
        assertThat(dom0.ask(CONTROL, "quota|set|nodes|-1|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(CONTROL, "quota|set|apples|1|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(CONTROL, "quota-soft|")).isEqualTo("0:memory: 2097152\n|");
        assertThat(dom0.ask(CONTROL, "quota-soft|set|memory|7|")).isEqualTo("0:OK|");
        assertThat(dom0.ask(CONTROL, "quota-soft|")).isEqualTo("0:memory: 7\n|");
        assertThat(dom0.ask(CONTROL, "quota-soft|set|nodes|7|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(CONTROL, "reboot|")).isEqualTo("16:EINVAL|");
    }

    /** Threats, row 24: what cannot be removed with its owner is nobody's but domain 0's. */
    @Test
    void keepsTheRootAndTheSpecialNodesOfADomainThatIsReleased() {
        for (final String path : new String[] {"/", "@introduceDomain", "@releaseDomain"}) {
            assertThat(dom0.ask(SET_PERMS, path + "|r3|")).isEqualTo("14:OK|");
        }
        assertThat(dom0.ask(SET_PERMS, "/local|n9|")).as("no domain yet").isEqualTo("14:OK|");
        assertThat(dom0.ask(RELEASE, "3|")).isEqualTo("9:OK|");
        assertThat(dom0.ask(GET_PERMS, "/|")).isEqualTo("3:r0|");
        assertThat(server.memoryBytes(3)).isZero();
        assertThat(dom0.ask(INTRODUCE, "9|1|1|")).isEqualTo("8:OK|");
        assertThat(server.memoryBytes(9)).as("not what it does not own").isZero();
        assertThat(dom0.ask(RELEASE, "9|")).isEqualTo("9:OK|");
        assertThat(dom0.ask(GET_PERMS, "/local|")).isEqualTo("3:n0|");
    }

    @Test
    void hasTheRingOfAnIntroducedDomainServed() {
        final List<String> asked = new ArrayList<>();
        server.serveRings((domain, port) -> {
            if (port == 77) {
                throw new XenStoreException(XenStoreErrors.EINVAL, "port=" + port);
            }
            asked.add(domain + " " + port);
            server.introduce(domain);
        });
        assertThat(dom0.ask(INTRODUCE, "5|1234|17|")).isEqualTo("8:OK|");
        assertThat(asked).containsExactly("5 17");
        assertThat(dom0.ask(IS_DOMAIN_INTRODUCED, "5|")).isEqualTo("17:T|");
        assertThat(dom0.ask(INTRODUCE, "6|1234|77|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(IS_DOMAIN_INTRODUCED, "6|")).isEqualTo("17:F|");
        assertThat(dom0.ask(INTRODUCE, "0|1234|17|")).as("itself").isEqualTo("16:EINVAL|");
    }

    @Test
    void listsALargeDirectoryInParts() {
        for (int i = 100; i < 200; i++) {
            dom0.ask(MKDIR, "/many/" + "n".repeat(97) + i + "|");
        }
        assertThat(dom0.ask(DIRECTORY, "/many|")).isEqualTo("16:E2BIG|");
        int offset = 0;
        int names = 0;
        String generation = "";
        boolean last = false;
        while (!last) {
            final String part = dom0.ask(DIRECTORY_PART, "/many|" + offset + "|");
            final List<String> words = List.of(part.substring(3).split("\\|"));
            assertThat(part.length()).isLessThanOrEqualTo(3 + 4096);
            assertThat(generation).isIn("", words.getFirst());
            generation = words.getFirst();
            names += words.size() - 1;
            offset += (words.size() - 1) * 101;
            last = part.endsWith("||");
        }
        assertThat(names).isEqualTo(100);
        assertThat(dom0.ask(DIRECTORY_PART, "/many|99999999|"))
                .isEqualTo("22:" + generation + "||");
        assertThat(dom0.ask(DIRECTORY_PART, "/many|x|")).isEqualTo("16:EINVAL|");
        assertThat(dom0.ask(DIRECTORY_PART, "/none|0|")).isEqualTo("16:ENOENT|");
    }

    @Test
    void refusesWhatIsNoRequest() {
        for (final int type : new int[] {WATCH_EVENT, ERROR, 20, 27, 65535, -1}) {
            assertThat(dom0.ask(type, "/|")).as("type=%d", type).isEqualTo("16:ENOSYS|");
        }
        assertThat(dom0.session.isBroken()).isFalse();
    }

    private static String hex(final ByteBuffer buffer) {
        final StringBuilder text = new StringBuilder();
        for (int i = buffer.position(); i < buffer.limit(); i++) {
            text.append("%02x ".formatted(buffer.get(i)));
        }
        return text.toString().trim();
    }
}
