package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.xenbus.event.EventChannelControl;

class FifoProcessorsTest extends ProcessorsContract {
    @Override
    void choose(final EventChannelControl channels) {
        assertThat(channels.useFifo()).isZero();
    }
}
