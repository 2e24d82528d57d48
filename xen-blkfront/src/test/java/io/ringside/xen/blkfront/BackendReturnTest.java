package io.ringside.xen.blkfront;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.media.RamStore;
import io.ringside.xen.blkfront.backend.Blkback;
import io.ringside.xen.blkfront.protocol.BlkAbi;
import io.ringside.xen.blkfront.protocol.BlkOperation;
import io.ringside.xen.blkfront.protocol.BlkStatus;
import io.ringside.xen.blkfront.protocol.Wakeups;
import io.ringside.xenbus.event.EventChannels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One of the two ends goes without a word, and comes back. */
final class BackendReturnTest {
    private final RamStore disk = RamStore.zeroed(64);
    private final RecordingStore store = new RecordingStore(disk);
    private final TestBench bench = new TestBench();

    @AfterEach
    void close() {
        bench.close();
        store.close();
    }

    /** The backend's process dies: its kernel closes its ports; the mappings go in their time. */
    private void crash() {
        for (int port = 1; port < 64; port++) {
            bench.host().domain().eventChannels().close(port);
        }
        assertThat(bench.host().domain().eventChannels().openPorts()).isZero();
    }

    @Test
    void goesOnWithARingOnWhichNothingIsOutstanding() {
        final Blkback first = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, first, BlkAbi.X86_64);
        for (int i = 0; i < 40; i++) { // More than once around.
            front.putOne(BlkOperation.WRITE, front.grant(true), i, i);
            front.push();
            bench.step(first);
        }
        crash();

        final Blkback second = bench.newBackend(store, Wakeups.ARMED);
        for (int i = 0; i < 5; i++) {
            bench.step(second);
        }
        assertThat(bench.backendKey("state")).isEqualTo("4");
        assertThat(bench.frontendKey("state")).isEqualTo("4");
        front.putOne(BlkOperation.READ, front.grant(false), 4711, 7);
        front.push();
        bench.step(second);
        assertThat(front.responseProducer()).isEqualTo(41);
        assertThat(front.response(40).id()).isEqualTo(4711);
        assertThat(front.response(40).status()).isEqualTo(BlkStatus.OKAY);
    }

    /** Nobody knows which of them were done, and answers may have overwritten some. */
    @Test
    void waitsForANewRingWhenRequestsAreOutstanding() {
        final Blkback first = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, first, BlkAbi.X86_64);
        store.finish(0);
        front.putOne(BlkOperation.WRITE, front.grant(true), 1, 1);
        front.push();
        bench.step(first);
        crash();
        store.finish(Integer.MAX_VALUE);
        store.poll(done -> {}, 10);

        final Blkback second = bench.newBackend(store, Wakeups.ARMED);
        for (int i = 0; i < 5; i++) {
            bench.step(second);
        }
        assertThat(bench.backendKey("state")).isEqualTo("2");
        assertThat(front.responseProducer()).isZero();
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=2"); // What the first had.

        final RawFrontend again = new RawFrontend(bench, BlkAbi.X86_64);
        again.publish();
        bench.step(second);
        assertThat(bench.backendKey("state")).isEqualTo("4");
        again.putFlush(2);
        again.push();
        bench.step(second);
        assertThat(again.response(0).status()).isEqualTo(BlkStatus.OKAY);
    }

    /** Row 11: an index in a ring that is taken over is as little to be trusted as any. */
    @Test
    void closesOnARingThatIsTakenOverWithAnIndexThatCannotBe() {
        final Blkback first = bench.newBackend(store, Wakeups.ARMED);
        final RawFrontend front = RawFrontend.connect(bench, first, BlkAbi.X86_64);
        crash();
        front.ring.putInt(0, 1000);

        final Blkback second = bench.newBackend(store, Wakeups.ARMED);
        for (int i = 0; i < 10; i++) {
            bench.step(second);
        }
        assertThat(second.isClosed()).isTrue();
        assertThat(second.counters().requests()).isZero();
        assertThat(bench.hostResources()).isEqualTo("ports=0 mapped=1"); // What the first had.
    }

    @Test
    void letsGoOfADomainThatHasDiedAndServesTheNext() {
        final Blkback back = bench.newBackend(store, Wakeups.ARMED);
        final String atFirst = bench.hostResources();
        final RawFrontend front = RawFrontend.connect(bench, back, BlkAbi.X86_64);
        store.finish(0);
        for (int i = 0; i < 5; i++) {
            front.putOne(BlkOperation.WRITE, front.grant(true), i, i);
        }
        front.push();
        bench.step(back);
        final EventChannels hostEvents = bench.host().domain().eventChannels();
        bench.guest().domain().destroy();
        bench.removeVbd();
        for (int i = 0; i < 5; i++) {
            bench.step(back);
        }
        assertThat(bench.guest().domain().foreignMappings()).isEqualTo(6);
        store.finish(Integer.MAX_VALUE);
        for (int i = 0; i < 5; i++) {
            bench.step(back);
        }
        assertThat(bench.guest().domain().foreignMappings()).isZero();
        assertThat(back.isClosed()).isTrue();
        assertThat(bench.hostResources()).isEqualTo(atFirst);
        assertThat(hostEvents.isUpcallPending()).isFalse();
    }
}
