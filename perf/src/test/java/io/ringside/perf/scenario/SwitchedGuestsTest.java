package io.ringside.perf.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.device.capture.Capture;
import io.ringside.device.net.LearningSwitch;
import io.ringside.hypervisor.CrossingCosts;
import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two guests on one switch, one on Xen and one on Hyper-V, exchange a session of TCP: what a client
 * and a server of HTTP sent each other over Linux's loopback, recorded by tcpdump, segments of up
 * to 22 KiB among it. One of the guests leaves work to its host, and the other does not.
 */
class SwitchedGuestsTest {
    private static final int SERVER_PORT = 18080;
    private static final int SEGMENT_BYTES = 1436;
    private static final int HEADERS_BYTES = 66;
    private static final long CLIENT_MAC = 0x02_00_00_00_00_0AL;
    private static final long SERVER_MAC = 0x02_00_00_00_00_0BL;
    private static final int MOST_FRAME_BYTES = 65_550;
    private static final NetScenario SCENARIO =
            new NetScenario(
                    "session", NetDirection.TX, 0, 1, 1, WakeupMode.SLEEP, CrossingCosts.COUNTS);

    @ParameterizedTest
    @CsvSource({
        "xen-netfront+offloads, netvsc",
        "xen-netfront, netvsc+offloads",
        "netvsc+offloads, xen-netfront",
        "netvsc, xen-netfront+offloads",
    })
    void exchangeASessionWithOffloadsOnOneSide(final String client, final String server)
            throws Exception {
        final LearningSwitch network = new LearningSwitch(2, 256, MOST_FRAME_BYTES, 64, 1L << 40);
        try (NetRig clientRig =
                        NetRigs.of(
                                NetDevices.ALL.variant(client),
                                SCENARIO,
                                network.port(0),
                                CLIENT_MAC);
                NetRig serverRig =
                        NetRigs.of(
                                NetDevices.ALL.variant(server),
                                SCENARIO,
                                network.port(1),
                                SERVER_MAC)) {
            for (int i = 0; i < 2000; i++) {
                step(clientRig, serverRig);
            }
            final SwitchedGuest browser = new SwitchedGuest(clientRig, SEGMENT_BYTES);
            final SwitchedGuest origin = new SwitchedGuest(serverRig, SEGMENT_BYTES);
            final List<byte[]> fromClient = new ArrayList<>();
            final List<byte[]> fromServer = new ArrayList<>();
            for (final byte[] frame : session()) {
                final boolean toServer = port(frame, 36) == SERVER_PORT;
                address(frame, toServer ? CLIENT_MAC : SERVER_MAC, toServer);
                (toServer ? fromClient : fromServer).add(frame);
                (toServer ? browser : origin).send(frame, () -> step(clientRig, serverRig));
                for (int i = 0; i < 20; i++) {
                    step(clientRig, serverRig); // Until it has arrived.
                }
            }

            assertThat(payload(origin.received())).isEqualTo(payload(fromClient));
            assertThat(payload(browser.received())).isEqualTo(payload(fromServer));
            assertThat(payload(browser.received())).hasSize(67_287);
            if (client.contains("offloads")) {
                assertThat(browser.uncut() + browser.blank())
                        .as("its host had the server's frames cut and summed up already")
                        .isZero();
                assertThat(origin.blank()).as("the server leaves nothing to others").isZero();
            } else {
                assertThat(browser.longest())
                        .as("a guest that takes no long frames gets none")
                        .isEqualTo(HEADERS_BYTES + SEGMENT_BYTES);
                assertThat(browser.uncut() + browser.blank()).isZero();
            }
            assertThat(browser.received()).hasSizeGreaterThan(47);
            assertThat(origin.received()).hasSize(fromClient.size());
        }
    }

    private static void step(final NetRig one, final NetRig other) throws Exception {
        for (final NetRig rig : List.of(one, other)) {
            rig.frontend().doWork();
            final Agent backend = rig.backend();
            if (backend != null) {
                backend.doWork();
            }
        }
    }

    private static List<byte[]> session() throws Exception {
        final URL file =
                Objects.requireNonNull(
                        SwitchedGuestsTest.class.getResource(
                                "/io/ringside/perf/http-over-lo.pcap"));
        final List<byte[]> frames = new ArrayList<>();
        try (Capture capture = Capture.open(Path.of(file.toURI()))) {
            for (int i = 0; i < capture.frames(); i++) {
                final byte[] frame = new byte[capture.lengthBytes(i)];
                capture.memory().getBytes(capture.offset(i), frame);
                frames.add(frame);
            }
        }
        assertThat(frames).hasSize(18);
        return frames;
    }

    /** Loopback has no addresses of its own. */
    private static void address(final byte[] frame, final long from, final boolean toServer) {
        final UnsafeBuffer bytes = new UnsafeBuffer(frame);
        putMac(bytes, 0, toServer ? SERVER_MAC : CLIENT_MAC);
        putMac(bytes, 6, from);
    }

    private static void putMac(final UnsafeBuffer bytes, final int at, final long mac) {
        bytes.putShort(at, (short) (mac >>> 32), ByteOrder.BIG_ENDIAN);
        bytes.putInt(at + 2, (int) mac, ByteOrder.BIG_ENDIAN);
    }

    private static int port(final byte[] frame, final int at) {
        return new UnsafeBuffer(frame).getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** What the frames of one direction carry, by their sequence numbers. */
    private static byte[] payload(final List<byte[]> frames) {
        final TreeMap<Long, byte[]> pieces = new TreeMap<>();
        for (final byte[] frame : frames) {
            final long sequence =
                    new UnsafeBuffer(frame).getInt(38, ByteOrder.BIG_ENDIAN) & 0xFFFF_FFFFL;
            final int count = SwitchedGuest.payloadBytes(frame);
            final byte[] piece = new byte[count];
            System.arraycopy(frame, SwitchedGuest.payloadOffset(frame), piece, 0, count);
            if (count > 0) {
                assertThat(pieces.put(sequence, piece)).as("sent once").isNull();
            }
        }
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        long next = pieces.firstKey();
        for (final var piece : pieces.entrySet()) {
            assertThat(piece.getKey()).as("no gap").isEqualTo(next);
            all.writeBytes(piece.getValue());
            next += piece.getValue().length;
        }
        return all.toByteArray();
    }
}
