package io.ringside.xenbus.sim.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.sim.store.StoreModel.Kind;
import io.ringside.xenbus.sim.store.StoreModel.Request;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStore.WatchEvent;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Three clients send random requests, inside and outside of transactions.
 *
 * <p>A transaction that goes through must answer as if all of it had been sent at the moment of its
 * commit; one that is refused must have touched what somebody else changed meanwhile, and must have
 * changed nothing. A watcher of the root hears of every change, and of nothing else.
 */
class StoreTransactionRandomTest {
    private static final int CLIENTS = 3;
    private static final int STEPS = 20_000;
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final int OUTSIDE = XenStore.NO_TRANSACTION;

    private record Sent(Request request, String answer) {}

    private final Seed seed = Seed.ofRun();
    private final SplittableRandom random = seed.random();
    private final XenStoreServer server = new XenStoreServer(StoreLimits.DEFAULTS);
    private final XenStore watcher = server.connect(0, () -> {});
    private final XenStore[] clients = new XenStore[CLIENTS];
    private final int[] transactions = new int[CLIENTS];
    private final List<List<Sent>> sent = new ArrayList<>();
    private final List<Set<String>> changedMeanwhile = new ArrayList<>();
    private final StoreModel model = new StoreModel();
    private int committed;
    private int refused;

    @Test
    void actsAsIfEachTransactionWereOneRequest() throws XenStoreException {
        watcher.watch("/", "all");
        watcher.pollWatchEvent();
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = server.connect(0, () -> {});
            sent.add(new ArrayList<>());
            changedMeanwhile.add(new HashSet<>());
        }
        for (int step = 0; step < STEPS; step++) {
            final int client = random.nextInt(CLIENTS);
            if (random.nextInt(8) == 0) {
                startOrEnd(client);
            } else {
                request(client);
            }
        }
        assertThat(committed).as("%s", seed).isGreaterThan(STEPS / 200);
        assertThat(refused).as("%s", seed).isGreaterThan(STEPS / 200);
    }

    private void startOrEnd(final int client) throws XenStoreException {
        if (transactions[client] == OUTSIDE) {
            transactions[client] = clients[client].startTransaction();
            sent.get(client).clear();
            changedMeanwhile.get(client).clear();
            return;
        }
        final boolean wanted = random.nextInt(4) != 0;
        final boolean done = clients[client].endTransaction(transactions[client], wanted);
        transactions[client] = OUTSIDE;
        final Map<String, String> before = model.nodes();
        if (wanted && done) {
            committed++;
            for (final Sent past : sent.get(client)) {
                assertThat(past.answer())
                        .as("%s: %s", seed, past.request())
                        .isEqualTo(model.apply(past.request()));
            }
        } else if (wanted) {
            refused++;
            assertThat(changedMeanwhile.get(client))
                    .as("%s: refused without a reason", seed)
                    .containsAnyElementsOf(touched(client));
        }
        checkEvents(before);
        if (wanted && done) {
            for (final Sent past : sent.get(client)) {
                noteChange(past.request(), before);
            }
        }
    }

    private void request(final int client) throws XenStoreException {
        final Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        final Request request =
                new Request(kind, path(), Integer.toString(random.nextInt(1_000_000)));
        final String answer = send(clients[client], transactions[client], request);
        if (transactions[client] != OUTSIDE) {
            sent.get(client).add(new Sent(request, answer));
            assertThat(watcher.pollWatchEvent()).as("%s: before the commit", seed).isNull();
            return;
        }
        final Map<String, String> before = model.nodes();
        assertThat(answer).as("%s: %s", seed, request).isEqualTo(model.apply(request));
        checkEvents(before);
        noteChange(request, before);
    }

    /** Holds the watcher's events against what has changed. */
    private void checkEvents(final Map<String, String> before) {
        final Set<String> told = new HashSet<>();
        WatchEvent event = watcher.pollWatchEvent();
        while (event != null) {
            told.add(event.path());
            event = watcher.pollWatchEvent();
        }
        final Map<String, String> after = model.nodes();
        final Set<String> paths = new HashSet<>(before.keySet());
        paths.addAll(after.keySet());
        for (final String path : paths) {
            final String value = after.get(path);
            if (value != null ? !value.equals(before.get(path)) : before.containsKey(path)) {
                assertThat(told)
                        .as("%s: told of %s", seed, path)
                        .anyMatch(name ->
                                StorePath.isAtOrBelow(path, name)
                                        || StorePath.isAtOrBelow(name, path));
            }
        }
    }

    /** Notes for open transactions which nodes a request that went through may have replaced. */
    private void noteChange(final Request request, final Map<String, String> before) {
        if (request.kind() == Kind.READ || request.kind() == Kind.DIRECTORY) {
            return;
        }
        final String path = request.path();
        for (final Set<String> changed : changedMeanwhile) {
            changed.add(path);
            if (request.kind() == Kind.REMOVE) {
                before.keySet().stream()
                        .filter(node -> StorePath.isAtOrBelow(node, path))
                        .forEach(changed::add);
            }
            String made = path;
            while (!made.equals("/")) {
                final String above = StorePath.parent(made);
                if (!before.containsKey(made) || request.kind() == Kind.REMOVE) {
                    changed.add(above);
                }
                if (before.containsKey(above)) {
                    break;
                }
                made = above;
            }
        }
    }

    /** Every node that the requests of a transaction may have looked at. */
    private Set<String> touched(final int client) {
        final Set<String> touched = new TreeSet<>();
        for (final Sent past : sent.get(client)) {
            final Request request = past.request();
            String at = request.path();
            touched.add(at);
            final boolean looksOnly =
                    request.kind() == Kind.READ || request.kind() == Kind.DIRECTORY;
            if (looksOnly && !past.answer().equals("ENOENT")) {
                continue;
            }
            while (!at.equals("/")) {
                at = StorePath.parent(at);
                touched.add(at);
            }
            if (request.kind() == Kind.REMOVE) {
                for (final String changed : changedMeanwhile.get(client)) {
                    if (StorePath.isAtOrBelow(changed, request.path())) {
                        touched.add(changed);
                    }
                }
            }
        }
        return touched;
    }

    private static String send(
            final XenStore client, final int transaction, final Request request) {
        final String path = request.path();
        try {
            return switch (request.kind()) {
                case READ -> client.read(transaction, path);
                case DIRECTORY -> new TreeSet<>(client.directory(transaction, path)).toString();
                case WRITE -> {
                    client.write(transaction, path, request.value());
                    yield "OK";
                }
                case MKDIR -> {
                    client.mkdir(transaction, path);
                    yield "OK";
                }
                case REMOVE -> {
                    client.remove(transaction, path);
                    yield "OK";
                }
            };
        } catch (final XenStoreException e) {
            return e.error();
        }
    }

    private String path() {
        final StringBuilder path = new StringBuilder();
        final int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            path.append('/').append((char) ('a' + random.nextInt(4)));
        }
        return path.toString();
    }
}
