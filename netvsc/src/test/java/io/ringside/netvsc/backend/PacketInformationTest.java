package io.ringside.netvsc.backend;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.frame.FrameMetadata;
import io.ringside.device.frame.HashType;
import io.ringside.device.frame.SegmentationType;
import io.ringside.hypervisor.Trace;
import io.ringside.netvsc.protocol.FragmentInfo;
import io.ringside.netvsc.protocol.LargeSendInfo;
import io.ringside.netvsc.protocol.NdisOffload;
import io.ringside.netvsc.protocol.NvspStatus;
import io.ringside.netvsc.protocol.OffloadParameters;
import io.ringside.netvsc.protocol.Oid;
import io.ringside.netvsc.protocol.PerPacketInfo;
import io.ringside.netvsc.protocol.RndisStatus;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said beside frames, and what becomes of it. */
final class PacketInformationTest {
    private final RecordingPort port = new RecordingPort();
    private final List<String> traced = new ArrayList<>();
    private VspBench bench = new VspBench(NetvspOptions.DEFAULTS, port);

    @AfterEach
    void close() {
        assertThat(port.lent).isEmpty();
        bench.close();
    }

    private ScriptedGuest guest(final NetvspOptions options, final Trace trace) {
        bench.close();
        bench = new VspBench(options, port, trace);
        return new ScriptedGuest(bench).ready();
    }

    private ScriptedGuest guest() {
        return guest(NetvspOptions.DEFAULTS, Trace.OFF);
    }

    @Test
    void passesTheHashOfASentFrameOnWithWhatItWasTakenOver() {
        final ScriptedGuest guest = guest();
        final byte[][] frames = {
            TestFrames.tcp4(1, 10),
            TestFrames.udp4(20),
            TestFrames.tcp6(1, 10),
            TestFrames.plain(TestFrames.OTHER, 60, 1)
        };
        final HashType[] types = {
            HashType.TCP_IPV4, HashType.IPV4, HashType.TCP_IPV6, HashType.NONE
        };
        for (int i = 0; i < frames.length; i++) {
            assertThat(guest.sendFrame(frames[i], PerPacketInfo.HASH_VALUE, 0x1234_5678 + i))
                    .isEqualTo(NvspStatus.SUCCESS);
            final FrameMetadata metadata = port.sent.get(i).metadata();
            assertThat(port.sent.get(i).bytes()).isEqualTo(frames[i]);
            assertThat(metadata.hashType()).isEqualTo(types[i]);
            assertThat(metadata.hash()).isEqualTo(i == 3 ? 0 : 0x1234_5678 + i);
        }
    }

    @Test
    void keepsTheHashBesideTheSegmentsOfALargeSend() {
        port.takesUncut = false;
        final ScriptedGuest guest = guest();
        final byte[] whole = TestFrames.tcp4(5, 3000);
        final int length =
                GuestBuffers.putFrame(
                        guest.buffers.scratch(),
                        0,
                        TestFrames.large(whole),
                        PerPacketInfo.HASH_VALUE,
                        99,
                        PerPacketInfo.LARGE_SEND,
                        LargeSendInfo.version2(1400, 34, false));
        assertThat(guest.sendPages(length)).isEqualTo(NvspStatus.SUCCESS);
        assertThat(port.sent).hasSize(3);
        assertThat(port.sent).allMatch(each -> each.metadata().hash() == 99);
    }

    /** Row 27: a sender's own name for a frame is for the trace; nobody else is told of it. */
    @Test
    void followsAFrameByTheNameThatItsSenderGaveIt() {
        final ScriptedGuest guest =
                guest(
                        NetvspOptions.DEFAULTS,
                        new Trace() {
                            @Override
                            public boolean isOn() {
                                return true;
                            }

                            @Override
                            public void event(
                                    final String who,
                                    final String what,
                                    final long first,
                                    final long second) {
                                traced.add(who + " " + what + " " + first + " " + second);
                            }
                        });
        traced.clear();
        final byte[] frame = TestFrames.plain(TestFrames.GUEST, 64, 1);
        assertThat(guest.sendFrame(frame, PerPacketInfo.ORIGINAL_PACKET, 0x4711))
                .isEqualTo(NvspStatus.SUCCESS);
        assertThat(traced).containsExactly("netvsp original 18193 64");
        final FrameMetadata sent = port.sent.getFirst().metadata();
        assertThat(sent.hashType()).isEqualTo(HashType.NONE);
        port.arrive(frame).copyFrom(sent);
        guest.settle();
        assertThat(guest.received.getFirst().info().hasOriginalPacket()).isFalse();
        assertThat(guest.received.getFirst().info().isEmpty()).isTrue();
    }

