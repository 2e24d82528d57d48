package io.ringside.storvsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringside.device.guest.BlockOperation;
import io.ringside.device.guest.BlockStatus;
import io.ringside.device.media.RamStore;
import io.ringside.ringbuf.vmbus.PacketType;
import io.ringside.storvsc.backend.StorvspOptions;
import io.ringside.storvsc.backend.StorvspRefusal;
import io.ringside.storvsc.frontend.Storvsc;
import io.ringside.storvsc.frontend.StorvscDisk;
import io.ringside.storvsc.frontend.StorvscOptions;
import io.ringside.storvsc.protocol.ControllerKind;
import io.ringside.storvsc.protocol.DataDirection;
import io.ringside.storvsc.protocol.NtStatus;
import io.ringside.storvsc.protocol.SrbStatus;
import io.ringside.storvsc.protocol.VstorOperation;
import io.ringside.storvsc.protocol.VstorPacket;
import io.ringside.storvsc.protocol.WorldWideNames;
import io.ringside.testkit.WireFacts;
import io.ringside.vmbus.host.ChannelOffer;
import io.ringside.vmbus.host.ServerOptions;
import io.ringside.vmbus.protocol.DeviceType;
import io.ringside.vmbus.protocol.Guid;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The other classes of devices that speak this protocol: an IDE disk, a fibre channel adapter. */
final class ControllerKindTest {
    private static final WireFacts FACTS = WireFacts.load("hv-storvsc");
    private static final int SECTORS = 1 << 14;
    private static final WorldWideNames NAMES =
            new WorldWideNames(
                    true,
                    0x5001_0203_0405_0607L,
                    0x5011_1213_1415_1617L,
                    0x5021_2223_2425_2627L,
                    0x5031_3233_3435_3637L);

    private static StorBench bench(final StorvspOptions options, final Guid instance) {
        return new StorBench(1, options, ServerOptions.DEFAULTS, instance);
    }

    @Test
    void hasAsManyTargetsAsStorvscDrvC() {
        assertThat(ControllerKind.SCSI.targets()).isEqualTo(FACTS.constant("STORVSC_MAX_TARGETS"));
        assertThat(ControllerKind.IDE.targets())
                .isEqualTo(FACTS.constant("STORVSC_IDE_MAX_TARGETS"));
        assertThat(ControllerKind.FIBRE_CHANNEL.targets())
                .isEqualTo(FACTS.constant("STORVSC_FC_MAX_TARGETS"));
        assertThat(ControllerKind.FIBRE_CHANNEL_TRANSFER_BYTES)
                .isEqualTo(FACTS.constant("STORVSC_FC_MAX_XFER_SIZE"));
        for (final ControllerKind kind : ControllerKind.values()) {
            assertThat(ControllerKind.of(kind.deviceType())).isEqualTo(kind);
        }
        assertThat(ControllerKind.of(DeviceType.NETWORK)).isNull();
    }

