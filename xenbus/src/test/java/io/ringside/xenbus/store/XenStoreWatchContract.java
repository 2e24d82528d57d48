package io.ringside.xenbus.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of transactions and watches. */
public abstract class XenStoreWatchContract extends XenStoreContract {
    /** For the subclasses. */
    protected XenStoreWatchContract() {}

    // ---- transactions

    @Test
    void showsATransactionAtOnceOrNotAtAll() throws XenStoreException {
        final int kept = guest.startTransaction();
        guest.write(kept, "a", "1");
        guest.write(kept, "b", "2");
        assertThat(guest.read(kept, "a")).isEqualTo("1");
        assertThat(guest.readOrNull(OUTSIDE, "a")).isNull();
        assertThat(guest.endTransaction(kept, true)).isTrue();
        assertThat(guest.read(OUTSIDE, "a") + guest.read(OUTSIDE, "b")).isEqualTo("12");
        final int dropped = guest.startTransaction();
        guest.remove(dropped, "a");
        assertThat(guest.readOrNull(dropped, "a")).isNull();
        assertThat(guest.endTransaction(dropped, false)).isTrue();
        assertThat(guest.read(OUTSIDE, "a")).isEqualTo("1");
    }

    @Test
    void readsTheSameToTheEndOfATransaction() throws XenStoreException {
        guest.write(OUTSIDE, "a", "old");
        final int transaction = guest.startTransaction();
        assertThat(guest.read(transaction, "a")).isEqualTo("old");
        assertThat(guest.readOrNull(transaction, "b")).isNull();
        dom0.write(OUTSIDE, HOME + "/a", "new");
        dom0.write(OUTSIDE, HOME + "/b", "new");
        assertThat(guest.read(transaction, "a")).isEqualTo("old");
        assertThat(guest.readOrNull(transaction, "b")).isNull();
        assertThat(guest.endTransaction(transaction, true)).as("conflict").isFalse();
        assertRefused("ENOENT", () -> guest.endTransaction(transaction, true));
    }

    @Test
    void conflictsOnlyOverNodesThatBothTouched() throws XenStoreException {
        guest.write(OUTSIDE, "a/x", "");
        guest.write(OUTSIDE, "b/x", "");
        final int transaction = guest.startTransaction();
        guest.write(transaction, "a/x", "1");
        guest.write(OUTSIDE, "b/x", "2");
        guest.write(OUTSIDE, "b/new", "2");
        assertThat(guest.endTransaction(transaction, true)).isTrue();
        assertThat(guest.read(OUTSIDE, "a/x") + guest.read(OUTSIDE, "b/x")).isEqualTo("12");
    }

    @Test
    void conflictsWhenAWrittenNodeChanged() throws XenStoreException {
        guest.write(OUTSIDE, "a", "");
        final int first = guest.startTransaction();
        final int second = guest.startTransaction();
        assertThat(first).isNotEqualTo(second).isNotEqualTo(OUTSIDE);
        guest.write(first, "a", "first");
        guest.write(second, "a", "second");
        assertThat(guest.endTransaction(second, true)).isTrue();
        assertThat(guest.endTransaction(first, true)).isFalse();
        assertThat(guest.read(OUTSIDE, "a")).isEqualTo("second");
    }

    @Test
    void conflictsWhenANodeCameAndAnotherLikeItWent() throws XenStoreException {
        guest.write(OUTSIDE, "a", "same");
        final int transaction = guest.startTransaction();
        guest.read(transaction, "a");
        guest.remove(OUTSIDE, "a");
        guest.write(OUTSIDE, "a", "same");
        assertThat(guest.endTransaction(transaction, true)).isFalse();
    }

    @Test
    void knowsOnlyTheTransactionsOfItsOwnConnection() throws XenStoreException {
        final int transaction = guest.startTransaction();
        assertRefused("ENOENT", () -> guest.read(transaction + 1, "a"));
        assertRefused("ENOENT", () -> guest.endTransaction(OUTSIDE, true));
        assertRefused("ENOENT", () -> connect(3).write(transaction, "a", ""));
        assertThat(guest.endTransaction(transaction, false)).isTrue();
    }

    // ---- watches

