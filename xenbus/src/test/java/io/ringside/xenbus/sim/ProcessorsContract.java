package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.FrameAllocator;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.testkit.Seed;
import io.ringside.xenbus.event.EventChannelControl;
import io.ringside.xenbus.protocol.Virq;
import io.ringside.xenbus.protocol.XenErrno;
import io.ringside.xenbus.store.XenStore;
import io.ringside.xenbus.store.XenStoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What several processors of one domain hear, in every form of event channels. */
abstract class ProcessorsContract {
    private static final int PROCESSORS = 3;

    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain peer = new TestDomain(xen, 3, 256);
    private final InProcessMemory memory = InProcessMemory.anonymous(256);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final int[] rings = new int[PROCESSORS];
    private final Domain domain = xen.createDomain(7, memory, frames, processors());
    private final List<String> log = new ArrayList<>();

    /** Chooses the form, at the beginning of each test. */
    abstract void choose(EventChannelControl channels);

    @BeforeEach
    void chooseForm() {
        choose(domain.eventChannels());
    }

    @AfterEach
    void endDomains() {
        peer.close();
        domain.destroy();
        assertThat(frames.usedCount()).isZero();
        memory.close();
    }

    @Test
    void servesTwoQueuesOnTwoProcessors() {
        final int first = connect(1);
        final int second = connect(2);
        peer.domain().eventChannels().send(first);
        assertThat(rings).containsExactly(0, 1, 0);
        assertThat(domain.eventChannels(0).isUpcallPending()).isFalse();
        assertThat(domain.eventChannels(2).isUpcallPending()).isFalse();
        peer.domain().eventChannels().send(second);
        assertThat(rings).containsExactly(0, 1, 1);
        assertThat(domain.eventChannels(0).dispatch()).isZero();
        assertThat(domain.eventChannels(2).dispatch()).isEqualTo(1);
        assertThat(log).containsExactly("on 2");
        assertThat(domain.eventChannels(1).dispatch()).isEqualTo(1);
        assertThat(log).containsExactly("on 2", "on 1");
        assertThat(domain.eventChannels(1).dispatch()).isZero();
    }

    @Test
    void countsEachProcessorsOwnCrossings() {
        final int port = connect(1);
        peer.domain().eventChannels().send(port);
        domain.eventChannels(1).dispatch();
        final Vcpu own = domain.processors().get(1).vcpu();
        assertThat(own.count(Crossing.UPCALL)).isEqualTo(2);
        assertThat(domain.vcpu().count(Crossing.UPCALL)).isZero();
        assertThat(own.count(Crossing.HYPERCALL)).isPositive();
    }

    @Test
    void movesAPortWithTheEventThatNobodyTook() {
        final EventChannelControl channels = domain.eventChannels(1);
        final int port = connect(1);
        final int bound = openBound();
        peer.domain().eventChannels().send(port);
        assertThat(channels.bindProcessor(bound, 2)).isZero();
        assertThat(domain.eventChannels(1).dispatch()).as("not its own any more").isZero();
        assertThat(domain.eventChannels(2).dispatch()).isEqualTo(1);
        peer.domain().eventChannels().send(port);
        assertThat(domain.eventChannels(1).dispatch()).isZero();
        assertThat(domain.eventChannels(2).dispatch()).isEqualTo(1);
        assertThat(channels.bindProcessor(bound, PROCESSORS)).isEqualTo(-XenErrno.ENOENT);
        assertThat(channels.bindProcessor(bound, -1)).isEqualTo(-XenErrno.ENOENT);
        assertThat(channels.bindProcessor(bound + 1, 0)).isEqualTo(-XenErrno.EINVAL);
    }

    @Test
    void bindsAVirtualLineOnEachProcessorAndAGlobalOneOnTheFirst() {
        final EventChannelControl channels = domain.eventChannels();
        final List<Integer> ports = new ArrayList<>();
        for (int processor = 0; processor < PROCESSORS; processor++) {
            final int at = processor;
            final int port = channels.bindVirq(Virq.TIMER, processor);
            assertThat(port).isPositive();
            assertThat(channels.bindVirq(Virq.TIMER, processor)).isEqualTo(-XenErrno.EEXIST);
            channels.handler(port, () -> log.add("timer " + at));
            ports.add(port);
        }
        domain.eventChannels(1).raiseVirq(Virq.TIMER);
        for (int processor = 0; processor < PROCESSORS; processor++) {
            domain.eventChannels(processor).dispatch();
        }
        assertThat(log).containsExactly("timer 1");
        assertThat(channels.bindVirq(Virq.TIMER, PROCESSORS)).isEqualTo(-XenErrno.ENOENT);
        assertThat(channels.bindProcessor(ports.get(0), 1)).isEqualTo(-XenErrno.EINVAL);
        channels.close(ports.get(1));
        assertThat(channels.bindVirq(Virq.TIMER, 1)).isPositive();
    }

