package io.ringside.xenbus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.xenbus.grant.GrantCopyBatch;
import io.ringside.xenbus.protocol.DomainId;
import io.ringside.xenbus.protocol.GnttabStatus;
import io.ringside.xenbus.protocol.XenErrno;
import io.ringside.xenbus.protocol.hypercall.GnttabCacheFlush;
import io.ringside.xenbus.protocol.hypercall.GnttabCopy;
import io.ringside.xenbus.protocol.hypercall.GnttabGetStatusFrames;
import io.ringside.xenbus.protocol.hypercall.GnttabGetVersion;
import io.ringside.xenbus.protocol.hypercall.GnttabMapGrantRef;
import io.ringside.xenbus.protocol.hypercall.GnttabQuerySize;
import io.ringside.xenbus.protocol.hypercall.GnttabSetVersion;
import io.ringside.xenbus.protocol.hypercall.GnttabSetupTable;
import io.ringside.xenbus.protocol.hypercall.GnttabSwapGrantRef;
import io.ringside.xenbus.protocol.hypercall.GnttabTransfer;
import io.ringside.xenbus.protocol.hypercall.GnttabUnmapAndReplace;
import io.ringside.xenbus.protocol.hypercall.GnttabUnmapGrantRef;
import io.ringside.xenbus.protocol.hypercall.GrantTableOp;
import io.ringside.xenbus.protocol.hypercall.Hypercall;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Grant operations given as bytes in the caller's memory. */
class GrantHypercallsTest {
    private static final long HOST_ADDRESS = 0x7_0000_0000L;

    private final SimulatedXen xen = new SimulatedXen();
    private final TestDomain lender = new TestDomain(xen, 3);
    private final TestDomain user = new TestDomain(xen, 7);
    private final DomainGrantTable table = lender.domain().grantTable();
    private final Hypercalls hypercalls = new Hypercalls(user.domain(), false);
    private final GuestArguments arguments = new GuestArguments(user);

    @AfterEach
    void endDomains() {
        user.close();
        lender.close();
    }

    private int call(final int command, final int count) {
        final long before = user.count(Crossing.HYPERCALL);
        final int answer =
                hypercalls.call(Hypercall.GRANT_TABLE_OP, command, arguments.address(), count);
        assertThat(user.count(Crossing.HYPERCALL)).isEqualTo(before + 1);
        return answer;
    }

    private GnttabMapGrantRef map(final int index) {
        return new GnttabMapGrantRef().wrap(arguments.view(), index * GnttabMapGrantRef.SIZE_BYTES);
    }

    private GnttabUnmapGrantRef unmap(final int index) {
        return new GnttabUnmapGrantRef()
                .wrap(arguments.view(), index * GnttabUnmapGrantRef.SIZE_BYTES);
    }

    private void askToMap(final int index, final int flags, final int domain, final int reference) {
        map(index)
                .hostAddress(HOST_ADDRESS + ((long) index << GuestMemory.PAGE_SHIFT))
                .flags(flags)
                .domain(domain)
                .reference(reference);
    }

