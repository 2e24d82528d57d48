package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.testkit.Seed;
import io.ringside.xenbus.protocol.EventChannelStatus;
import io.ringside.xenbus.protocol.Virq;
import io.ringside.xenbus.protocol.XenErrno;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The operations beside those that two drivers need, in every form; and a model of all. */
abstract class EventOperationsContract extends EventChannelsContract {
    @Test
    void bindsVirtualLinesByTheRules() {
        assertThat(frontChannels.bindVirq(24, 0)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.bindVirq(-1, 0)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.bindVirq(Virq.DOM_EXC, 1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.bindVirq(Virq.TIMER, 1)).isEqualTo(-XenErrno.ENOENT);
        final int port = frontChannels.bindVirq(Virq.TIMER, 0);
        assertThat(frontChannels.status(port)).isEqualTo(EventChannelStatus.VIRQ);
        assertThat(frontChannels.bindVirq(Virq.TIMER, 0)).isEqualTo(-XenErrno.EEXIST);
        assertThat(frontChannels.send(port)).as("nobody there").isEqualTo(-XenErrno.EINVAL);
        frontChannels.handler(port, () -> log.add("tick"));
        front.domain().eventChannels().raiseVirq(Virq.TIMER);
        front.domain().eventChannels().raiseVirq(Virq.DEBUG);
        front.domain().eventChannels().raiseVirq(99);
        assertThat(frontChannels.dispatch()).isEqualTo(1);
        assertThat(log).containsExactly("tick");
        frontChannels.close(port);
        front.domain().eventChannels().raiseVirq(Virq.TIMER);
        assertThat(frontChannels.dispatch()).isZero();
        assertThat(frontChannels.bindVirq(Virq.TIMER, 0)).isEqualTo(port);
    }

    @Test
    void wakesItselfByAnInterprocessorPort() {
        assertThat(frontChannels.bindIpi(1)).isEqualTo(-XenErrno.ENOENT);
        final int port = frontChannels.bindIpi(0);
        assertThat(frontChannels.status(port)).isEqualTo(EventChannelStatus.IPI);
        frontChannels.handler(port, () -> log.add("self"));
        assertThat(frontChannels.send(port)).isZero();
        assertThat(frontChannels.dispatch()).isEqualTo(1);
        assertThat(backChannels.bindInterdomain(3, port)).isEqualTo(-XenErrno.EINVAL);
    }

    @Test
    void refusesWhatADomainWithOneProcessorAndNoLinesMayNot() {
        assertThat(frontChannels.bindPirq(4, 0)).isEqualTo(-XenErrno.EPERM);
        assertThat(frontChannels.bindPirq(-1, 1)).isEqualTo(-XenErrno.EINVAL);
        final int port = frontChannels.allocUnbound(7);
        assertThat(frontChannels.bindProcessor(port, 0)).isZero();
        assertThat(frontChannels.bindProcessor(port, 1)).isEqualTo(-XenErrno.ENOENT);
        assertThat(frontChannels.bindProcessor(port + 1, 0)).isEqualTo(-XenErrno.EINVAL);
        final int timer = frontChannels.bindVirq(Virq.TIMER, 0);
        assertThat(frontChannels.bindProcessor(timer, 0)).isEqualTo(-XenErrno.EINVAL);
        final int global = frontChannels.bindVirq(Virq.DOM_EXC, 0);
        assertThat(frontChannels.bindProcessor(global, 0)).isZero();
        assertThat(frontChannels.bindProcessor(frontChannels.bindIpi(0), 0))
                .isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.openPorts()).isEqualTo(4);
    }

    @Test
    void closesAllAndGoesBackToTwoLevelsOnReset() {
        final int port = connect();
        frontChannels.bindVirq(Virq.TIMER, 0);
        frontChannels.send(port);
        assertThat(frontChannels.reset()).isZero();
        assertThat(frontChannels.openPorts()).isZero();
        assertThat(frontChannels.setPriority(port, 3)).isEqualTo(-XenErrno.ENOSYS);
        assertThat(frontChannels.send(port)).isEqualTo(-XenErrno.EINVAL);
        assertThat(backChannels.status(1)).isEqualTo(EventChannelStatus.UNBOUND);
        assertThat(frontChannels.bindVirq(Virq.TIMER, 0)).isEqualTo(1);
        choose(frontChannels);
        log.clear();
        connect();
        frontChannels.send(2);
        assertThat(backChannels.dispatch()).isEqualTo(1);
        assertThat(log).containsExactly("back");
    }

    /** What came before a change of form, and what was masked, is as it was. */
    @Test
    void keepsEventsAndMasksWhenTheFormChanges() {
        frontChannels.reset();
        final int loud = frontChannels.allocUnbound(7);
        final int quiet = frontChannels.allocUnbound(7);
        final int loudBack = backChannels.bindInterdomain(3, loud);
        final int quietBack = backChannels.bindInterdomain(3, quiet);
        frontChannels.handler(loud, () -> log.add("loud"));
        frontChannels.handler(quiet, () -> log.add("quiet"));
        frontChannels.mask(quiet);
        backChannels.send(loudBack);
        backChannels.send(quietBack);
        choose(frontChannels);
        frontChannels.dispatch();
        assertThat(log).containsExactly("loud");
        frontChannels.unmask(quiet);
        frontChannels.dispatch();
        assertThat(log).containsExactly("loud", "quiet");
    }

    /** A model of sets says which handlers run, whatever was sent, masked, closed before. */
    @Test
    void runsWhatTheModelSays() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final int count = 40;
        final int[] ends = new int[count + 1];
        final boolean[] pending = new boolean[count + 1];
        final boolean[] masked = new boolean[count + 1];
        final BitSet ran = new BitSet();
        for (int i = 1; i <= count; i++) {
            assertThat(frontChannels.allocUnbound(7)).as("%s", seed).isEqualTo(i);
            ends[i] = bindQuietly(i, ran);
        }
        for (int step = 0; step < 100_000; step++) {
            final int port = 1 + random.nextInt(count);
            switch (random.nextInt(8)) {
                case 0 -> {
                    frontChannels.mask(port);
                    masked[port] = true;
                }
                case 1 -> {
                    frontChannels.unmask(port);
                    masked[port] = false;
                }
                case 2 -> {
                    frontChannels.close(port);
                    backChannels.close(ends[port]);
                    assertThat(frontChannels.allocUnbound(7)).as("%s", seed).isEqualTo(port);
                    ends[port] = bindQuietly(port, ran);
                    pending[port] = false;
                    masked[port] = false;
                }
                case 3 -> {
                    final BitSet expected = new BitSet();
                    for (int i = 1; i <= count; i++) {
                        expected.set(i, pending[i] && !masked[i]);
                        pending[i] &= masked[i];
                    }
                    ran.clear();
                    final int answer = frontChannels.dispatch();
                    assertThat(ran).as("%s step=%d", seed, step).isEqualTo(expected);
                    assertThat(answer).as("%s", seed).isEqualTo(expected.cardinality());
                }
                case 4 -> frontChannels.setPriority(port, random.nextInt(16));
                default -> {
                    backChannels.send(ends[port]);
                    pending[port] = true;
                }
            }
        }
        assertThat(frontChannels.openPorts()).as("%s", seed).isEqualTo(count);
    }

    private int bindQuietly(final int port, final BitSet ran) {
        final int bound = backChannels.bindInterdomain(3, port);
        frontChannels.handler(port, () -> ran.set(port));
        return bound;
    }
}
