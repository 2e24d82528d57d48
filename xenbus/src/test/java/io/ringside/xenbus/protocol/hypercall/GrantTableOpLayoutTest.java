package io.ringside.xenbus.protocol.hypercall;

import org.junit.jupiter.api.Test;

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

    @Test
    void laysGnttabSetupTableAtTheBytesOfTheHeader() {
        final GnttabSetupTable argument =
                new GnttabSetupTable().wrap(facts.page(), ArgumentFacts.AT, false);
        facts.struct("gnttab_setup_table", GnttabSetupTable.SIZE_BYTES);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field(
                "nr_frames",
                () -> argument.frameCount(0xF1B2_C3D4L),
                argument::frameCount,
                0xF1B2_C3D4L);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
        facts.field(
                "frame_list",
                () -> argument.frameList(0xA1B2_C3D4_E5F6_0718L),
                argument::frameList,
                0xA1B2_C3D4_E5F6_0718L);
        final GnttabSetupTable argument32 =
                new GnttabSetupTable().wrap(facts.page(), ArgumentFacts.AT, true);
        facts.struct("gnttab_setup_table@x86_32", GnttabSetupTable.SIZE_BYTES_32);
        facts.field("dom", () -> argument32.domain(0xF1B2), argument32::domain, 0xF1B2);
        facts.field(
                "nr_frames",
                () -> argument32.frameCount(0xF1B2_C3D4L),
                argument32::frameCount,
                0xF1B2_C3D4L);
        facts.field("status", () -> argument32.status(-12), argument32::status, -12);
        facts.field(
                "frame_list",
                () -> argument32.frameList(0xF1B2_C3D4L),
                argument32::frameList,
                0xF1B2_C3D4L);
    }

    @Test
    void laysGnttabDumpTableAtTheBytesOfTheHeader() {
        final GnttabDumpTable argument = new GnttabDumpTable().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("gnttab_dump_table", GnttabDumpTable.SIZE_BYTES);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
    }

    @Test
    void laysGnttabTransferAtTheBytesOfTheHeader() {
        final GnttabTransfer argument =
                new GnttabTransfer().wrap(facts.page(), ArgumentFacts.AT, false);
        facts.struct("gnttab_transfer", GnttabTransfer.SIZE_BYTES);
        facts.field(
                "mfn",
                () -> argument.frame(0xA1B2_C3D4_E5F6_0718L),
                argument::frame,
                0xA1B2_C3D4_E5F6_0718L);
        facts.field("domid", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field("ref", () -> argument.reference(0xF1B2_C3D4), argument::reference, 0xF1B2_C3D4);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
        final GnttabTransfer argument32 =
                new GnttabTransfer().wrap(facts.page(), ArgumentFacts.AT, true);
        facts.struct("gnttab_transfer@x86_32", GnttabTransfer.SIZE_BYTES_32);
        facts.field("mfn", () -> argument32.frame(0xF1B2_C3D4L), argument32::frame, 0xF1B2_C3D4L);
        facts.field("domid", () -> argument32.domain(0xF1B2), argument32::domain, 0xF1B2);
        facts.field(
                "ref", () -> argument32.reference(0xF1B2_C3D4), argument32::reference, 0xF1B2_C3D4);
        facts.field("status", () -> argument32.status(-12), argument32::status, -12);
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

    @Test
    void laysGnttabGetStatusFramesAtTheBytesOfTheHeader() {
        final GnttabGetStatusFrames argument =
                new GnttabGetStatusFrames().wrap(facts.page(), ArgumentFacts.AT, false);
        facts.struct("gnttab_get_status_frames", GnttabGetStatusFrames.SIZE_BYTES);
        facts.field(
                "nr_frames",
                () -> argument.frameCount(0xF1B2_C3D4L),
                argument::frameCount,
                0xF1B2_C3D4L);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field("status", () -> argument.status(-12), argument::status, -12);
        facts.field(
                "frame_list",
                () -> argument.frameList(0xA1B2_C3D4_E5F6_0718L),
                argument::frameList,
                0xA1B2_C3D4_E5F6_0718L);
        final GnttabGetStatusFrames argument32 =
                new GnttabGetStatusFrames().wrap(facts.page(), ArgumentFacts.AT, true);
        facts.struct("gnttab_get_status_frames@x86_32", GnttabGetStatusFrames.SIZE_BYTES_32);
        facts.field(
                "nr_frames",
                () -> argument32.frameCount(0xF1B2_C3D4L),
                argument32::frameCount,
                0xF1B2_C3D4L);
        facts.field("dom", () -> argument32.domain(0xF1B2), argument32::domain, 0xF1B2);
        facts.field("status", () -> argument32.status(-12), argument32::status, -12);
        facts.field(
                "frame_list",
                () -> argument32.frameList(0xF1B2_C3D4L),
                argument32::frameList,
                0xF1B2_C3D4L);
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
}
