package io.ringside.xenbus.protocol.hypercall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arguments of grant operations, held against the header. */
class GrantTableOpLayoutTest {
    private final ArgumentFacts facts = new ArgumentFacts("xen-grant");

    @Test
    void laysGnttabMapGrantRefAtTheBytesOfTheHeader() {
        final GnttabMapGrantRef argument =
                new GnttabMapGrantRef().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("gnttab_map_grant_ref", GnttabMapGrantRef.SIZE_BYTES);
        facts.field(
                "host_addr",
                () -> argument.hostAddress(0xA1B2_C3D4_E5F6_0718L),
                argument::hostAddress,
                0xA1B2_C3D4_E5F6_0718L);
        facts.field("flags", () -> argument.flags(0xF1B2_C3D4), argument::flags, 0xF1B2_C3D4);
        facts.field("ref", () -> argument.reference(0xF1B2_C3D4), argument::reference, 0xF1B2_C3D4);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
        facts.field("handle", () -> argument.handle(0xF1B2_C3D4), argument::handle, 0xF1B2_C3D4);
        facts.field(
                "dev_bus_addr",
                () -> argument.busAddress(0xA1B2_C3D4_E5F6_0718L),
                argument::busAddress,
                0xA1B2_C3D4_E5F6_0718L);
    }

