package io.ringside.xenbus.sim.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.testkit.WireFacts;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStore.WatchEvent;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class XenStoreServerTest {
    private static final int OUTSIDE = XenStore.NO_TRANSACTION;
    private static final String HOME = "/local/domain/3";
    private static final StoreLimits LIMITS =
            new StoreLimits(4, 3, 10, 20, 100, 3, 2048, 20, 100_000, 8, 16);

    private final XenStoreServer server = new XenStoreServer(LIMITS);
    private final XenStore dom0 = server.connect(0, () -> {});
    private int rings;

    @BeforeEach
    void makeHome() throws XenStoreException {
        server.introduce(3);
        dom0.mkdir(OUTSIDE, HOME);
        dom0.setPermissions(OUTSIDE, HOME, List.of("n3"));
    }

    // ---- what a guest may use

    @Test
    void hasTheQuotasOfTheDaemonByDefault() {
        final StoreLimits limits = StoreLimits.DEFAULTS;
        final Map<String, Integer> ours =
                Map.of(
                        "quota_nb_entry_per_domain", limits.quota("nodes"),
                        "quota_nb_watch_per_domain", limits.quota("watches"),
                        "quota_max_entry_size", limits.quota("node-size"),
                        "quota_max_transaction", limits.quota("transactions"),
                        "quota_nb_perms_per_node", limits.quota("node-permissions"),
                        "quota_trans_nodes", limits.quota("transaction-nodes"),
                        "quota_max_path_len", limits.quota("path-max"),
                        "quota_req_outstanding", limits.quota("outstanding"),
                        "quota_memory_per_domain_hard", limits.quota("memory"));
        final WireFacts facts = WireFacts.load("xen-store");
        ours.forEach((name, value) ->
                assertThat(facts.value("quotaDefaults", "RELEASE-4.17.5", name))
                        .as(name)
                        .isEqualTo(value));
        assertThat(ours).hasSameSizeAs(StoreLimits.NAMES);
        for (final String name : StoreLimits.NAMES) {
            assertThat(limits.withQuota(name, 7).quota(name)).as(name).isEqualTo(7);
            assertThat(limits.withQuota(name, limits.quota(name))).isEqualTo(limits);
        }
    }

    /** Threats, row 23: paths, and memory in all its forms. */
    @Test
    void boundsPathsAndMemoryOfAGuest() throws XenStoreException {
        server.setLimits(3, StoreLimits.DEFAULTS.withQuota("path-max", 10));
        final XenStore guest = server.connect(3, () -> {});
        guest.write(OUTSIDE, "abcde/efgh", "");
        assertRefused("EINVAL", () -> guest.write(OUTSIDE, "abcde/efghi", ""));
        server.setLimits(3, StoreLimits.DEFAULTS.withQuota("memory", 300));
        guest.write(OUTSIDE, "a", "x".repeat(100));
        assertRefused("ENOMEM", () -> guest.write(OUTSIDE, "b", "x".repeat(200)));
        assertRefused("ENOMEM", () -> guest.watch("a", "t".repeat(200)));
        guest.remove(OUTSIDE, "a");
        guest.remove(OUTSIDE, "abcde");
        guest.watch("a", "t".repeat(100));
        assertRefused("ENOMEM", () -> guest.watch("a", "u".repeat(100)));
    }

    /** Threats, row 23: a transaction remembers what it looked at, be there nothing. */
    @Test
    void boundsTheMemoryOfTransactionsThatOnlyLook() throws XenStoreException {
        server.setLimits(3, StoreLimits.DEFAULTS.withQuota("memory", 5000));
        final XenStore guest = server.connect(3, () -> {});
        final int transaction = guest.startTransaction();
        final String name = "n".repeat(200);
        int looks = 0;
        while (server.memoryBytes(3) <= 5000) {
            assertThat(looks).isLessThan(100);
            guest.readOrNull(transaction, name + looks++);
        }
        final long most = server.memoryBytes(3);
        assertRefused("ENOMEM", () -> guest.read(transaction, name));
        assertRefused("ENOMEM", () -> guest.directory(transaction, HOME));
        assertRefused("ENOMEM", () -> guest.permissions(transaction, HOME));
        assertRefused("ENOMEM", () -> guest.remove(transaction, name));
        assertThat(server.memoryBytes(3)).isEqualTo(most);
        assertThat(guest.directory(OUTSIDE, HOME)).isEmpty();
        assertThat(guest.endTransaction(transaction, true)).isTrue();
        assertThat(server.memoryBytes(3)).isLessThan(1000);
    }

    /** Threats, row 7: events that are the same wait once, and the queue has an end. */
    @Test
    void boundsTheEventsThatWait() throws XenStoreException {
        final XenStore guest = server.connect(3, () -> {});
        dom0.watch(HOME, "backend");
        dom0.watch(HOME, "second");
        for (int i = 0; i < 1000; i++) {
            guest.write(OUTSIDE, "a" + i, "");
            guest.remove(OUTSIDE, "a" + i);
        }
        final List<WatchEvent> events = drain(dom0);
        assertThat(events).hasSizeLessThanOrEqualTo(LIMITS.queuedEvents() + 2);
        assertThat(events).doesNotHaveDuplicates();
        assertThat(events)
                .as("what did not fit is told of by the watched path")
                .contains(new WatchEvent(HOME, "backend"), new WatchEvent(HOME, "second"));
    }

    /** Threats, row 9: a token so long that an event would not fit a message. */
    @Test
    void tellsOnlyTheWatchedPathWhereTheTokenLeavesNoRoom() throws XenStoreException {
        final String token = "t".repeat(4000);
        final XenStore guest = server.connect(3, () -> {});
        guest.watch("a", token);
        drain(guest);
        dom0.write(OUTSIDE, HOME + "/a/" + "b".repeat(93), "");
        assertThat(drain(guest)).as("no room for 95").containsExactly(new WatchEvent("a", token));
        dom0.write(OUTSIDE, HOME + "/a/" + "b".repeat(92), "");
        assertThat(drain(guest))
                .as("room for 94")
                .containsExactly(new WatchEvent("a/" + "b".repeat(92), token));
        assertRefused("E2BIG", () -> guest.watch("b", "t".repeat(4094)));
    }

    /** Threats, row 23: watches, transactions, what they look at, nodes, and what is in a node. */
    @Test
    void boundsWhatAGuestMayUse() throws XenStoreException {
        final XenStore guest = server.connect(3, () -> {});
        for (int i = 0; i < LIMITS.watches(); i++) {
            guest.watch("a", "token" + i);
        }
        assertRefused("E2BIG", () -> guest.watch("a", "more"));
        guest.unwatch("a", "token0");
        guest.watch("a", "more");

        final int first = guest.startTransaction();
        guest.startTransaction();
        guest.startTransaction();
        assertRefused("ENOSPC", guest::startTransaction);
        guest.endTransaction(first, false);

        final int wide = guest.startTransaction();
        for (int i = 0; i < LIMITS.transactionNodes() - 1; i++) {
            guest.readOrNull(wide, "n" + i);
        }
        assertRefused("ENOSPC", () -> guest.read(wide, "more"));
        assertThat(guest.endTransaction(wide, true)).isTrue();

        assertRefused("ENOSPC", () -> guest.write(OUTSIDE, "a", "x".repeat(101)));
        assertRefused(
                "ENOSPC",
                () -> guest.setPermissions(OUTSIDE, HOME, List.of("n3", "r1", "r2", "r4")));
        assertThat(dom0.directory(OUTSIDE, HOME)).isEmpty();
    }

    /** Threats, row 23: nodes are counted by their owner, inside and outside of transactions. */
    @Test
    void boundsTheNodesThatAGuestOwns() throws XenStoreException {
        final XenStore guest = server.connect(3, () -> {});
        for (int i = 0; i < LIMITS.nodes() - 3; i++) {
            guest.write(OUTSIDE, "n" + i, "");
        }
        final int transaction = guest.startTransaction();
        guest.write(transaction, "t0/t1", "");
        assertRefused("ENOSPC", () -> guest.write(transaction, "t2", ""));
        guest.remove(transaction, "t0");
        guest.write(transaction, "t3", "");
        assertThat(guest.endTransaction(transaction, true)).isTrue();
        assertRefused("ENOSPC", () -> guest.write(OUTSIDE, "a/b", ""));
        guest.write(OUTSIDE, "a", "");
        assertRefused("ENOSPC", () -> guest.write(OUTSIDE, "b", ""));
        guest.remove(OUTSIDE, "a");
        guest.write(OUTSIDE, "b", "");
        dom0.write(OUTSIDE, "/free", "");
    }

    /** Threats, row 23: what each of them may make, all of them together may not. */
    @Test
    void boundsTheNodesOfTransactionsThatEndTogether() throws XenStoreException {
        final XenStore guest = server.connect(3, () -> {});
        dom0.mkdir(OUTSIDE, "/b");
        dom0.setPermissions(OUTSIDE, "/b", List.of("n3"));
        server.setLimits(3, LIMITS.withQuota("nodes", 6)); // Two of which there are.
        final int first = guest.startTransaction();
        final int second = guest.startTransaction();
        final int third = guest.startTransaction();
        guest.mkdir(first, "a/b/c");
        for (final int transaction : new int[] {second, third}) {
            guest.mkdir(transaction, "/b/d");
            guest.mkdir(transaction, "/b/e");
        }
        assertThat(guest.endTransaction(first, true)).isTrue();
        assertRefused("ENOSPC", () -> guest.endTransaction(second, true));
        assertRefused("ENOENT", () -> guest.endTransaction(second, true));
        assertThat(dom0.directory(OUTSIDE, "/b")).isEmpty();
        guest.remove(OUTSIDE, "a");
        assertThat(guest.endTransaction(third, true)).isTrue();
        assertThat(dom0.directory(OUTSIDE, "/b")).containsExactly("d", "e");
    }

    @Test
    void leavesNothingOfARefusedRequest() throws XenStoreException {
        final XenStore guest = server.connect(3, () -> {});
        final int nodes = server.nodeCount();
        assertRefused("ENOSPC", () -> guest.write(OUTSIDE, "a/" + "b".repeat(120) + "/c", ""));
        assertRefused("ENOSPC", () -> guest.write(OUTSIDE, "a/b", "x".repeat(120)));
        assertRefused("EINVAL", () -> guest.write(OUTSIDE, "a/b/c/d/e/f", ""));
        assertThat(server.nodeCount()).isEqualTo(nodes);
        assertThat(dom0.directory(OUTSIDE, HOME)).isEmpty();
    }

    // ---- domains that come and go

    /** Threats, row 24: what was allowed to a domain is not allowed to the next of its number. */
    @Test
    void takesRightsAwayWithTheDomain() throws XenStoreException {
        server.introduce(7);
        dom0.write(OUTSIDE, "/secret", "s");
        dom0.setPermissions(OUTSIDE, "/secret", List.of("n0", "r7"));
        dom0.write(OUTSIDE, "/owned", "o");
        dom0.write(OUTSIDE, "/owned/by/three", "o");
        dom0.setPermissions(OUTSIDE, "/owned", List.of("r7", "r3"));
        assertThat(server.connect(7, () -> {}).read(OUTSIDE, "/secret")).isEqualTo("s");
        server.release(7);
        assertThat(dom0.readOrNull(OUTSIDE, "/owned")).as("went with its owner").isNull();
        server.introduce(7);
        final XenStore next = server.connect(7, () -> {});
        assertRefused("EACCES", () -> next.read(OUTSIDE, "/secret"));
        assertThat(dom0.permissions(OUTSIDE, "/secret")).containsExactly("n0");
        dom0.setPermissions(OUTSIDE, "/secret", List.of("n0", "r7"));
        assertThat(next.read(OUTSIDE, "/secret")).isEqualTo("s");
    }

    /** Threats, row 24: nor does a right count that was given before there was the domain. */
    @Test
    void countsNoRightOfADomainThatIsNotThereYet() throws XenStoreException {
        dom0.write(OUTSIDE, "/early", "");
        dom0.setPermissions(OUTSIDE, "/early", List.of("n9", "r8"));
        server.introduce(8);
        server.introduce(9);
        assertRefused("EACCES", () -> server.connect(8, () -> {}).read(OUTSIDE, "/early"));
        assertRefused("EACCES", () -> server.connect(9, () -> {}).read(OUTSIDE, "/early"));
        assertThat(dom0.permissions(OUTSIDE, "/early")).containsExactly("n0");
    }

    @Test
    void cutsTheConnectionsOfADomainThatIsGone() throws XenStoreException {
        final XenStore guest = server.connect(3, () -> {});
        guest.watch("a", "token");
        guest.startTransaction();
        assertThat(server.connectionCount()).isEqualTo(2);
        server.release(3);
        server.release(3);
        assertThat(server.connectionCount()).isEqualTo(1);
        assertThat(server.watchCount()).isZero();
        assertThat(server.transactionCount()).isZero();
        assertThat(guest.pollWatchEvent()).isNull();
        assertThat(guest.readOrNull(OUTSIDE, "a")).isNull();
        assertRefused("EIO", () -> guest.write(OUTSIDE, "a", ""));
        assertRefused("EIO", guest::startTransaction);
        assertRefused("EIO", () -> guest.watch("a", "token"));
        guest.close();
        assertThatThrownBy(() -> server.connect(3, () -> {})).hasMessageContaining("domain=3");
    }

    @Test
    void tellsThePrivilegedOfDomainsThatComeAndGo() throws XenStoreException {
        final XenStore guest = server.connect(3, () -> {});
        guest.watch("@releaseDomain", "guest");
        dom0.watch("@introduceDomain", "in");
        dom0.watch("@releaseDomain", "out");
        drain(dom0);
        drain(guest);
        server.introduce(9);
        server.introduce(9);
        assertThat(drain(dom0)).containsExactly(new WatchEvent("@introduceDomain", "in"));
        server.release(9);
        assertThat(drain(dom0)).containsExactly(new WatchEvent("@releaseDomain", "out"));
        assertThat(drain(guest)).isEmpty();
        dom0.setPermissions(OUTSIDE, "@releaseDomain", List.of("n0", "r3"));
        server.introduce(9);
        server.release(9);
        assertThat(drain(guest)).containsExactly(new WatchEvent("@releaseDomain", "guest"));
        assertRefused(
                "EACCES", () -> guest.setPermissions(OUTSIDE, "@releaseDomain", List.of("n3")));
        assertRefused("EINVAL", () -> guest.watch("@other", "token"));
    }

    // ---- waking, and giving back

    @Test
    void ringsWhenAnEventWaits() throws XenStoreException {
        final XenStore guest = server.connect(3, () -> rings++);
        guest.watch("a", "token");
        assertThat(rings).isEqualTo(1);
        dom0.write(OUTSIDE, HOME + "/a", "");
        assertThat(rings).as("the same event waits already").isEqualTo(1);
        drain(guest);
        dom0.write(OUTSIDE, HOME + "/a", "");
        assertThat(rings).isEqualTo(2);
        final int transaction = dom0.startTransaction();
        dom0.write(transaction, HOME + "/a/b", "");
        assertThat(rings).isEqualTo(2);
        dom0.endTransaction(transaction, true);
        assertThat(rings).isEqualTo(3);
    }

    @Test
    void leavesNothingBehindWhenConnectionsComeAndGo() throws XenStoreException {
        final int nodes = server.nodeCount();
        final Set<Integer> counts = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            final XenStore guest = server.connect(3, () -> {});
            guest.watch("a", "token");
            final int kept = guest.startTransaction();
            guest.write(kept, "a/b", "");
            guest.endTransaction(kept, true);
            guest.write(guest.startTransaction(), "c", "");
            guest.remove(OUTSIDE, "a");
            guest.close();
            counts.add(server.nodeCount());
        }
        assertThat(counts).containsExactly(nodes);
        assertThat(server.connectionCount()).isEqualTo(1);
        assertThat(server.watchCount()).isZero();
        assertThat(server.transactionCount()).isZero();
    }

    private static List<WatchEvent> drain(final XenStore store) {
        final List<WatchEvent> events = new ArrayList<>();
        WatchEvent event = store.pollWatchEvent();
        while (event != null) {
            events.add(event);
            event = store.pollWatchEvent();
        }
        return events;
    }

    private static void assertRefused(final String error, final ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        XenStoreException.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