    @Test
    void wakesAnotherProcessorOfItsOwn() {
        final int port = domain.eventChannels(0).bindIpi(2);
        domain.eventChannels(2).handler(port, () -> log.add("called"));
        domain.eventChannels(0).send(port);
        assertThat(rings).containsExactly(0, 0, 1);
        assertThat(domain.eventChannels(0).dispatch()).isZero();
        assertThat(domain.eventChannels(2).dispatch()).isEqualTo(1);
        assertThat(log).containsExactly("called");
        assertThat(domain.eventChannels(0).bindIpi(PROCESSORS)).isEqualTo(-XenErrno.ENOENT);
    }

    @Test
    void wakesTheProcessorWhoseConnectionHasAWatchEvent() throws XenStoreException {
        final XenStore store = domain.connectStore(2);
        store.watch("/local", "token");
        assertThat(rings).containsExactly(0, 0, 1);
        domain.destroy();
        assertThat(store.readOrNull(XenStore.NO_TRANSACTION, "/")).as("cut").isNull();
    }

    @Test
    void keepsItsProcessorsAcrossASuspend() {
        connect(1);
        final int lost = openBound();
        domain.suspend();
        domain.resume(8);
        assertThat(domain.eventChannels(1).dispatch()).isZero();
        domain.eventChannels(1).close(lost);
        final int port = peer.domain().eventChannels().allocUnbound(8);
        final int bound = domain.eventChannels(2).bindInterdomain(3, port);
        domain.eventChannels(2).handler(bound, () -> log.add("again"));
        assertThat(domain.eventChannels(2).dispatch()).isEqualTo(1);
        assertThat(log).containsExactly("again");
    }

    @Test
    void refusesANumberOfProcessorsThatCannotBe() {
        assertThatThrownBy(() -> xen.createDomain(9, memory, frames, List.of()))
                .hasMessageContaining("processors=0");
        final Processor one = domain.processors().get(0);
        assertThatThrownBy(() -> xen.createDomain(9, memory, frames, Collections.nCopies(33, one)))
                .hasMessageContaining("processors=33");
    }

    /** Whatever is sent and moved, every event is taken once, by the port's processor of then. */
    @Test
    void losesNoEventWhilePortsMove() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final int ports = 40;
        final int[] sender = new int[ports];
        final int[] bound = new int[ports];
        final int[] at = new int[ports];
        final boolean[] sent = new boolean[ports];
        final int[] taken = new int[1];
        for (int i = 0; i < ports; i++) {
            final int index = i;
            at[i] = random.nextInt(PROCESSORS);
            sender[i] = peer.domain().eventChannels().allocUnbound(7);
            bound[i] = domain.eventChannels(at[i]).bindInterdomain(3, sender[i]);
            sent[i] = true;
            domain.eventChannels(at[i])
                    .handler(
                            bound[i],
                            () -> {
                                assertThat(sent[index]).as("%s port=%d", seed, index).isTrue();
                                sent[index] = false;
                                taken[0]++;
                            });
        }
        for (int step = 0; step < 20_000; step++) {
            final int i = random.nextInt(ports);
            switch (random.nextInt(4)) {
                case 0 -> {
                    peer.domain().eventChannels().send(sender[i]);
                    sent[i] = true;
                }
                case 1 -> {
                    at[i] = random.nextInt(PROCESSORS);
                    domain.eventChannels().bindProcessor(bound[i], at[i]);
                }
                default -> domain.eventChannels(random.nextInt(PROCESSORS)).dispatch();
            }
        }
        for (int round = 0; round < 2 * PROCESSORS; round++) {
            domain.eventChannels(round % PROCESSORS).dispatch();
        }
        assertThat(sent).as("%s", seed).doesNotContain(true);
        assertThat(taken[0]).as("%s", seed).isGreaterThan(1000);
    }

    /** A channel from the peer to a processor, with nothing pending; the peer's port. */
    private int connect(final int processor) {
        final int port = peer.domain().eventChannels().allocUnbound(7);
        final int bound = domain.eventChannels(processor).bindInterdomain(3, port);
        domain.eventChannels(processor).handler(bound, () -> log.add("on " + processor));
        domain.eventChannels(processor).dispatch();
        log.clear();
        rings[processor] = 0;
        return port;
    }

    /** The only port that is open, or the lowest. */
    private int openBound() {
        int port = 1;
        while (domain.eventChannels().port(port) == null) {
            port++;
        }
        return port;
    }

    private List<Processor> processors() {
        final List<Processor> processors = new ArrayList<>();
        for (int i = 0; i < PROCESSORS; i++) {
            final int number = i;
            processors.add(
                    new Processor(
                            new Vcpu("vcpu" + i, CrossingCosts.COUNTS, () -> 0),
                            () -> rings[number]++));
        }
        return processors;
    }
}
