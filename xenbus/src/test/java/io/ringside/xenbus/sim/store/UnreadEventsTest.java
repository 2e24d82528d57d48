package io.ringside.xenbus.sim.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStore.WatchEvent;
import io.ringside.xenbus.store.XenStoreException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that nobody takes, and memory beyond the soft limit. */
class UnreadEventsTest {
    private static final int OUTSIDE = XenStore.NO_TRANSACTION;
    private static final String HOME = "/local/domain/3";
    private static final long TIMEOUT = 20;

    private final XenStoreServer server = new XenStoreServer(StoreLimits.DEFAULTS);
    private final XenStore dom0 = server.connect(0, () -> {});
    private XenStore guest = dom0;
    private int rings;

    @BeforeEach
    void introduceAGuest() throws XenStoreException {
        server.introduce(3);
        dom0.mkdir(OUTSIDE, HOME);
        dom0.setPermissions(OUTSIDE, HOME, List.of("n3"));
        guest = server.connect(3, () -> rings++);
        guest.watch("a", "t1");
        guest.watch("b", "t2");
        while (guest.pollWatchEvent() != null) {
            rings = 0;
        }
    }

    @Test
    void hasTheTimesAndTheSoftLimitOfTheDaemon() {
        final WireFacts facts = WireFacts.load("xen-store");
        assertThat(facts.value("quotaDefaults", "RELEASE-4.17.5", "quota_memory_per_domain_soft"))
                .isEqualTo(StoreLimits.SOFT_MEMORY_BYTES);
        assertThat(facts.value("quotaDefaults", "RELEASE-4.17.5", "timeout_watch_event_msec"))
                .isEqualTo((int) (StoreLimits.EVENT_TIMEOUT_NANOS / 1_000_000));
    }

    /** Threats, row 23: events that are not read. */
    @Test
    void dropsEventsThatNobodyTakesAndTellsEveryWatchLater() throws XenStoreException {
        for (int i = 0; i < 100; i++) {
            guest.write(OUTSIDE, "a/" + i, "");
        }
        final long full = server.memoryBytes(3);
        server.expireEvents(1000, TIMEOUT);
        server.expireEvents(1000 + TIMEOUT - 1, TIMEOUT);
        assertThat(server.memoryBytes(3)).as("not yet").isEqualTo(full);
        server.expireEvents(1000 + TIMEOUT, TIMEOUT);
        assertThat(server.expiredConnections()).isEqualTo(1);
        assertThat(server.memoryBytes(3)).isLessThan(full - 100 * 4);
        final long dropped = server.memoryBytes(3);
        dom0.write(OUTSIDE, HOME + "/b", "");
        assertThat(server.memoryBytes(3) - dropped).as("the node alone").isEqualTo(27);
        server.expireEvents(1000 + 9 * TIMEOUT, TIMEOUT);
        assertThat(server.expiredConnections()).as("nothing waits").isEqualTo(1);

        assertThat(guest.pollWatchEvent()).isEqualTo(new WatchEvent("a", "t1"));
        assertThat(guest.pollWatchEvent()).isEqualTo(new WatchEvent("b", "t2"));
        assertThat(guest.pollWatchEvent()).isNull();
        guest.write(OUTSIDE, "a/0", "again");
        assertThat(guest.pollWatchEvent()).isEqualTo(new WatchEvent("a/0", "t1"));
    }

    @Test
    void keepsTheEventsOfWhoTakesOneNowAndThen() throws XenStoreException {
        for (int i = 0; i < 10; i++) {
            guest.write(OUTSIDE, "a/" + i, "");
        }
        for (int i = 0; i < 10; i++) {
            server.expireEvents(i * TIMEOUT, TIMEOUT);
            assertThat(guest.pollWatchEvent()).isEqualTo(new WatchEvent("a/" + i, "t1"));
        }
        assertThat(server.expiredConnections()).isZero();
    }

    @Test
    void leavesThePrivilegedTheirEvents() throws XenStoreException {
        dom0.watch("/x", "t");
        server.expireEvents(0, TIMEOUT);
        server.expireEvents(1000, TIMEOUT);
        assertThat(dom0.pollWatchEvent()).isEqualTo(new WatchEvent("/x", "t"));
        assertThat(server.expiredConnections()).isZero();
    }

    @Test
    void countsWhoGoesBeyondTheSoftLimitOnce() throws XenStoreException {
        server.setSoftMemoryBytes(2000);
        guest.write(OUTSIDE, "c", "x".repeat(1900));
        assertThat(server.softMemoryExcesses()).isZero();
        guest.write(OUTSIDE, "d", "x".repeat(1900));
        guest.write(OUTSIDE, "e", "y");
        assertThat(server.softMemoryExcesses()).isEqualTo(1);
        guest.remove(OUTSIDE, "c");
        guest.remove(OUTSIDE, "d");
        guest.write(OUTSIDE, "e", "z");
        guest.write(OUTSIDE, "f", "x".repeat(2000));
        assertThat(server.softMemoryExcesses()).isEqualTo(2);
        dom0.write(OUTSIDE, "/big", "x".repeat(4000));
        assertThat(server.softMemoryExcesses()).as("not of the privileged").isEqualTo(2);
    }
}
