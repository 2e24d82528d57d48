package io.ringside.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.jr.ob.JSON;

/**
 * The facts of one wire format, as recorded from the real headers by a compiler.
 *
 * <p>Source: the JSON resources beside this class; each names its headers under {@code source}.
 */
public final class WireFacts {
    private final String name;
    private final Map<String, Object> root;

    private WireFacts(final String name, final Map<String, Object> root) {
        this.name = name;
        this.root = root;
    }

    /** Loads one file by its name without the ending, for example {@code xen-ring}. */
    public static WireFacts load(final String name) {
        try (InputStream in = WireFacts.class.getResourceAsStream("wire/" + name + ".json")) {
            if (in == null) {
                throw new IllegalArgumentException("no wire facts: name=" + name);
            }
            return new WireFacts(name, JSON.std.mapFrom(in));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One struct, union or variant by its name in the header. */
    public Struct struct(final String structName) {
        return new Struct(structName, child(child(root, "structs"), structName));
    }

    /** The value of a named constant of the header. */
    public long constant(final String constantName) {
        final Object value = child(root, "constants", constantName);
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException(
                "not a number: constant=" + constantName + " value=" + value);
    }

    /** A list of recorded vectors (or any other top-level list) by its key. */
    @SuppressWarnings("unchecked")
    public List<Map<String, Object>> vectors(final String key) {
        final Object value = root.get(key);
        if (value instanceof List<?> list) {
            return (List<Map<String, Object>>) list;
        }
        throw new IllegalArgumentException("no such list: file=" + name + " key=" + key);
    }

    /** Any part of the file, by its path of keys. */
    public Object value(final String... path) {
        Object at = root;
        for (final String key : path) {
            at = child(asMap(at, key), key, "");
        }
        return at;
    }

    /** The number under a key of one vector, cut to 32 bits. */
    public static int number(final Map<String, Object> vector, final String key) {
        if (vector.get(key) instanceof Number number) {
            return number.intValue();
        }
        throw new IllegalArgumentException("not a number: key=" + key + " vector=" + vector);
    }

    /** One layout: offsets and sizes in bytes. */
    public static final class Struct {
        private final String name;
        private final Map<String, Object> facts;

        private Struct(final String name, final Map<String, Object> facts) {
            this.name = name;
            this.facts = facts;
        }

        /** Size of the whole, in bytes, tail padding included. */
        public int size() {
            return number(facts.containsKey("size") ? facts.get("size") : facts.get("sizeof"));
        }

        /** Offset of a field from the start of the struct, in bytes. */
        public int offset(final String field) {
            return number(field(field).get("offset"));
        }

        /** Size of a field, in bytes. */
        public int size(final String field) {
            return number(field(field).get("size"));
        }

        private Map<String, Object> field(final String field) {
            if (facts.get("fields") instanceof List<?> fields) {
                for (final Object candidate : fields) {
                    final Map<String, Object> map = asMap(candidate, field);
                    if (field.equals(map.get("name"))) {
                        return map;
                    }
                }
            }
            throw new IllegalArgumentException("no such field: struct=" + name + " field=" + field);
        }

        private int number(final @Nullable Object value) {
            if (value instanceof Number number) {
                return number.intValue();
            }
            throw new IllegalArgumentException("not a number: struct=" + name + " value=" + value);
        }
    }

    private Map<String, Object> child(final Map<String, Object> parent, final String key) {
        return asMap(child(parent, key, ""), key);
    }

    private Object child(final Map<String, Object> parent, final String first, final String next) {
        final Object value = parent.get(first);
        if (value == null) {
            throw new IllegalArgumentException("no such fact: file=" + name + " key=" + first);
        }
        return next.isEmpty() ? value : child(asMap(value, first), next, "");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(final @Nullable Object value, final String key) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("not an object: key=" + key);
    }
}
