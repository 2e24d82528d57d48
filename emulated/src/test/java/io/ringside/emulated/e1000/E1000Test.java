package io.ringside.emulated.e1000;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.ChecksumState;
import io.ringside.device.frame.SegmentationType;
import io.ringside.device.frame.TransportChecksum;
import io.ringside.device.guest.NetFrame;
import io.ringside.device.guest.NetStatus;
import io.ringside.device.host.Packet;
import io.ringside.device.net.LoopbackPort;
import io.ringside.emulated.nic.NicContract;
import io.ringside.emulated.nic.NicMachine;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class E1000Test extends NicContract {
    private static final int HEADERS = 54;
    private static final int SEGMENT = 1000;

    @Override
    protected NicMachine.Kind kind() {
        return new E1000Kind(0);
    }

    /** Ethernet, IPv4, TCP, with a blank sum that holds that of the pseudo header. */
    static byte[] tcp(final int payloadBytes) {
        final ByteBuffer bytes = ByteBuffer.allocate(HEADERS + payloadBytes);
        bytes.putShort((short) (NicMachine.STATION >>> 32)).putInt((int) NicMachine.STATION);
        bytes.putShort((short) 0x0016).putInt(0x3E445566).putShort((short) 0x0800);
        bytes.put((byte) 0x45).put((byte) 0).putShort((short) (40 + payloadBytes));
        bytes.putShort((short) 0x1234).putShort((short) 0x4000).put((byte) 64).put((byte) 6);
        bytes.putShort((short) 0).putInt(0x0A000001).putInt(0x0A000002);
        int ip = 0;
        for (int i = 14; i < 34; i += 2) {
            ip += bytes.getShort(i) & 0xFFFF;
        }
        ip = (ip & 0xFFFF) + (ip >>> 16);
        bytes.putShort(24, (short) ~ip);
        bytes.putShort((short) 4000).putShort((short) 80).putInt(1000).putInt(2000);
        bytes.put((byte) 0x50).put((byte) 0x18).putShort((short) 0x7FFF);
        final int pseudo = 0x0A00 + 1 + 0x0A00 + 2 + 6 + 20 + payloadBytes;
        bytes.putShort((short) ((pseudo & 0xFFFF) + (pseudo >>> 16))).putShort((short) 0);
        for (int i = 0; i < payloadBytes; i++) {
            bytes.put((byte) (i * 7));
        }
        return bytes.array();
    }

    private static TransportChecksum.Verdict verdict(final byte[] frame) {
        final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(frame.length));
        direct.putBytes(0, frame);
        return new TransportChecksum().verify(new Packet(1, 0).add(direct, 0, frame.length));
    }

    @Test
    void fillsInBlankChecksums() {
        try (NicMachine machine = looped()) {
            final NetFrame frame = machine.frame(tcp(333));
            frame.metadata().checksumBlank(34, 16);
            machine.send(frame);
            final byte[] arrived = machine.received().getLast();
            assertThat(verdict(arrived)).isEqualTo(TransportChecksum.Verdict.RIGHT);
            assertThat(machine.lastChecksum()).isEqualTo(ChecksumState.VALIDATED);
            final byte[] sent = tcp(333);
            arrived[50] = sent[50];
            arrived[51] = sent[51];
            assertThat(arrived).isEqualTo(sent);
        }
    }

    @Test
    void writesNoZeroIntoADatagram() {
        try (NicMachine machine = looped()) {
            final ByteBuffer datagram = ByteBuffer.wrap(tcp(100));
            datagram.put(23, (byte) 17);
            datagram.putShort(24, (short) (datagram.getShort(24) - 11)); // 17 in place of 6
            datagram.putShort(38, (short) 120);
            datagram.putShort(40, (short) (0x0A00 + 1 + 0x0A00 + 2 + 17 + 120));
            datagram.putShort(152, (short) 0);
            int sum = 0;
            for (int i = 34; i < 154; i += Short.BYTES) {
                sum += datagram.getShort(i) & 0xFFFF;
            }
            sum = (sum & 0xFFFF) + (sum >>> 16);
            datagram.putShort(152, (short) (0xFFFF - (sum & 0xFFFF) - (sum >>> 16)));
            final NetFrame frame = machine.frame(datagram.array());
            frame.metadata().checksumBlank(34, 6);
            machine.send(frame);
            final byte[] arrived = machine.received().getLast();
            assertThat(ByteBuffer.wrap(arrived).getShort(40)).isEqualTo((short) 0xFFFF);
            assertThat(verdict(arrived)).isEqualTo(TransportChecksum.Verdict.RIGHT);
        }
    }

    @Test
    void doesNotVouchForWrongChecksums() {
        try (NicMachine machine = looped()) {
            machine.send(machine.frame(tcp(333)));
            assertThat(verdict(machine.received().getLast()))
                    .isEqualTo(TransportChecksum.Verdict.WRONG);
            assertThat(machine.lastChecksum()).isEqualTo(ChecksumState.PRESENT);
        }
    }

    @Test
    void cutsWhatThePortDoesNotCut() {
        final CuttingPort port = new CuttingPort(new LoopbackPort(256, 2048));
        try (NicMachine machine = new NicMachine(kind(), port)) {
            machine.settle();
            final byte[] whole = tcp(9_500);
            final NetFrame frame = pages(machine, whole);
            frame.metadata().checksumBlank(34, 16);
            frame.metadata().segmentInto(SegmentationType.TCP_IPV4, SEGMENT);
            machine.send(frame);
            assertThat(frame.status()).isEqualTo(NetStatus.OK);
            assertThat(machine.received()).hasSize(10);
            final ByteBuffer joined = ByteBuffer.allocate(9_500);
            for (int i = 0; i < 10; i++) {
                final byte[] piece = machine.received().get(i);
                assertThat(verdict(piece)).isEqualTo(TransportChecksum.Verdict.RIGHT);
                final ByteBuffer headers = ByteBuffer.wrap(piece);
                assertThat(headers.getShort(16)).isEqualTo((short) (piece.length - 14));
                assertThat(headers.getShort(18)).isEqualTo((short) (0x1234 + i));
                assertThat(headers.getInt(38)).isEqualTo(1000 + SEGMENT * i);
                assertThat(headers.get(47)).isEqualTo((byte) (i == 9 ? 0x18 : 0x10));
                joined.put(piece, HEADERS, piece.length - HEADERS);
            }
            assertThat(joined.array()).isEqualTo(Arrays.copyOfRange(whole, HEADERS, whole.length));
        }
    }

    private static NetFrame pages(final NicMachine machine, final byte[] bytes) {
        final int count = (bytes.length + GuestMemory.PAGE_BYTES - 1) / GuestMemory.PAGE_BYTES;
        final int first = machine.frames().allocate(count);
        final long address = (long) first << GuestMemory.PAGE_SHIFT;
        final UnsafeBuffer view = new UnsafeBuffer(0, 0);
        machine.memory().wrap(view, address, bytes.length);
        view.putBytes(0, bytes);
        final NetFrame frame = new NetFrame(18);
        for (int at = 0; at < bytes.length; at += GuestMemory.PAGE_BYTES) {
            frame.addSegment(address + at, Math.min(GuestMemory.PAGE_BYTES, bytes.length - at));
        }
        return frame;
    }

    @Test
    void carriesTagsBesideTheBytes() {
        try (NicMachine machine = looped()) {
            final NetFrame frame = machine.frame(frameTo(NicMachine.STATION, 100, 1));
            frame.metadata().vlanTag(0x6007);
            machine.send(frame);
            assertThat(machine.lastTag()).isEqualTo(0x6007);
            assertThat(machine.received().getLast()).isEqualTo(frameTo(NicMachine.STATION, 100, 1));
        }
    }

    @Test
    void takesOneExitForABatchAndFourForItsInterrupt() {
        try (NicMachine machine = looped()) {
            final NetFrame[] batch = new NetFrame[NicMachine.TRANSMIT_DEPTH];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = machine.frame(frameTo(NicMachine.STATION, 100, i));
            }
            machine.send(batch);
            final long before = machine.exits();
            final long interrupts = machine.vcpu().count(Crossing.INTERRUPT);
            machine.send(batch);
            // The tail out; cause in, the receive tail out, both controllers out.
            assertThat(machine.exits() - before).isEqualTo(5);
            assertThat(machine.vcpu().count(Crossing.INTERRUPT) - interrupts).isEqualTo(1);
        }
    }

    @Test
    void holdsInterruptsBackUntilTheThrottleLetsThem() {
        try (NicMachine machine = new NicMachine(new E1000Kind(400), new LoopbackPort(64, 2048))) {
            machine.settle();
            machine.clock().pass(1_000_000);
            machine.send(machine.frame(frameTo(NicMachine.STATION, 100, 1)));
            assertThat(machine.received()).hasSize(1);
            for (int i = 0; i < 5; i++) {
                machine.send(machine.frame(frameTo(NicMachine.STATION, 100, 2)));
                machine.clock().pass(20_000);
            }
            assertThat(machine.received()).as("100 us are not over").hasSize(1);
            machine.clock().pass(3_000);
            final long interrupts = machine.vcpu().count(Crossing.INTERRUPT);
            machine.settle();
            assertThat(machine.received()).hasSize(6);
            assertThat(machine.vcpu().count(Crossing.INTERRUPT) - interrupts).isEqualTo(1);
        }
    }
}