    @Test
    void mapsAndUnmapsAnArrayWithAStatusEach() {
        final int lent = lender.frames().allocate();
        lender.page(lent).putLong(8, 0x1122_3344_5566_7788L);
        final int reference = table.grantAccess(7, lent, true);
        final int hostMap = GnttabMapGrantRef.HOST_MAP;
        askToMap(0, hostMap | GnttabMapGrantRef.READ_ONLY, 3, reference);
        askToMap(1, hostMap, 3, reference);
        askToMap(2, hostMap | GnttabMapGrantRef.READ_ONLY, 3, 99_999);
        askToMap(3, hostMap | GnttabMapGrantRef.READ_ONLY, 9, reference);
        askToMap(4, GnttabMapGrantRef.READ_ONLY, 3, reference);
        askToMap(5, hostMap | GnttabMapGrantRef.DEVICE_MAP, 3, reference);
        askToMap(6, hostMap | GnttabMapGrantRef.READ_ONLY, 3, reference);
        map(6).hostAddress(HOST_ADDRESS + 8);
        assertThat(call(GrantTableOp.MAP_GRANT_REF, 7)).isZero();
        assertThat(map(0).status()).isEqualTo(GnttabStatus.OKAY);
        assertThat(map(0).busAddress()).isEqualTo((long) lent << GuestMemory.PAGE_SHIFT);
        assertThat(map(1).status()).as("read-only").isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(map(2).status()).isEqualTo(GnttabStatus.BAD_GNTREF);
        assertThat(map(3).status()).isEqualTo(GnttabStatus.BAD_DOMAIN);
        assertThat(map(4).status()).as("for nobody").isEqualTo(GnttabStatus.BAD_GNTREF);
        assertThat(map(5).status()).as("for a device").isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(map(6).status()).as("address in use").isEqualTo(GnttabStatus.BAD_VIRT_ADDR);
        assertThat(user.count(Crossing.PAGE_MAP)).isEqualTo(1);

        final UnsafeBuffer mapped = new UnsafeBuffer(0, 0);
        assertThat(hypercalls.wrapMapped(mapped, HOST_ADDRESS)).isTrue();
        assertThat(mapped.capacity()).isEqualTo(GuestMemory.PAGE_BYTES);
        assertThat(mapped.getLong(8)).isEqualTo(0x1122_3344_5566_7788L);
        assertThat(hypercalls.wrapMapped(mapped, HOST_ADDRESS + 4096)).isFalse();

        final int handle = map(0).handle();
        final long device = (long) lent << GuestMemory.PAGE_SHIFT;
        unmap(0).hostAddress(HOST_ADDRESS).busAddress(0).handle(handle + 1);
        unmap(1).hostAddress(HOST_ADDRESS + 4096).busAddress(0).handle(handle);
        unmap(2).hostAddress(HOST_ADDRESS).busAddress(device + 4096).handle(handle);
        unmap(3).hostAddress(HOST_ADDRESS).busAddress(device).handle(handle);
        unmap(4).hostAddress(HOST_ADDRESS).busAddress(0).handle(handle);
        assertThat(table.endAccess(reference)).as("still mapped").isFalse();
        assertThat(call(GrantTableOp.UNMAP_GRANT_REF, 5)).isZero();
        assertThat(unmap(0).status()).isEqualTo(GnttabStatus.BAD_HANDLE);
        assertThat(unmap(1).status()).isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(unmap(2).status()).isEqualTo(GnttabStatus.GENERAL_ERROR);
        assertThat(unmap(3).status()).isEqualTo(GnttabStatus.OKAY);
        assertThat(unmap(4).status()).as("twice").isEqualTo(GnttabStatus.BAD_HANDLE);
        assertThat(user.count(Crossing.PAGE_UNMAP)).isEqualTo(1);
        assertThat(user.count(Crossing.TLB_FLUSH)).isEqualTo(1);
        assertThat(hypercalls.wrapMapped(mapped, HOST_ADDRESS)).isFalse();
        assertThat(table.endAccess(reference)).isTrue();
    }

    @Test
    void flushesTranslationsOnceForAnArrayOfUnmaps() {
        for (int i = 0; i < 3; i++) {
            askToMap(i, GnttabMapGrantRef.HOST_MAP, 3, table.grantAccess(7, 5 + i, false));
        }
        assertThat(call(GrantTableOp.MAP_GRANT_REF, 3)).isZero();
        final int[] handles = {map(0).handle(), map(1).handle(), map(2).handle()};
        for (int i = 0; i < handles.length; i++) {
            unmap(i).hostAddress(HOST_ADDRESS + i * 4096L).busAddress(0).handle(handles[i]);
        }
        assertThat(call(GrantTableOp.UNMAP_GRANT_REF, 3)).isZero();
        assertThat(user.count(Crossing.PAGE_UNMAP)).isEqualTo(3);
        assertThat(user.count(Crossing.TLB_FLUSH)).isEqualTo(1);
        assertThat(call(GrantTableOp.UNMAP_GRANT_REF, 3)).isZero();
        assertThat(user.count(Crossing.TLB_FLUSH)).as("nothing to forget").isEqualTo(1);
    }

    @Test
    void replacesAMappingByNothing() {
        askToMap(0, GnttabMapGrantRef.HOST_MAP, 3, table.grantAccess(7, 5, false));
        assertThat(call(GrantTableOp.MAP_GRANT_REF, 1)).isZero();
        final int handle = map(0).handle();
        final GnttabUnmapAndReplace replace = new GnttabUnmapAndReplace().wrap(arguments.view(), 0);
        replace.hostAddress(HOST_ADDRESS).newAddress(0x1000).handle(handle);
        assertThat(call(GrantTableOp.UNMAP_AND_REPLACE, 1)).isZero();
        assertThat(replace.status()).isEqualTo(GnttabStatus.GENERAL_ERROR);
        replace.newAddress(0);
        assertThat(call(GrantTableOp.UNMAP_AND_REPLACE, 1)).isZero();
        assertThat(replace.status()).isEqualTo(GnttabStatus.OKAY);
        assertThat(user.domain().grantMapper().mappedCount()).isZero();
    }

