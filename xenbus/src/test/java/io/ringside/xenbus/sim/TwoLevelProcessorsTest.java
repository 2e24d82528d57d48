package io.ringside.xenbus.sim;

import io.ringside.xenbus.event.EventChannelControl;

class TwoLevelProcessorsTest extends ProcessorsContract {
    @Override
    void choose(final EventChannelControl channels) {
        // A domain begins with this form.
    }
}
