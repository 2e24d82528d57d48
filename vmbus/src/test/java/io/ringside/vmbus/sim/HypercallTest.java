package io.ringside.vmbus.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.CrossingCosts;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
import io.ringside.hypervisor.inprocess.InProcessMemory;
import io.ringside.vmbus.protocol.EventFlags;
import io.ringside.vmbus.protocol.HvStatus;
import io.ringside.vmbus.protocol.HypercallCode;
import io.ringside.vmbus.protocol.PostMessageInput;
import io.ringside.vmbus.protocol.SignalEventInput;
import io.ringside.vmbus.protocol.SynicMessage;
import io.ringside.vmbus.protocol.SynicRegister;
import io.ringside.vmbus.synic.EventPort;
import io.ringside.vmbus.synic.MessagePort;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hypercalls by their input bytes, message slots and event flags, status code by status code. */
class HypercallTest {
    private static final int INPUT = 4096;
    private static final int MESSAGES = 2 * 4096;
    private static final int EVENTS = 3 * 4096;
    private static final int SINT = SynicRegister.VMBUS_SINT;

    private final InProcessMemory memory = InProcessMemory.anonymous(8);
    private final Vcpu vcpu = new Vcpu("vcpu0", CrossingCosts.COUNTS, () -> 0);
    private final Vcpu hostVcpu = new Vcpu("host", CrossingCosts.COUNTS, () -> 0);
    private int guestRings;
    private int hostRings;
    private final Partition partition =
            new Partition(memory, List.of(vcpu), List.of(() -> guestRings++), hostVcpu);
    private final UnsafeBuffer input = view(INPUT);
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[256]);

    @AfterEach
    void close() {
        partition.destroy();
        memory.close();
    }

    @Test
    void postsMessagesByTheirBytes() {
        final MessagePort port = partition.openMessagePort(4, 2, () -> hostRings++);
        put(4, 0, 1, 12);
        input.putInt(PostMessageInput.PAYLOAD_OFFSET + 8, 0x1234);
        assertThat(post(INPUT)).isEqualTo(HvStatus.SUCCESS);
        assertThat(post(INPUT)).isEqualTo(HvStatus.SUCCESS);
        assertThat(hostRings).isEqualTo(2);
        assertThat(post(INPUT)).isEqualTo(HvStatus.INSUFFICIENT_BUFFERS);
        assertThat(port.take(message, 0)).isEqualTo(12);
        assertThat(message.getInt(8)).isEqualTo(0x1234);
        assertThat(post(INPUT)).isEqualTo(HvStatus.SUCCESS);
        assertThat(port.take(message, 0)).isEqualTo(12);
        assertThat(port.take(message, 0)).isEqualTo(12);
        assertThat(port.take(message, 0)).isEqualTo(MessagePort.NONE);
        assertThat(vcpu.count(Crossing.HYPERCALL)).isEqualTo(4);
        assertThat(vcpu.count(Crossing.KICK)).isZero();
        port.close();
        assertThat(post(INPUT)).isEqualTo(HvStatus.INVALID_CONNECTION_ID);
    }

    @Test
    void refusesInputsThatCannotBe() {
        partition.openMessagePort(4, 2, () -> hostRings++);
        partition.openEventPort(9, () -> hostRings++);
        put(4, 0, 1, 241);
        assertThat(post(INPUT)).as("threats, row 28").isEqualTo(HvStatus.INVALID_PARAMETER);
        put(4, 0, 1, -1);
        assertThat(post(INPUT)).isEqualTo(HvStatus.INVALID_PARAMETER);
        put(4, 1, 1, 8);
        assertThat(post(INPUT)).as("reserved").isEqualTo(HvStatus.INVALID_PARAMETER);
        put(4, 0, 0, 8);
        assertThat(post(INPUT)).as("type 0").isEqualTo(HvStatus.INVALID_PARAMETER);
        put(4, 0, 0x8000_0010, 8);
        assertThat(post(INPUT)).as("the timer's type").isEqualTo(HvStatus.INVALID_PARAMETER);
        put(9, 0, 1, 8);
        assertThat(post(INPUT)).as("an event port").isEqualTo(HvStatus.INVALID_CONNECTION_ID);
        put(4, 0, 1, 8);
        assertThat(post(INPUT + 4)).isEqualTo(HvStatus.INVALID_ALIGNMENT);
        assertThat(post(INPUT + 4096 - 248)).isEqualTo(HvStatus.INVALID_ALIGNMENT);
        assertThat(post(8 * 4096)).isEqualTo(HvStatus.INVALID_HYPERCALL_INPUT);
        assertThat(post(-4096)).isEqualTo(HvStatus.INVALID_HYPERCALL_INPUT);
        assertThat(call(HypercallCode.POST_MESSAGE | HypercallCode.FAST, INPUT))
                .isEqualTo(HvStatus.INVALID_HYPERCALL_INPUT);
        assertThat(call(91, INPUT)).isEqualTo(HvStatus.INVALID_HYPERCALL_CODE);
        assertThat(call(HypercallCode.POST_MESSAGE | 1L << 17, INPUT))
                .isEqualTo(HvStatus.INVALID_HYPERCALL_INPUT);
        assertThat(call(HypercallCode.POST_MESSAGE | 1L << 48, INPUT))
                .isEqualTo(HvStatus.INVALID_HYPERCALL_INPUT);
        assertThat(hostRings).isZero();
    }

    @Test
    void signalsInBothForms() {
        final EventPort port = partition.openEventPort(0x10001, () -> hostRings++);
        final long fast = HypercallCode.SIGNAL_EVENT | HypercallCode.FAST;
        assertThat(call(fast, SignalEventInput.of(0x10001, 0))).isEqualTo(HvStatus.SUCCESS);
        input.putLong(0, SignalEventInput.of(0x10001, 0));
        assertThat(call(HypercallCode.SIGNAL_EVENT, INPUT)).isEqualTo(HvStatus.SUCCESS);
        assertThat(hostRings).as("it was signalled already").isEqualTo(1);
        assertThat(port.signals()).isEqualTo(2);
        assertThat(port.isSignalled()).isTrue();
        assertThat(port.take()).isTrue();
        assertThat(port.take()).isFalse();
        assertThat(vcpu.count(Crossing.HYPERCALL)).isEqualTo(2);
        assertThat(vcpu.count(Crossing.KICK)).isEqualTo(2);
        assertThat(call(fast, SignalEventInput.of(0x10001, 1)))
                .isEqualTo(HvStatus.INVALID_PARAMETER);
        assertThat(call(fast, SignalEventInput.of(0x10001, 0) | 1L << 63))
                .isEqualTo(HvStatus.INVALID_PARAMETER);
        assertThat(call(fast, SignalEventInput.of(0x10002, 0)))
                .isEqualTo(HvStatus.INVALID_CONNECTION_ID);
        assertThat(call(HypercallCode.SIGNAL_EVENT, INPUT + 1))
                .isEqualTo(HvStatus.INVALID_ALIGNMENT);
        assertThatThrownBy(() -> partition.openEventPort(0x10001, () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("connectionId=65537");
        port.close();
        assertThat(call(fast, SignalEventInput.of(0x10001, 0)))
                .isEqualTo(HvStatus.INVALID_CONNECTION_ID);
    }

    @Test
    void deliversOneMessageAtATimeAndAsksForTheEnd() {
        enable();
        message.putInt(0, 1);
        assertThat(partition.postMessage(0, SINT, 1, message, 0, 8)).isTrue();
        message.putInt(0, 2);
        assertThat(partition.postMessage(0, SINT, 1, message, 0, 8)).isTrue();
        final SynicMessage slot = new SynicMessage().wrap(view(MESSAGES), SINT);
        assertThat(slot.typeAcquire()).isEqualTo(PostMessageInput.CHANNEL_MESSAGE);
        assertThat(slot.isPendingVolatile()).isTrue();
        assertThat(guestRings).isEqualTo(1);
        assertThat(partition.takeInterrupt(0)).isTrue();
        assertThat(partition.takeInterrupt(0)).isFalse();
        assertThat(slot.copyPayload(message, 0)).isEqualTo(8);
        assertThat(message.getInt(0)).isEqualTo(1);
        slot.typeRelease(SynicMessage.NONE);
        assertThat(partition.isInterruptPending(0)).as("not before the end").isFalse();
        assertThat(partition.writeRegister(0, SynicRegister.END_OF_MESSAGE, 0)).isTrue();
        assertThat(partition.takeInterrupt(0)).isTrue();
        assertThat(slot.copyPayload(message, 0)).isEqualTo(8);
        assertThat(message.getInt(0)).isEqualTo(2);
        assertThat(slot.isPendingVolatile()).isFalse();
    }

    @Test
    void boundsTheMessagesThatWait() {
        enable();
        int taken = 0;
        while (taken < 1_000 && partition.postMessage(0, SINT, 1, message, 0, 8)) {
            taken++;
        }
        assertThat(taken).as("one in the slot, the others before it").isEqualTo(65);
        assertThat(partition.waitingMessages()).isEqualTo(64);
    }

    @Test
    void setsAnEventFlagOnceAndInterruptsOnce() {
        enable();
        final EventFlags flags = new EventFlags().wrap(view(EVENTS), SINT * EventFlags.BYTES);
        assertThat(partition.signalEvent(0, SINT, 17)).isTrue();
        assertThat(partition.signalEvent(0, SINT, 17)).isTrue();
        assertThat(partition.signalEvent(0, SINT, 18)).isTrue();
        assertThat(guestRings).as("one interrupt for all").isEqualTo(1);
        assertThat(partition.takeInterrupt(0)).isTrue();
        assertThat(flags.takeWordVolatile(0)).isEqualTo(3L << 17);
        assertThat(vcpu.count(Crossing.UPCALL)).isEqualTo(1);
        assertThat(hostVcpu.count(Crossing.HYPERCALL)).isEqualTo(3);
        assertThatThrownBy(() -> partition.signalEvent(1, SINT, 17))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deliversNothingToASynIcThatIsOff() {
        assertThat(partition.signalEvent(0, SINT, 17)).as("no page").isFalse();
        assertThat(partition.postMessage(0, SINT, 1, message, 0, 8)).isFalse();
        enable();
        partition.writeRegister(0, SynicRegister.SINT0 + SINT, SynicRegister.SINT_MASKED);
        assertThat(partition.signalEvent(0, SINT, 17)).as("masked").isFalse();
        assertThat(partition.postMessage(0, SINT, 1, message, 0, 8)).isFalse();
        partition.writeRegister(0, SynicRegister.SINT0 + SINT, 0xf3);
        partition.writeRegister(0, SynicRegister.CONTROL, 0);
        assertThat(partition.signalEvent(0, SINT, 17)).as("disabled").isFalse();
        assertThat(guestRings).isZero();
    }

    @Test
    void refusesRegistersThatCannotBe() {
        assertThat(partition.writeRegister(0, SynicRegister.EVENT_PAGE, 8 * 4096 | 1)).isFalse();
        assertThat(partition.writeRegister(0, SynicRegister.MESSAGE_PAGE, -4096 | 1)).isFalse();
        assertThat(partition.writeRegister(0, SynicRegister.SINT0 + SINT, 15)).isFalse();
        assertThat(partition.writeRegister(0, SynicRegister.SINT0 + 16, 0xf3)).isFalse();
        assertThat(partition.readRegister(0, SynicRegister.SINT0 + 3))
                .isEqualTo(SynicRegister.SINT_MASKED);
        assertThat(partition.readRegister(0, SynicRegister.VERSION)).isEqualTo(1);
        assertThat(partition.writeRegister(0, SynicRegister.EVENT_PAGE, EVENTS | 1)).isTrue();
        assertThat(partition.readRegister(0, SynicRegister.EVENT_PAGE)).isEqualTo(EVENTS | 1);
        assertThat(partition.registerWrites()).isEqualTo(5);
    }

    private void enable() {
        partition.writeRegister(0, SynicRegister.MESSAGE_PAGE, MESSAGES | 1);
        partition.writeRegister(0, SynicRegister.EVENT_PAGE, EVENTS | 1);
        partition.writeRegister(0, SynicRegister.SINT0 + SINT, 0xf3);
        partition.writeRegister(0, SynicRegister.CONTROL, 1);
    }

    private void put(
            final int connectionId, final int reserved, final int type, final int payloadBytes) {
        input.putInt(0, connectionId);
        input.putInt(4, reserved);
        input.putInt(8, type);
        input.putInt(12, payloadBytes);
    }

    private long post(final long address) {
        return call(HypercallCode.POST_MESSAGE, address);
    }

    private long call(final long control, final long argument) {
        return partition.hypercall(0, control, argument);
    }

    private UnsafeBuffer view(final int address) {
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        memory.wrap(view, address, GuestMemory.PAGE_BYTES);
        return view;
    }
}