    @Test
    void laysGnttabUnmapGrantRefAtTheBytesOfTheHeader() {
        final GnttabUnmapGrantRef argument =
                new GnttabUnmapGrantRef().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("gnttab_unmap_grant_ref", GnttabUnmapGrantRef.SIZE_BYTES);
        facts.field(
                "host_addr",
                () -> argument.hostAddress(0xA1B2_C3D4_E5F6_0718L),
                argument::hostAddress,
                0xA1B2_C3D4_E5F6_0718L);
        facts.field(
                "dev_bus_addr",
                () -> argument.busAddress(0xA1B2_C3D4_E5F6_0718L),
                argument::busAddress,
                0xA1B2_C3D4_E5F6_0718L);
        facts.field("handle", () -> argument.handle(0xF1B2_C3D4), argument::handle, 0xF1B2_C3D4);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void laysGnttabSetupTableAtTheBytesOfTheHeader(final boolean from32Bits) {
        final long address = from32Bits ? 0xF1B2_C3D4L : 0xA1B2_C3D4_E5F6_0718L;
        final GnttabSetupTable argument =
                new GnttabSetupTable().wrap(facts.page(), ArgumentFacts.AT, from32Bits);
        facts.struct(of("gnttab_setup_table", from32Bits), GnttabSetupTable.sizeBytes(from32Bits));
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field(
                "nr_frames",
                () -> argument.frameCount(0xF1B2_C3D4L),
                argument::frameCount,
                0xF1B2_C3D4L);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
        facts.field("frame_list", () -> argument.frameList(address), argument::frameList, address);
    }

    @Test
    void laysGnttabDumpTableAtTheBytesOfTheHeader() {
        final GnttabDumpTable argument = new GnttabDumpTable().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("gnttab_dump_table", GnttabDumpTable.SIZE_BYTES);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void laysGnttabTransferAtTheBytesOfTheHeader(final boolean from32Bits) {
        final long address = from32Bits ? 0xF1B2_C3D4L : 0xA1B2_C3D4_E5F6_0718L;
        final GnttabTransfer argument =
                new GnttabTransfer().wrap(facts.page(), ArgumentFacts.AT, from32Bits);
        facts.struct(of("gnttab_transfer", from32Bits), GnttabTransfer.sizeBytes(from32Bits));
        facts.field("mfn", () -> argument.frame(address), argument::frame, address);
        facts.field("domid", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field("ref", () -> argument.reference(0xF1B2_C3D4), argument::reference, 0xF1B2_C3D4);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
    }

    @Test
    void laysGnttabQuerySizeAtTheBytesOfTheHeader() {
        final GnttabQuerySize argument = new GnttabQuerySize().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("gnttab_query_size", GnttabQuerySize.SIZE_BYTES);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field(
                "nr_frames",
                () -> argument.frameCount(0xF1B2_C3D4L),
                argument::frameCount,
                0xF1B2_C3D4L);
        facts.field(
                "max_nr_frames",
                () -> argument.maxFrameCount(0xF1B2_C3D4L),
                argument::maxFrameCount,
                0xF1B2_C3D4L);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
    }

    @Test
    void laysGnttabUnmapAndReplaceAtTheBytesOfTheHeader() {
        final GnttabUnmapAndReplace argument =
                new GnttabUnmapAndReplace().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("gnttab_unmap_and_replace", GnttabUnmapAndReplace.SIZE_BYTES);
        facts.field(
                "host_addr",
                () -> argument.hostAddress(0xA1B2_C3D4_E5F6_0718L),
                argument::hostAddress,
                0xA1B2_C3D4_E5F6_0718L);
        facts.field(
                "new_addr",
                () -> argument.newAddress(0xA1B2_C3D4_E5F6_0718L),
                argument::newAddress,
                0xA1B2_C3D4_E5F6_0718L);
        facts.field("handle", () -> argument.handle(0xF1B2_C3D4), argument::handle, 0xF1B2_C3D4);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
    }

    @Test
    void laysGnttabSetVersionAtTheBytesOfTheHeader() {
        final GnttabSetVersion argument =
                new GnttabSetVersion().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("gnttab_set_version", GnttabSetVersion.SIZE_BYTES);
        facts.field(
                "version", () -> argument.version(0xF1B2_C3D4L), argument::version, 0xF1B2_C3D4L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void laysGnttabGetStatusFramesAtTheBytesOfTheHeader(final boolean from32Bits) {
        final long address = from32Bits ? 0xF1B2_C3D4L : 0xA1B2_C3D4_E5F6_0718L;
        final GnttabGetStatusFrames argument =
                new GnttabGetStatusFrames().wrap(facts.page(), ArgumentFacts.AT, from32Bits);
        facts.struct(
                of("gnttab_get_status_frames", from32Bits),
                GnttabGetStatusFrames.sizeBytes(from32Bits));
        facts.field(
                "nr_frames",
                () -> argument.frameCount(0xF1B2_C3D4L),
                argument::frameCount,
                0xF1B2_C3D4L);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
        facts.field("frame_list", () -> argument.frameList(address), argument::frameList, address);
    }

    @Test
    void laysGnttabGetVersionAtTheBytesOfTheHeader() {
        final GnttabGetVersion argument =
                new GnttabGetVersion().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("gnttab_get_version", GnttabGetVersion.SIZE_BYTES);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field(
                "version", () -> argument.version(0xF1B2_C3D4L), argument::version, 0xF1B2_C3D4L);
    }

    @Test
    void laysGnttabSwapGrantRefAtTheBytesOfTheHeader() {
        final GnttabSwapGrantRef argument =
                new GnttabSwapGrantRef().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("gnttab_swap_grant_ref", GnttabSwapGrantRef.SIZE_BYTES);
        facts.field("ref_a", () -> argument.first(0xF1B2_C3D4), argument::first, 0xF1B2_C3D4);
        facts.field("ref_b", () -> argument.second(0xF1B2_C3D4), argument::second, 0xF1B2_C3D4);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
    }

    @Test
    void laysGnttabCacheFlushAtTheBytesOfTheHeader() {
        final GnttabCacheFlush argument =
                new GnttabCacheFlush().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("gnttab_cache_flush", GnttabCacheFlush.SIZE_BYTES);
        facts.field(
                "a.dev_bus_addr",
                () -> argument.busAddress(0xA1B2_C3D4_E5F6_0718L),
                argument::busAddress,
                0xA1B2_C3D4_E5F6_0718L);
        facts.field(
                "a.ref", () -> argument.reference(0xF1B2_C3D4), argument::reference, 0xF1B2_C3D4);
        facts.field("offset", () -> argument.offset(0xF1B2), argument::offset, 0xF1B2);
        facts.field("length", () -> argument.length(0xF1B2), argument::length, 0xF1B2);
        facts.field("op", () -> argument.operation(0xF1B2_C3D4), argument::operation, 0xF1B2_C3D4);
    }

    /** The name of a struct that a 32-bit caller lays in another way. */
    private static String of(final String struct, final boolean from32Bits) {
        return from32Bits ? struct + "@x86_32" : struct;
    }
}
