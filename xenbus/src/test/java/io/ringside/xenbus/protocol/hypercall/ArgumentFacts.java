package io.ringside.xenbus.protocol.hypercall;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** Holds one field after another against the header. */
final class ArgumentFacts {
    /** Where the arguments of a test lie. */
    static final int AT = 8;

    private final WireFacts facts;
    private final UnsafeBuffer page = new UnsafeBuffer(new byte[128]);
    private WireFacts.@Nullable Struct struct;
    private String name = "";

    ArgumentFacts(final String file) {
        facts = WireFacts.load(file);
    }

    UnsafeBuffer page() {
        return page;
    }

    /** The fields that follow are of this struct. */
    void struct(final String structName, final int sizeBytes) {
        name = structName;
        struct = facts.struct(structName);
        assertThat(sizeBytes).as(structName).isEqualTo(struct().size());
    }

    /** Setting a field to a value changes its bytes and no other; reading it gives the value. */
    void field(final String field, final Runnable set, final LongSupplier get, final long value) {
        page.setMemory(0, page.capacity(), (byte) 0);
        set.run();
        assertThat(get.getAsLong()).as("%s.%s", name, field).isEqualTo(value);
        final int first = AT + struct().offset(field);
        final int bytes = struct().size(field);
        for (int i = 0; i < page.capacity(); i++) {
            final boolean within = i >= first && i < first + bytes;
            final byte expected = within ? (byte) (value >> (8 * (i - first))) : 0;
            assertThat(page.getByte(i))
                    .as("%s.%s byte %d", name, field, i - AT)
                    .isEqualTo(expected);
        }
    }

    private WireFacts.Struct struct() {
        return Objects.requireNonNull(struct, "struct");
    }
}
