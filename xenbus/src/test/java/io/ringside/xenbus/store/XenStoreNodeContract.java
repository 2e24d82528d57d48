package io.ringside.xenbus.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of nodes: values, paths and permissions. */
public abstract class XenStoreNodeContract extends XenStoreContract {
    /** For the subclasses. */
    protected XenStoreNodeContract() {}

    // ---- nodes

    @Test
    void readsWhatWasWritten() throws XenStoreException {
        guest.write(OUTSIDE, HOME + "/a", "one");
        assertThat(guest.read(OUTSIDE, HOME + "/a")).isEqualTo("one");
        guest.write(OUTSIDE, HOME + "/a", "");
        assertThat(guest.read(OUTSIDE, HOME + "/a")).isEmpty();
        guest.write(OUTSIDE, HOME + "/a", "\0\u00ff\n");
        assertThat(dom0.read(OUTSIDE, HOME + "/a")).isEqualTo("\0\u00ff\n");
        assertThat(guest.domainId()).isEqualTo(3);
    }

    @Test
    void takesRelativePathsFromTheHome() throws XenStoreException {
        guest.write(OUTSIDE, "data/key", "value");
        assertThat(dom0.read(OUTSIDE, HOME + "/data/key")).isEqualTo("value");
        assertThat(guest.read(OUTSIDE, "data/key")).isEqualTo("value");
    }

    @Test
    void makesMissingParents() throws XenStoreException {
        guest.write(OUTSIDE, HOME + "/a/b/c", "deep");
        assertThat(guest.directory(OUTSIDE, HOME + "/a")).containsExactly("b");
        assertThat(guest.read(OUTSIDE, HOME + "/a/b")).isEmpty();
    }

    @Test
    void listsChildrenOnce() throws XenStoreException {
        guest.write(OUTSIDE, HOME + "/b", "1");
        guest.write(OUTSIDE, HOME + "/a", "2");
        guest.write(OUTSIDE, HOME + "/b", "3");
        assertThat(guest.directory(OUTSIDE, HOME)).containsExactlyInAnyOrder("a", "b");
        guest.remove(OUTSIDE, HOME + "/b");
        assertThat(guest.directory(OUTSIDE, HOME)).containsExactly("a");
    }

    @Test
    void leavesAnExistingNodeAloneOnMkdir() throws XenStoreException {
        guest.write(OUTSIDE, HOME + "/a", "one");
        guest.mkdir(OUTSIDE, HOME + "/a");
        assertThat(guest.read(OUTSIDE, HOME + "/a")).isEqualTo("one");
        guest.mkdir(OUTSIDE, HOME + "/new");
        assertThat(guest.read(OUTSIDE, HOME + "/new")).isEmpty();
    }

    @Test
    void removesANodeWithAllBelow() throws XenStoreException {
        guest.write(OUTSIDE, HOME + "/a/b/c", "deep");
        guest.remove(OUTSIDE, HOME + "/a");
        assertThat(guest.readOrNull(OUTSIDE, HOME + "/a")).isNull();
        assertThat(guest.readOrNull(OUTSIDE, HOME + "/a/b/c")).isNull();
        guest.write(OUTSIDE, HOME + "/a", "new");
        assertThat(guest.directory(OUTSIDE, HOME + "/a")).isEmpty();
    }

    @Test
    void removesWhatIsNotThereIfItsParentIs() throws XenStoreException {
        guest.remove(OUTSIDE, HOME + "/a");
        assertRefused("ENOENT", () -> guest.remove(OUTSIDE, HOME + "/a/b"));
        assertRefused("EINVAL", () -> dom0.remove(OUTSIDE, "/"));
    }

    @Test
    void namesWhatIsMissing() {
        assertRefused("ENOENT", () -> guest.read(OUTSIDE, HOME + "/a"));
        assertRefused("ENOENT", () -> guest.directory(OUTSIDE, HOME + "/a"));
        assertRefused("ENOENT", () -> guest.permissions(OUTSIDE, HOME + "/a"));
        assertRefused("ENOENT", () -> guest.setPermissions(OUTSIDE, HOME + "/a", List.of("n3")));
        assertRefused("ENOENT", () -> dom0.read(OUTSIDE, "/no/such/node"));
        assertThat(guest.readOrNull(OUTSIDE, HOME + "/a")).isNull();
    }

    // ---- paths

    @Test
    void refusesPathsThatBreakTheRules() throws XenStoreException {
        final List<String> paths =
                new ArrayList<>(
                        List.of(
                                "", "//", "/a/", "a/", "/a//b", "/a b", "/a.b", "/a\0b",
                                "/\u00e9"));
        paths.add("/" + "a".repeat(3072));
        paths.add("a".repeat(2049));
        paths.add("@introduceDomain");
        for (final String path : paths) {
            assertRefused("EINVAL", () -> dom0.write(OUTSIDE, path, ""));
            assertRefused("EINVAL", () -> dom0.read(OUTSIDE, path));
            assertRefused("EINVAL", () -> dom0.mkdir(OUTSIDE, path));
            assertRefused("EINVAL", () -> dom0.remove(OUTSIDE, path));
            assertRefused("EINVAL", () -> dom0.directory(OUTSIDE, path));
        }
        dom0.write(OUTSIDE, "/Az09-_@/" + "a".repeat(3063), "long");
        dom0.write(OUTSIDE, "a".repeat(2048), "long");
    }

