package io.ringside.xenbus.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.xenbus.store.XenStore.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the parts of the contract share: three connections, and a home that domain 3 owns.
 *
 * <p>A subclass of a part starts a fresh store for each test, with domains 0, 3 and 7.
 */
public abstract class XenStoreContract {
    /** Outside of any transaction. */
    protected static final int OUTSIDE = XenStore.NO_TRANSACTION;

    /** The home of domain 3. */
    protected static final String HOME = "/local/domain/3";

    /** A connection of domain 0. */
    protected XenStore dom0;

    /** A connection of domain 3. */
    protected XenStore guest;

    /** A connection of domain 7. */
    protected XenStore other;

    /** For the parts. */
    protected XenStoreContract() {}

    /** A connection of a domain to the test's store. */
    protected abstract XenStore connect(int domain);

    @BeforeEach
    void makeHome() throws XenStoreException {
        dom0 = connect(0);
        guest = connect(3);
        other = connect(7);
        dom0.mkdir(OUTSIDE, HOME);
        dom0.setPermissions(OUTSIDE, HOME, List.of("n3"));
    }

    /** That these events wait, in this order, and no others. */
    protected static void assertEvents(final XenStore store, final String... events) {
        assertThat(drain(store)).containsExactly(events);
    }

    /** Takes the events that wait, as path and token. */
    protected static List<String> drain(final XenStore store) {
        final List<String> events = new ArrayList<>();
        WatchEvent event = store.pollWatchEvent();
        while (event != null) {
            events.add(event.path() + " " + event.token());
            event = store.pollWatchEvent();
        }
        return events;
    }

    /** That a request is refused with a name of the wire. */
    protected static void assertRefused(final String error, final ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        XenStoreException.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