    @Test
    void laysNamesAtTheBytesOfStorvscDrvC() {
        final WireFacts.Struct struct = FACTS.struct("hv_fc_wwn_packet");
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[WorldWideNames.BYTES]);
        memory.setMemory(0, memory.capacity(), (byte) 0xa5);
        NAMES.write(memory, 0);
        assertThat(WorldWideNames.BYTES).isEqualTo(struct.size());
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[struct.size()]);
        expected.putByte(struct.offset("primary_active"), (byte) 1);
        put(expected, struct.offset("primary_port_wwn"), "5001020304050607");
        put(expected, struct.offset("primary_node_wwn"), "5011121314151617");
        put(expected, struct.offset("secondary_port_wwn"), "5021222324252627");
        put(expected, struct.offset("secondary_node_wwn"), "5031323334353637");
        assertThat(HexFormat.of().formatHex(memory.byteArray()))
                .isEqualTo(HexFormat.of().formatHex(expected.byteArray()));
        assertThat(WorldWideNames.read(memory, 0)).isEqualTo(NAMES);
        assertThat(FACTS.struct("vstor_packet").offset("wwn_packet"))
                .isEqualTo(VstorPacket.HEADER_BYTES);
    }

    private static void put(final UnsafeBuffer buffer, final int offset, final String hex) {
        buffer.putBytes(offset, HexFormat.of().parseHex(hex));
    }

    /** The target is in bytes 4 and 5 of the instance, and its low half in each request. */
    @ParameterizedTest
    @CsvSource({
        "00000000-0000-8899-0000-000000000000, 0",
        "00000000-0001-8899-0000-000000000000, 1",
        "00000000-0301-8899-0000-000000000000, 769",
    })
    void findsAnIdeDiskWhereItsInstanceSays(final String instance, final int target) {
        final Guid guid = Guid.parse(instance);
        assertThat(ControllerKind.IDE.firstTarget(guid)).isEqualTo(target);
        assertThat(ControllerKind.SCSI.firstTarget(guid)).isZero();
        try (StorBench bench = bench(StorvspOptions.DEFAULTS.asIdeDisk(), guid);
                RamStore store = RamStore.zeroed(SECTORS)) {
            bench.host.add(0, 0, bench.disk("ide", store));
            final Storvsc guest = bench.join(StorvscOptions.DEFAULTS.withSubChannels(3, 1));
            assertThat(bench.channel().offer().deviceType()).isEqualTo(DeviceType.IDE);
            assertThat(guest.disks()).hasSize(1);
            assertThat(guest.channelCount()).isEqualTo(1);
            serves(bench, bench.diskOf(target, 0));
            assertThat(bench.host.counters().refusals()).isZero();
            assertThat(guest.counters().refusals()).isZero();
        }
    }

    private static void serves(final StorBench bench, final StorvscDisk disk) {
        bench.page(2000).setMemory(0, 4096, (byte) 0x3c);
        assertThat(bench.run(disk, BlockOperation.WRITE, 8, 2000, 4096)).isEqualTo(BlockStatus.OK);
        assertThat(bench.run(disk, BlockOperation.READ, 8, 2001, 4096)).isEqualTo(BlockStatus.OK);
        assertThat(bench.page(2001).getByte(4095)).isEqualTo((byte) 0x3c);
    }

    @Test
    void hasNoOtherTargetThanTheIdeDisk() {
        final Guid instance = Guid.parse("00000000-0001-8899-0000-000000000000");
        try (StorBench bench = bench(StorvspOptions.DEFAULTS.asIdeDisk(), instance);
                RamStore store = RamStore.zeroed(SECTORS)) {
            bench.host.add(0, 0, bench.disk("ide", store));
            final RawGuest guest = new RawGuest(bench).ready();
            for (final int target : new int[] {0, 2, 255}) {
                guest.command(target, 0, "00 00 00 00 00 00", DataDirection.NONE, 0);
                guest.send(PacketType.IN_BAND, VstorPacket.BYTES);
                assertThat(guest.answered().srbStatus()).isEqualTo(SrbStatus.INVALID_LUN);
            }
            assertThat(guest.message(VstorOperation.CREATE_SUB_CHANNELS, 1))
                    .isEqualTo(NtStatus.INVALID_PARAMETER);
        }
    }

    @Test
    void tellsTheNamesOfAFibreChannelAdapter() {
        final StorvspOptions options = StorvspOptions.DEFAULTS.asFibreChannel(NAMES);
        try (StorBench bench = bench(options, new Guid(1, 2));
                RamStore store = RamStore.zeroed(SECTORS)) {
            bench.host.add(127, 5, bench.disk("fc", store));
            final Storvsc guest = bench.join(StorvscOptions.DEFAULTS.withSubChannels(2, 1));
            assertThat(guest.names()).isEqualTo(NAMES);
            assertThat(guest.channelCount()).isEqualTo(3);
            assertThat(guest.disks()).hasSize(1);
            serves(bench, bench.diskOf(127, 5));
        }
    }

    @Test
    void tellsNamesInTheirTurnOnlyAndOnlyIfThereAreAny() {
        try (StorBench bench =
                bench(StorvspOptions.DEFAULTS.asFibreChannel(NAMES), new Guid(1, 2))) {
            final RawGuest guest = new RawGuest(bench);
            final int names = VstorOperation.FCHBA_DATA;
            assertThat(guest.message(names, 0)).isEqualTo(NtStatus.INVALID_DEVICE_STATE);
            guest.message(VstorOperation.BEGIN_INITIALIZATION, 0);
            assertThat(guest.message(names, 0)).isEqualTo(NtStatus.INVALID_DEVICE_STATE);
            guest.message(VstorOperation.QUERY_PROTOCOL_VERSION, 0x0602);
            assertThat(guest.message(names, 0)).isEqualTo(NtStatus.INVALID_DEVICE_STATE);
            guest.message(VstorOperation.QUERY_PROPERTIES, 0);
            assertThat(guest.message(names, 0)).isZero();
            final VstorPacket told = new VstorPacket().wrap(guest.answer, 0, VstorPacket.BYTES);
            assertThat(told.names()).isEqualTo(NAMES);
            assertThat(guest.message(VstorOperation.END_INITIALIZATION, 0)).isZero();
            assertThat(guest.message(names, 0)).isEqualTo(NtStatus.INVALID_DEVICE_STATE);
            assertThat(bench.host.counters().refusals(StorvspRefusal.STATE)).isEqualTo(4);
        }
        try (StorBench bench = StorBench.usual()) {
            final RawGuest guest = new RawGuest(bench);
            guest.message(VstorOperation.BEGIN_INITIALIZATION, 0);
            assertThat(guest.message(VstorOperation.FCHBA_DATA, 0))
                    .isEqualTo(NtStatus.INVALID_DEVICE_REQUEST);
        }
    }

    @Test
    void isOfNoUseToOtherDevices() {
        try (StorBench bench = StorBench.usual()) {
            bench.connect();
            bench.server.offer(ChannelOffer.of(DeviceType.NETWORK, new Guid(3, 4)), () -> {});
            bench.connect();
            assertThatThrownBy(() -> bench.start(StorvscOptions.DEFAULTS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not a storage controller: ");
            assertThat(bench.channel().isClosed()).isTrue();
        }
    }
}
