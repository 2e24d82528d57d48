package io.ringside.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WireFactsTest {
    @Test
    void readsOffsetsSizesAndConstants() {
        final WireFacts facts = WireFacts.load("hv-vmbus");
        assertThat(facts.struct("vmpacket_descriptor").size()).isEqualTo(16);
        assertThat(facts.struct("vmpacket_descriptor").offset("trans_id")).isEqualTo(8);
        assertThat(facts.constant("VM_PKT_COMP")).isEqualTo(11);
        assertThat(facts.vectors("ringVectors")).isNotEmpty();
    }

    @Test
    void namesTheFactThatIsMissing() {
        final WireFacts facts = WireFacts.load("xen-ring");
        assertThatThrownBy(() -> facts.struct("no_such_struct"))
                .hasMessageContaining("no_such_struct");
        assertThatThrownBy(() -> facts.struct("blkif_sring").offset("nonesuch"))
                .hasMessageContaining("nonesuch");
    }
}