    /** Threats, row 25: a deep tree is refused, or walked without a stack that grows. */
    @Test
    void withstandsADeepTree() throws XenStoreException {
        String deepest = "";
        try {
            for (int depth = 1; depth < 1500; depth++) {
                final String path = "/d".repeat(depth);
                dom0.mkdir(OUTSIDE, path);
                deepest = path;
            }
        } catch (final XenStoreException e) {
            assertThat(e.error()).isEqualTo("EINVAL");
        }
        assertThat(deepest.length()).isGreaterThan(2 * 20);
        dom0.remove(OUTSIDE, "/d");
        assertThat(dom0.readOrNull(OUTSIDE, deepest)).isNull();
    }

    @Test
    void refusesWhatDoesNotFitAMessage() throws XenStoreException {
        final String path = "/big";
        final int most = 4096 - path.length() - 1;
        dom0.write(OUTSIDE, path, "x".repeat(most));
        assertRefused("E2BIG", () -> dom0.write(OUTSIDE, path, "x".repeat(most + 1)));
        assertThat(dom0.read(OUTSIDE, path)).hasSize(most);
        for (int i = 0; i < 41; i++) {
            dom0.mkdir(OUTSIDE, "/many/" + (100 + i) + "x".repeat(97));
        }
        assertRefused("E2BIG", () -> dom0.directory(OUTSIDE, "/many"));
        dom0.remove(OUTSIDE, "/many/100" + "x".repeat(97));
        assertThat(dom0.directory(OUTSIDE, "/many")).hasSize(40);
    }

    // ---- permissions

    @Test
    void letsOnlyThoseInWhoArePermitted() throws XenStoreException {
        final String path = HOME + "/a";
        guest.write(OUTSIDE, path, "one");
        assertRefused("EACCES", () -> other.read(OUTSIDE, path));
        guest.setPermissions(OUTSIDE, path, List.of("n3", "r7"));
        assertThat(other.read(OUTSIDE, path)).isEqualTo("one");
        assertRefused("EACCES", () -> other.write(OUTSIDE, path, "two"));
        guest.setPermissions(OUTSIDE, path, List.of("n3", "w7"));
        other.write(OUTSIDE, path, "two");
        assertRefused("EACCES", () -> other.read(OUTSIDE, path));
        guest.setPermissions(OUTSIDE, path, List.of("n3", "b7"));
        assertThat(other.read(OUTSIDE, path)).isEqualTo("two");
        guest.setPermissions(OUTSIDE, path, List.of("r3"));
        assertThat(other.read(OUTSIDE, path)).as("by default").isEqualTo("two");
        guest.setPermissions(OUTSIDE, path, List.of("r3", "n7"));
        assertRefused("EACCES", () -> other.read(OUTSIDE, path));
        assertThat(dom0.read(OUTSIDE, path)).as("privileged").isEqualTo("two");
    }

    @Test
    void inheritsPermissionsAndGivesTheCreatorWhatItMakes() throws XenStoreException {
        dom0.setPermissions(OUTSIDE, HOME, List.of("n0", "b3", "r7"));
        guest.write(OUTSIDE, HOME + "/a/b", "");
        assertThat(guest.permissions(OUTSIDE, HOME + "/a")).containsExactly("n3", "b3", "r7");
        assertThat(guest.permissions(OUTSIDE, HOME + "/a/b")).containsExactly("n3", "b3", "r7");
        dom0.write(OUTSIDE, HOME + "/c", "");
        assertThat(dom0.permissions(OUTSIDE, HOME + "/c")).containsExactly("n0", "b3", "r7");
    }

    @Test
    void keepsOwnersAsTheyAre() throws XenStoreException {
        final String path = HOME + "/a";
        guest.write(OUTSIDE, path, "");
        guest.setPermissions(OUTSIDE, path, List.of("n3", "b7"));
        assertRefused("EACCES", () -> other.setPermissions(OUTSIDE, path, List.of("n7")));
        assertRefused("EPERM", () -> guest.setPermissions(OUTSIDE, path, List.of("n7")));
        dom0.setPermissions(OUTSIDE, path, List.of("n7"));
        assertThat(other.permissions(OUTSIDE, path)).containsExactly("n7");
    }

    @Test
    void refusesPermissionsThatAreNone() {
        for (final String text :
                List.of("", "n", "3", "x3", "n-3", "n 3", "n3x", "n32752", "n99999")) {
            assertRefused("EINVAL", () -> dom0.setPermissions(OUTSIDE, HOME, List.of(text)));
        }
        assertRefused("EINVAL", () -> dom0.setPermissions(OUTSIDE, HOME, List.of()));
    }

    @Test
    void hidesFromStrangersWhetherANodeExists() throws XenStoreException {
        guest.write(OUTSIDE, HOME + "/a", "");
        assertRefused("EACCES", () -> other.read(OUTSIDE, HOME + "/a"));
        assertRefused("EACCES", () -> other.read(OUTSIDE, HOME + "/b"));
        assertRefused("EACCES", () -> other.write(OUTSIDE, HOME + "/b", ""));
        assertRefused("EACCES", () -> other.mkdir(OUTSIDE, HOME + "/a"));
        assertRefused("EACCES", () -> other.remove(OUTSIDE, HOME + "/a"));
        assertRefused("EACCES", () -> other.remove(OUTSIDE, HOME + "/b"));
        assertRefused("EACCES", () -> guest.directory(OUTSIDE, "/"));
    }
}