    @Test
    void refusesWhatIsNoCall() {
        for (final long address : new long[] {-1, 64 * 4096 - 8, 64 * 4096, Long.MIN_VALUE}) {
            for (int command = 0; command <= GrantTableOp.CACHE_FLUSH; command++) {
                if (command != GrantTableOp.DUMP_TABLE
                        && !(command == GrantTableOp.SET_VERSION && address == 64 * 4096 - 8)
                        && !(command == GrantTableOp.GET_VERSION && address == 64 * 4096 - 8)) {
                    assertThat(hypercalls.grantTableOp(command, address, 1))
                            .as("command=%d address=%d", command, address)
                            .isEqualTo(-XenErrno.EFAULT);
                }
            }
        }
        assertThat(call(GrantTableOp.MAP_GRANT_REF, Integer.MAX_VALUE)).isEqualTo(-XenErrno.EFAULT);
        assertThat(call(GrantTableOp.MAP_GRANT_REF, -1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(call(GrantTableOp.QUERY_SIZE, 2)).isEqualTo(-XenErrno.EINVAL);
        assertThat(call(GrantTableOp.COPY, 0)).as("nothing to do").isZero();
        assertThat(call(GrantTableOp.DUMP_TABLE, 1)).isEqualTo(-XenErrno.ENOSYS);
        assertThat(call(13, 1)).isEqualTo(-XenErrno.ENOSYS);
        assertThat(call(-1, 1)).isEqualTo(-XenErrno.ENOSYS);
        assertThat(hypercalls.call(29, 0, arguments.address(), 1)).isEqualTo(-XenErrno.ENOSYS);
    }

    @Test
    void tellsTheFramesOfTheTableInTheLayoutOfTheCaller() {
        for (final boolean from32Bits : new boolean[] {false, true}) {
            final Hypercalls own = new Hypercalls(user.domain(), from32Bits);
            final long list = arguments.address() + 512;
            final GnttabSetupTable setup =
                    new GnttabSetupTable().wrap(arguments.view(), 0, from32Bits);
            setup.domain(DomainId.SELF).frameCount(3).frameList(list);
            assertThat(own.grantTableOp(GrantTableOp.SETUP_TABLE, arguments.address(), 1)).isZero();
            assertThat(setup.status()).isEqualTo(GnttabStatus.OKAY);
            final DomainGrantTable mine = user.domain().grantTable();
            for (int page = 0; page < 3; page++) {
                final long told =
                        from32Bits
                                ? arguments.view().getInt(512 + 4 * page)
                                : arguments.view().getLong(512 + 8 * page);
                assertThat(told).isEqualTo(mine.tableFrame(page));
            }
            setup.frameCount(65);
            own.grantTableOp(GrantTableOp.SETUP_TABLE, arguments.address(), 1);
            assertThat(setup.status()).as("too many").isEqualTo(GnttabStatus.GENERAL_ERROR);
            setup.frameCount(64);
            own.grantTableOp(GrantTableOp.SETUP_TABLE, arguments.address(), 1);
            assertThat(setup.status()).as("no frames left").isEqualTo(GnttabStatus.GENERAL_ERROR);
            setup.frameCount(1).domain(3);
            own.grantTableOp(GrantTableOp.SETUP_TABLE, arguments.address(), 1);
            assertThat(setup.status()).isEqualTo(GnttabStatus.PERMISSION_DENIED);
            setup.domain(99);
            own.grantTableOp(GrantTableOp.SETUP_TABLE, arguments.address(), 1);
            assertThat(setup.status()).isEqualTo(GnttabStatus.BAD_DOMAIN);
            setup.domain(7).frameList(from32Bits ? 0xFFFF_FFF0L : -16);
            own.grantTableOp(GrantTableOp.SETUP_TABLE, arguments.address(), 1);
            assertThat(setup.status()).isEqualTo(GnttabStatus.BAD_VIRT_ADDR);
        }
    }

    @Test
    void changesTheVersionAndTellsTheStatusFrames() {
        final GnttabGetStatusFrames frames =
                new GnttabGetStatusFrames().wrap(arguments.view(), 0, false);
        frames.domain(7).frameCount(1).frameList(arguments.address() + 100);
        assertThat(call(GrantTableOp.GET_STATUS_FRAMES, 1)).isZero();
        assertThat(frames.status()).as("version 1").isEqualTo(GnttabStatus.GENERAL_ERROR);

        final GnttabSetVersion version = new GnttabSetVersion().wrap(arguments.view(), 0);
        version.version(3);
        assertThat(call(GrantTableOp.SET_VERSION, 1)).isEqualTo(-XenErrno.EINVAL);
        assertThat(version.version()).as("what there is").isEqualTo(1);
        version.version(2);
        assertThat(call(GrantTableOp.SET_VERSION, 1)).isZero();
        final GnttabGetVersion get = new GnttabGetVersion().wrap(arguments.view(), 0);
        get.domain(DomainId.SELF).version(0);
        assertThat(call(GrantTableOp.GET_VERSION, 1)).isZero();
        assertThat(get.version()).isEqualTo(2);
        get.domain(3);
        assertThat(call(GrantTableOp.GET_VERSION, 1)).isEqualTo(-XenErrno.EPERM);

        frames.domain(7).frameCount(1).frameList(arguments.address() + 100);
        assertThat(call(GrantTableOp.GET_STATUS_FRAMES, 1)).isZero();
        assertThat(frames.status()).isEqualTo(GnttabStatus.OKAY);
        assertThat(arguments.view().getLong(100))
                .isEqualTo(user.domain().grantTable().statusFrame(0));
        final GnttabQuerySize query = new GnttabQuerySize().wrap(arguments.view(), 0);
        query.domain(DomainId.SELF);
        assertThat(call(GrantTableOp.QUERY_SIZE, 1)).isZero();
        assertThat(query.status()).isEqualTo(GnttabStatus.OKAY);
        assertThat(query.frameCount()).isEqualTo(1);
        assertThat(query.maxFrameCount()).isEqualTo(64);
    }

    @Test
    void copiesTransfersSwapsAndFlushesByBytes() {
        final int lent = lender.frames().allocate();
        final int own = user.frames().allocate();
        lender.page(lent).putInt(100, 0x1234_5678);
        final GnttabCopy copy = new GnttabCopy();
        for (int i = 0; i < 90; i++) {
            copy.wrap(arguments.view(), i, false)
                    .source(table.grantAccess(7, lent, true), 3, 100)
                    .destination(own, DomainId.SELF, 4 * i)
                    .lengthBytes(i == 80 ? 4096 : 4)
                    .flags(GrantCopyBatch.SOURCE_GRANT);
        }
        assertThat(call(GrantTableOp.COPY, 90)).isZero();
        assertThat(copy.wrap(arguments.view(), 80, false).status())
                .isEqualTo(GnttabStatus.BAD_COPY_ARG);
        assertThat(copy.wrap(arguments.view(), 89, false).status()).isEqualTo(GnttabStatus.OKAY);
        assertThat(user.page(own).getInt(4 * 89)).isEqualTo(0x1234_5678);
        assertThat(user.page(own).getInt(4 * 80)).isZero();
        assertThat(user.count(Crossing.GRANT_COPY)).isEqualTo(89);

        final GnttabTransfer transfer = new GnttabTransfer().wrap(arguments.view(), 0, false);
        transfer.frame(1L << 40).domain(3).reference(8);
        assertThat(call(GrantTableOp.TRANSFER, 1)).isZero();
        assertThat(transfer.status()).isEqualTo(GnttabStatus.BAD_PAGE);
        transfer.frame(own);
        assertThat(call(GrantTableOp.TRANSFER, 1)).isZero();
        assertThat(transfer.status()).as("no room").isEqualTo(GnttabStatus.GENERAL_ERROR);

        final DomainGrantTable mine = user.domain().grantTable();
        final int first = mine.grantAccess(3, 11, false);
        final int second = mine.grantAccess(3, 12, false);
        final GnttabSwapGrantRef swap = new GnttabSwapGrantRef().wrap(arguments.view(), 0);
        swap.first(first).second(second);
        assertThat(call(GrantTableOp.SWAP_GRANT_REF, 1)).isZero();
        assertThat(swap.status()).isEqualTo(GnttabStatus.OKAY);
        assertThat(user.page(mine.tableFrame(0)).getInt(first * 8 + 4)).isEqualTo(12);
        swap.first(-1);
        assertThat(call(GrantTableOp.SWAP_GRANT_REF, 1)).isZero();
        assertThat(swap.status()).isEqualTo(GnttabStatus.BAD_GNTREF);

        final GnttabCacheFlush flush = new GnttabCacheFlush().wrap(arguments.view(), 0);
        flush.busAddress((long) own << GuestMemory.PAGE_SHIFT).offset(4090).length(6);
        flush.operation(GnttabCacheFlush.CLEAN);
        assertThat(call(GrantTableOp.CACHE_FLUSH, 1)).isZero();
        flush.length(7);
        assertThat(call(GrantTableOp.CACHE_FLUSH, 1)).isEqualTo(-XenErrno.EINVAL);
    }
}