    @Test
    void firesOnceAtTheStartAndThenForEachChange() throws XenStoreException {
        guest.watch(HOME + "/a", "token");
        assertEvents(guest, HOME + "/a token");
        guest.write(OUTSIDE, HOME + "/a", "1");
        assertEvents(guest, HOME + "/a token");
        guest.write(OUTSIDE, HOME + "/a", "1");
        assertEvents(guest, HOME + "/a token");
        guest.write(OUTSIDE, HOME + "/a/b/c", "1");
        assertEvents(guest, HOME + "/a/b/c token");
        guest.mkdir(OUTSIDE, HOME + "/a/d");
        guest.mkdir(OUTSIDE, HOME + "/a/d");
        assertEvents(guest, HOME + "/a/d token");
        guest.setPermissions(OUTSIDE, HOME + "/a/d", List.of("r3"));
        assertEvents(guest, HOME + "/a/d token");
        guest.remove(OUTSIDE, HOME + "/a/d");
        assertEvents(guest, HOME + "/a/d token");
    }

    @Test
    void isSilentAboutWhatIsAboveOrBeside() throws XenStoreException {
        guest.watch(HOME + "/a", "token");
        drain(guest);
        guest.write(OUTSIDE, HOME, "home");
        guest.write(OUTSIDE, HOME + "/ab", "");
        guest.write(OUTSIDE, HOME + "/b/a", "");
        assertEvents(guest);
    }

    @Test
    void namesTheWatchedPathWhenANodeAboveIsRemoved() throws XenStoreException {
        guest.write(OUTSIDE, "a/b/c", "");
        guest.watch("a/b", "relative");
        guest.watch(HOME + "/a/b/c", "absolute");
        drain(guest);
        guest.remove(OUTSIDE, "a");
        assertEvents(guest, "a/b relative", HOME + "/a/b/c absolute");
    }

    @Test
    void reportsRelativePathsToRelativeWatches() throws XenStoreException {
        guest.watch("a", "token");
        assertEvents(guest, "a token");
        dom0.write(OUTSIDE, HOME + "/a/b", "");
        assertEvents(guest, "a/b token");
    }

    @Test
    void tellsWatchesOfATransactionAfterItsCommit() throws XenStoreException {
        guest.watch("a", "token");
        drain(guest);
        final int dropped = guest.startTransaction();
        guest.write(dropped, "a/1", "");
        guest.endTransaction(dropped, false);
        final int kept = guest.startTransaction();
        guest.write(kept, "a/2", "");
        guest.write(kept, "a/2", "again");
        guest.write(kept, "a/3", "");
        assertEvents(guest);
        assertThat(guest.endTransaction(kept, true)).isTrue();
        assertEvents(guest, "a/2 token", "a/3 token");
    }

    @Test
    void firesEveryWatchThatIsConcerned() throws XenStoreException {
        guest.watch("a", "one");
        guest.watch("a", "two");
        guest.watch(HOME, "home");
        other.watch(HOME + "/a", "stranger");
        dom0.watch("/", "root");
        for (final XenStore store : List.of(guest, other, dom0)) {
            drain(store);
        }
        guest.write(OUTSIDE, "a", "");
        assertEvents(guest, "a one", "a two", HOME + "/a home");
        assertEvents(dom0, HOME + "/a root");
        assertEvents(other);
    }

    @Test
    void tellsOnlyThoseWhoMayRead() throws XenStoreException {
        guest.write(OUTSIDE, "a", "");
        other.watch(HOME + "/a", "token");
        assertEvents(other, HOME + "/a token");
        guest.write(OUTSIDE, "a", "1");
        assertEvents(other);
        guest.setPermissions(OUTSIDE, "a", List.of("n3", "r7"));
        assertEvents(other, HOME + "/a token");
        guest.write(OUTSIDE, "a", "2");
        assertEvents(other, HOME + "/a token");
        guest.setPermissions(OUTSIDE, "a", List.of("n3"));
        assertEvents(other, HOME + "/a token");
        guest.write(OUTSIDE, "a", "3");
        assertEvents(other);
    }

    @Test
    void refusesAWatchTwiceAndAnUnknownOneOnce() throws XenStoreException {
        guest.watch("a", "token");
        assertRefused("EEXIST", () -> guest.watch("a", "token"));
        assertRefused("EEXIST", () -> guest.watch(HOME + "/a", "token"));
        guest.watch("a", "other");
        guest.unwatch("a", "token");
        assertRefused("ENOENT", () -> guest.unwatch("a", "token"));
        drain(guest);
        guest.write(OUTSIDE, "a", "");
        assertEvents(guest, "a other");
    }
}
