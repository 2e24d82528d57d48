package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.testkit.Seed;
import io.ringside.xenbus.event.EventChannelControl;
import io.ringside.xenbus.protocol.FifoControlBlock;
import io.ringside.xenbus.protocol.FifoEventWord;
import io.ringside.xenbus.protocol.XenErrno;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FifoEventsTest extends EventOperationsContract {
    @Override
    void choose(final EventChannelControl channels) {
        assertThat(channels.useFifo()).isZero();
    }

    @Override
    int portLimit() {
        return FifoEventWord.PORTS;
    }

    @Test
    void runsTheMostUrgentFirstAndEachQueueInOrder() {
        final int[] bound = new int[4];
        final int[] priorities = {9, 2, 9, 0};
        for (int i = 0; i < 4; i++) {
            final String name = "p" + i;
            final int port = frontChannels.allocUnbound(7);
            assertThat(frontChannels.setPriority(port, priorities[i])).isZero();
            bound[i] = backChannels.bindInterdomain(3, port);
            frontChannels.handler(port, () -> log.add(name));
        }
        backChannels.send(bound[2]);
        backChannels.send(bound[0]);
        backChannels.send(bound[1]);
        backChannels.send(bound[3]);
        assertThat(frontChannels.dispatch()).isEqualTo(4);
        assertThat(log).containsExactly("p3", "p1", "p2", "p0");
        assertThat(frontChannels.setPriority(1, 16)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.setPriority(1, -1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.setPriority(99, 1)).isEqualTo(-XenErrno.EINVAL);
    }

    /** An event that comes while others are handled goes before what is less urgent. */
    @Test
    void letsAnUrgentEventOvertake() {
        final int urgent = frontChannels.allocUnbound(7);
        frontChannels.setPriority(urgent, FifoControlBlock.PRIORITY_MAX);
        final int urgentBack = backChannels.bindInterdomain(3, urgent);
        final int first = frontChannels.allocUnbound(7);
        final int firstBack = backChannels.bindInterdomain(3, first);
        final int second = frontChannels.allocUnbound(7);
        final int secondBack = backChannels.bindInterdomain(3, second);
        frontChannels.handler(urgent, () -> log.add("urgent"));
        frontChannels.handler(first, () -> backChannels.send(urgentBack));
        frontChannels.handler(second, () -> log.add("second"));
        backChannels.send(firstBack);
        backChannels.send(secondBack);
        assertThat(frontChannels.dispatch()).isEqualTo(3);
        assertThat(log).containsExactly("urgent", "second");
    }

    /** A word that moves to another queue takes that of its old one with it, if it was the tail. */
    @Test
    void movesAPortFromOneQueueToAnother() {
        final int first = frontChannels.allocUnbound(7);
        final int firstBack = backChannels.bindInterdomain(3, first);
        final int second = frontChannels.allocUnbound(7);
        final int secondBack = backChannels.bindInterdomain(3, second);
        frontChannels.handler(first, () -> log.add("first"));
        frontChannels.handler(second, () -> log.add("second"));
        backChannels.send(firstBack);
        frontChannels.dispatch();
        frontChannels.setPriority(first, 3);
        backChannels.send(firstBack);
        backChannels.send(secondBack);
        assertThat(frontChannels.dispatch()).isEqualTo(2);
        assertThat(log).containsExactly("first", "first", "second");
    }

    @Test
    void laysHeadsLinksAndFlagsInTheDomainsOwnFrames() {
        final int control = front.frames().allocate();
        final int array = front.frames().allocate();
        frontChannels.reset();
        for (int i = 1; i <= 3; i++) {
            frontChannels.allocUnbound(7);
            backChannels.bindInterdomain(3, i);
        }
        assertThat(frontChannels.initControl(control, 4024, 0)).isZero();
        backChannels.send(2);
        assertThat(frontChannels.expandArray(array)).isZero();
        backChannels.send(3);
        backChannels.send(1);
        final UnsafeBuffer words = front.page(array);
        assertThat(words.getInt(8)).as("port 2, early").isEqualTo(0xA000_0003);
        assertThat(words.getInt(12)).as("port 3").isEqualTo(0xA000_0001);
        assertThat(words.getInt(4)).as("port 1, the tail").isEqualTo(0xA000_0000);
        assertThat(front.page(control).getInt(4024)).as("ready").isEqualTo(1 << 7);
        assertThat(front.page(control).getInt(4024 + 8 + 7 * 4)).as("head").isEqualTo(2);
    }

    /** Threats, row 26: a frame that is refused leaves nothing behind. */
    @Test
    void refusesABadControlBlockAndKeepsTheOtherForm() {
        frontChannels.reset();
        final int port = frontChannels.allocUnbound(7);
        final int bound = backChannels.bindInterdomain(3, port);
        frontChannels.handler(port, () -> log.add("front"));
        final int frame = front.frames().allocate();
        for (final long bad : new long[] {-1, 256, 1L << 52, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(frontChannels.initControl(bad, 0, 0)).isEqualTo(-XenErrno.EINVAL);
        }
        assertThat(frontChannels.initControl(frame, 4, 0)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.initControl(frame, 4032, 0)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.initControl(frame, -8, 0)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.initControl(frame, 0, 1)).isEqualTo(-XenErrno.ENOENT);
        assertThat(frontChannels.expandArray(frame)).isEqualTo(-XenErrno.EOPNOTSUPP);
        backChannels.send(bound);
        assertThat(frontChannels.dispatch()).isEqualTo(1);
        assertThat(front.page(frame).getLong(0)).isZero();
        assertThat(frontChannels.initControl(frame, 4024, 0)).isZero();
        assertThat(frontChannels.initControl(frame, 0, 0)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.expandArray(256)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.expandArray(-1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(frontChannels.useFifo()).isEqualTo(-XenErrno.EINVAL);
    }

    @Test
    void growsTheArrayToItsLimit() {
        final int frame = front.frames().allocate();
        for (int page = 0; page < FifoEventWord.PAGES - 1; page++) {
            assertThat(frontChannels.expandArray(frame)).isZero();
        }
        assertThat(frontChannels.expandArray(frame)).isEqualTo(-XenErrno.ENOSPC);
    }

    @Test
    void refusesAPortForWhichThereIsNoFrame() {
        final TestDomain small = new TestDomain(new SimulatedXen(), 4, 5);
        final EventChannelControl channels = small.domain().eventChannels();
        assertThat(channels.useFifo()).isZero();
        for (int i = 1; i < FifoEventWord.WORDS_PER_PAGE; i++) {
            assertThat(channels.allocUnbound(7)).isEqualTo(i);
        }
        assertThat(channels.allocUnbound(7)).isEqualTo(-XenErrno.ENOSPC);
        assertThat(channels.openPorts()).isEqualTo(FifoEventWord.WORDS_PER_PAGE - 1);
        channels.close(5);
        assertThat(channels.allocUnbound(7)).isEqualTo(5);
        small.close();
        assertThat(small.frames().usedCount()).isZero();
    }

    @Test
    void staysInTheOldFormWithoutFrames() {
        final TestDomain small = new TestDomain(new SimulatedXen(), 4, 4);
        final EventChannelControl channels = small.domain().eventChannels();
        assertThat(channels.useFifo()).isEqualTo(-XenErrno.ENOSPC);
        assertThat(channels.setPriority(channels.bindIpi(0), 1)).isEqualTo(-XenErrno.ENOSYS);
        assertThat(small.frames().usedCount()).isEqualTo(2);
        small.close();
    }

    @Test
    void takesTheSameFramesAfterEveryReset() {
        final int used = front.frames().usedCount();
        for (int round = 0; round < 50; round++) {
            frontChannels.allocUnbound(7);
            assertThat(frontChannels.reset()).isZero();
            choose(frontChannels);
            assertThat(front.frames().usedCount()).isEqualTo(used);
            assertThat(frontChannels.openPorts()).isZero();
        }
    }

    @Test
    void asksTheHypervisorToUnmaskOnlyWhenAnEventWaits() {
        final int port = connect();
        final int bound = 1;
        final long before = back.count(Crossing.HYPERCALL);
        backChannels.mask(bound);
        backChannels.unmask(bound);
        assertThat(back.count(Crossing.HYPERCALL)).isEqualTo(before);
        backChannels.mask(bound);
        frontChannels.send(port);
        backChannels.unmask(bound);
        assertThat(back.count(Crossing.HYPERCALL)).isEqualTo(before + 1);
        assertThat(backChannels.dispatch()).isEqualTo(1);
    }

    /** Threats, row 11: whatever stands in the shared words, nothing throws or runs on for ever. */
    @Test
    void survivesWhateverStandsInItsWords() {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        frontChannels.reset();
        final int control = front.frames().allocate();
        final int array = front.frames().allocate();
        final int guard = front.frames().allocate();
        assertThat(frontChannels.initControl(control, 0, 0)).isZero();
        assertThat(frontChannels.expandArray(array)).isZero();
        final int[] bound = new int[30];
        for (int i = 0; i < bound.length; i++) {
            final int port = frontChannels.allocUnbound(7);
            bound[i] = backChannels.bindInterdomain(3, port);
            frontChannels.handler(port, () -> log.add("ran"));
        }
        final UnsafeBuffer words = front.page(array);
        final UnsafeBuffer block = front.page(control);
        for (int round = 0; round < 50_000; round++) {
            words.putInt(random.nextInt(32) * 4, random.nextInt());
            final int garbage = random.nextBoolean() ? random.nextInt() : random.nextInt(32);
            block.putInt(random.nextInt(18) * 4, garbage);
            backChannels.send(bound[random.nextInt(bound.length)]);
            frontChannels.unmask(1 + random.nextInt(30));
            log.clear();
            final int ran = frontChannels.dispatch();
            assertThat(log).as("%s", seed).hasSize(ran).hasSizeLessThanOrEqualTo(bound.length);
        }
        assertThat(front.page(guard).getLong(0)).as("%s", seed).isZero();
        assertThat(block.getInt(72)).as("%s: behind the block", seed).isZero();
        frontChannels.reset();
        choose(frontChannels);
        assertThat(backChannels.send(bound[0])).as("%s", seed).isZero();
    }
}