    @Test
    void checksTheRecordOfANameAsItDoesTheOthers() {
        final ScriptedGuest guest = guest();
        final byte[] frame = TestFrames.plain(TestFrames.OTHER, 60, 1);
        final UnsafeBuffer sections = guest.buffers.sections();
        for (final int offset : new int[] {0, 11, 13, -1, 1 << 30}) {
            final int length =
                    GuestBuffers.putFrame(sections, 0, frame, PerPacketInfo.ORIGINAL_PACKET, 1);
            sections.putInt(44 + 8, offset, LITTLE_ENDIAN);
            assertThat(guest.sendSection(0, 0, length))
                    .as("offset=%d", offset)
                    .isEqualTo(NvspStatus.INVALID_RNDIS_PACKET);
        }
        assertThat(bench.refusals(NetvspRefusal.PACKET_INFORMATION)).isEqualTo(5);
    }

    private static byte[] parameters(
            final int largeSend1, final int largeSend2, final int coalescing) {
        final UnsafeBuffer content = new UnsafeBuffer(new byte[OffloadParameters.BYTES]);
        final int sums = OffloadParameters.SUMS_BOTH;
        new OffloadParameters()
                .wrap(content, 0, OffloadParameters.BYTES)
                .putNothing()
                .putChecksumIpv4(sums, sums, sums)
                .putChecksumIpv6(sums, sums)
                .putLargeSend(largeSend1, largeSend2, largeSend2)
                .putCoalescing(coalescing, coalescing);
        return content.byteArray();
    }

    /** A host of before the second version: it offers the first, and takes no other. */
    @Test
    void offersAndCutsByTheFirstVersionAlone() {
        final NetvspOptions options =
                NetvspOptions.DEFAULTS.withOffloads(
                        new NetvspOffloads(true, LargeSends.VERSION_1, false));
        final ScriptedGuest guest = guest(options, Trace.OFF);
        final byte[] offer = ScriptedGuest.info(guest.query(Oid.TCP_OFFLOAD_HARDWARE_CAPABILITIES));
        final NdisOffload read = new NdisOffload().wrap(new UnsafeBuffer(offer), 0, offer.length);
        assertThat(read.largeSend1Bytes()).isEqualTo(OffloadState.MOST_LARGE_SEND_BYTES);
        assertThat(read.largeSendIpv4Bytes()).isZero();
        assertThat(read.largeSendIpv6Bytes()).isZero();
        final int on = OffloadParameters.ON;
        final int off = OffloadParameters.OFF;
        assertThat(guest.set(Oid.TCP_OFFLOAD_PARAMETERS, parameters(off, on, off)))
                .isEqualTo(RndisStatus.NOT_SUPPORTED);
        assertThat(guest.set(Oid.TCP_OFFLOAD_PARAMETERS, parameters(on, off, off))).isZero();
        final int[] words = {
            LargeSendInfo.version1(1400, 34), LargeSendInfo.version2(1400, 34, false)
        };
        for (int i = 0; i < words.length; i++) {
            final int length =
                    GuestBuffers.putFrame(
                            guest.buffers.scratch(),
                            0,
                            TestFrames.tcp4(5, 3000),
                            PerPacketInfo.LARGE_SEND,
                            words[i]);
            assertThat(guest.sendPages(length))
                    .isEqualTo(i == 0 ? NvspStatus.SUCCESS : NvspStatus.FAIL);
        }
        assertThat(port.sent).hasSize(1);
        assertThat(port.sent.getFirst().metadata().segmentPayloadBytes()).isEqualTo(1400);
    }

    /** A coalesced frame has a piece for each segment where they fit, and else as few as can be. */
    @ParameterizedTest
    @CsvSource({"5000,1000,5", "5000,1448,4", "1000,1448,1", "60000,1448,42", "20000,100,13"})
    void tellsSegmentsByThePiecesOfACoalescedFrame(
            final int payloadBytes, final int segmentBytes, final int pieces) {
        final ScriptedGuest guest = guest();
        assertThat(guest.set(Oid.TCP_OFFLOAD_PARAMETERS, parameters(0, 2, OffloadParameters.ON)))
                .isZero();
        final FrameMetadata metadata =
                port.arrive(TestFrames.blank(TestFrames.tcp4(5, payloadBytes)));
        metadata.segmentInto(SegmentationType.TCP_IPV4, segmentBytes);
        metadata.checksumBlank(34, 16);
        guest.settle();
        assertThat(guest.received).hasSize(pieces);
        int total = 0;
        for (final HostPackets.Received received : guest.received) {
            assertThat(FragmentInfo.flags(received.info().fragment()) & 1).isEqualTo(1);
            total += received.frame().length;
        }
        assertThat(total).isEqualTo(54 + payloadBytes);
    }
}
