package io.ringside.xenbus.protocol.hypercall;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.WireFacts;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Numbers of hypercalls and of their operations, held against the headers. */
class OperationNumbersTest {
    private final WireFacts grant = WireFacts.load("xen-grant");
    private final WireFacts event = WireFacts.load("xen-evtchn");

    @Test
    void knowsEveryOperationOfTheHeaders() throws IllegalAccessException {
        assertThat(agrees(GrantTableOp.class, grant, "GNTTABOP_")).isEqualTo(13);
        assertThat(agrees(EventChannelOp.class, event, "EVTCHNOP_")).isEqualTo(14);
    }

    @Test
    void knowsTheNumbersAndFlagsOfTheHeaders() {
        assertThat(event.constant("__HYPERVISOR_event_channel_op"))
                .isEqualTo(Hypercall.EVENT_CHANNEL_OP);
        final Map<String, Integer> ours =
                Map.of(
                        "__HYPERVISOR_grant_table_op", Hypercall.GRANT_TABLE_OP,
                        "GNTMAP_device_map", GnttabMapGrantRef.DEVICE_MAP,
                        "GNTMAP_host_map", GnttabMapGrantRef.HOST_MAP,
                        "GNTMAP_readonly", GnttabMapGrantRef.READ_ONLY,
                        "GNTMAP_application_map", GnttabMapGrantRef.APPLICATION_MAP,
                        "GNTMAP_contains_pte", GnttabMapGrantRef.CONTAINS_PTE,
                        "GNTTAB_CACHE_CLEAN", GnttabCacheFlush.CLEAN,
                        "GNTTAB_CACHE_INVAL", GnttabCacheFlush.INVALIDATE,
                        "GNTTAB_CACHE_SOURCE_GREF", GnttabCacheFlush.SOURCE_GRANT);
        ours.forEach(
                (name, value) -> assertThat((int) grant.constant(name)).as(name).isEqualTo(value));
    }

    private static int agrees(final Class<?> ours, final WireFacts facts, final String prefix)
            throws IllegalAccessException {
        int count = 0;
        for (final Field field : ours.getFields()) {
            assertThat(Modifier.isStatic(field.getModifiers())).isTrue();
            final String name = prefix + field.getName().toLowerCase(Locale.ROOT);
            assertThat(facts.constant(name)).as(name).isEqualTo(field.getInt(null));
            count++;
        }
        return count;
    }
}
