package io.ringside.xenbus.sim;

import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.GuestMemory;
import io.ringside.hypervisor.Vcpu;
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
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The hypercall {@code grant_table_op} of one domain, with its arguments as bytes.
 *
 * <p>Threads: one (the domain's).
 */
final class GrantTableCalls {
    private static final int COPIES_IN_VIEW = 1024;

    private final boolean from32Bits;
    private final Vcpu vcpu;
    private final ArgumentCopy arguments;
    private final GrantMapCalls maps;
    private final DomainGrantTable table;
    private final DomainGrantCopier copier;
    private final DomainGrantOperations operations;

    private final GnttabSetupTable setup = new GnttabSetupTable();
    private final GnttabTransfer transfer = new GnttabTransfer();
    private final GnttabQuerySize query = new GnttabQuerySize();
    private final GnttabSetVersion setVersion = new GnttabSetVersion();
    private final GnttabGetStatusFrames statusFrames = new GnttabGetStatusFrames();
    private final GnttabGetVersion getVersion = new GnttabGetVersion();
    private final GnttabSwapGrantRef swap = new GnttabSwapGrantRef();
    private final GnttabCacheFlush flush = new GnttabCacheFlush();

    GrantTableCalls(final Domain domain, final GrantMapCalls maps, final boolean from32Bits) {
        this.from32Bits = from32Bits;
        this.maps = maps;
        vcpu = domain.vcpu();
        arguments = new ArgumentCopy(domain.memory());
        table = domain.grantTable();
        copier = domain.grantCopier();
        operations = domain.grantOperations();
    }

    /** 0, or a negative errno; each argument has a status of its own. */
    int call(final int command, final long address, final int count) {
        if (command == GrantTableOp.SET_VERSION) {
            return changeVersion(address);
        }
        vcpu.cross(Crossing.HYPERCALL);
        final int size = sizeBytes(command);
        if (count < 0 || (takesOne(command) && count != 1)) {
            return -XenErrno.EINVAL;
        }
        if (size == 0) {
            return -XenErrno.ENOSYS;
        }
        if (!arguments.exists(address, count, size)) {
            return -XenErrno.EFAULT;
        }
        if (command == GrantTableOp.COPY) {
            return copy(address, count, size);
        }
        final long unmapsBefore = vcpu.count(Crossing.PAGE_UNMAP);
        int answer = 0;
        for (int i = 0; i < count && answer == 0; i++) {
            final long at = address + (long) i * size;
            answer = run(command, arguments.in(at, size), at, size);
        }
        if (vcpu.count(Crossing.PAGE_UNMAP) != unmapsBefore) {
            vcpu.cross(Crossing.TLB_FLUSH);
        }
        return answer;
    }

    /** The bytes of an argument; 0 for an operation that there is not. */
    private int sizeBytes(final int command) {
        return switch (command) {
            case GrantTableOp.MAP_GRANT_REF -> GnttabMapGrantRef.SIZE_BYTES;
            case GrantTableOp.UNMAP_GRANT_REF -> GnttabUnmapGrantRef.SIZE_BYTES;
            case GrantTableOp.SETUP_TABLE -> GnttabSetupTable.sizeBytes(from32Bits);
            case GrantTableOp.TRANSFER -> GnttabTransfer.sizeBytes(from32Bits);
            case GrantTableOp.COPY -> GnttabCopy.sizeBytes(from32Bits);
            case GrantTableOp.QUERY_SIZE -> GnttabQuerySize.SIZE_BYTES;
            case GrantTableOp.UNMAP_AND_REPLACE -> GnttabUnmapAndReplace.SIZE_BYTES;
            case GrantTableOp.GET_STATUS_FRAMES -> GnttabGetStatusFrames.sizeBytes(from32Bits);
            case GrantTableOp.GET_VERSION -> GnttabGetVersion.SIZE_BYTES;
            case GrantTableOp.SWAP_GRANT_REF -> GnttabSwapGrantRef.SIZE_BYTES;
            case GrantTableOp.CACHE_FLUSH -> GnttabCacheFlush.SIZE_BYTES;
            default -> 0;
        };
    }

    private static boolean takesOne(final int command) {
        return command == GrantTableOp.SETUP_TABLE
                || command == GrantTableOp.QUERY_SIZE
                || command == GrantTableOp.GET_STATUS_FRAMES
                || command == GrantTableOp.GET_VERSION;
    }

    /** One argument that is not a copy; 0, or a negative errno that ends the array. */
    private int run(
            final int command, final UnsafeBuffer argument, final long address, final int size) {
        int answer = 0;
        switch (command) {
            case GrantTableOp.MAP_GRANT_REF -> maps.map(argument);
            case GrantTableOp.UNMAP_GRANT_REF -> maps.unmap(argument);
            case GrantTableOp.UNMAP_AND_REPLACE -> maps.replace(argument);
            case GrantTableOp.SETUP_TABLE -> setUp(setup.wrap(argument, 0, from32Bits));
            case GrantTableOp.GET_STATUS_FRAMES ->
                    tellStatus(statusFrames.wrap(argument, 0, from32Bits));
            case GrantTableOp.QUERY_SIZE -> tellSize(query.wrap(argument, 0));
            case GrantTableOp.TRANSFER -> {
                transfer.wrap(argument, 0, from32Bits);
                transfer.status(operations.transferUncounted(transfer.frame(), transfer.domain()));
            }
            case GrantTableOp.SWAP_GRANT_REF -> {
                swap.wrap(argument, 0);
                swap.status(table.swapUncounted(swap.first(), swap.second()));
            }
            case GrantTableOp.GET_VERSION -> answer = tellVersion(getVersion.wrap(argument, 0));
            default -> answer = flush(flush.wrap(argument, 0));
        }
        if (answer == 0) {
            arguments.out(address, size);
        }
        return answer;
    }

    private int copy(final long address, final int count, final int size) {
        for (int first = 0; first < count; first += COPIES_IN_VIEW) {
            final int some = Math.min(count - first, COPIES_IN_VIEW);
            final long at = address + (long) first * size;
            copier.copyUncounted(arguments.inPlace(at, some, size), some, from32Bits);
        }
        return 0;
    }

    /** Counted where the version changes. */
    private int changeVersion(final long address) {
        if (!arguments.exists(address, 1, GnttabSetVersion.SIZE_BYTES)) {
            vcpu.cross(Crossing.HYPERCALL);
            return -XenErrno.EFAULT;
        }
        setVersion.wrap(arguments.in(address, GnttabSetVersion.SIZE_BYTES), 0);
        final int answer = table.setVersion((int) setVersion.version());
        setVersion.version(table.version());
        arguments.out(address, GnttabSetVersion.SIZE_BYTES);
        return answer;
    }

    private int tellVersion(final GnttabGetVersion argument) {
        final int answer = operations.versionUncounted(argument.domain());
        if (answer < 0) {
            return answer;
        }
        argument.version(answer);
        return 0;
    }

    private int flush(final GnttabCacheFlush argument) {
        return operations.cacheFlushUncounted(
                argument.busAddress() >>> GuestMemory.PAGE_SHIFT,
                argument.offset(),
                argument.length(),
                argument.operation());
    }

    private void tellSize(final GnttabQuerySize argument) {
        final int status = statusOf(argument.domain());
        argument.status(status);
        if (status == GnttabStatus.OKAY) {
            argument.frameCount(table.pageCount()).maxFrameCount(table.maxPageCount());
        }
    }

    private void setUp(final GnttabSetupTable argument) {
        argument.status(setUpStatus(argument));
    }

    private int setUpStatus(final GnttabSetupTable argument) {
        final int status = statusOf(argument.domain());
        if (status != GnttabStatus.OKAY) {
            return status;
        }
        final long count = argument.frameCount();
        if (count > table.maxPageCount() || !table.extendTo((int) count)) {
            return GnttabStatus.GENERAL_ERROR;
        }
        final int size = from32Bits ? Integer.BYTES : Long.BYTES;
        if (!arguments.exists(argument.frameList(), (int) count, size)) {
            return GnttabStatus.BAD_VIRT_ADDR;
        }
        for (int page = 0; page < count; page++) {
            arguments.putNumber(argument.frameList(), page, size, table.tableFrame(page));
        }
        return GnttabStatus.OKAY;
    }

    private void tellStatus(final GnttabGetStatusFrames argument) {
        argument.status(statusFramesStatus(argument));
    }

    private int statusFramesStatus(final GnttabGetStatusFrames argument) {
        final int status = statusOf(argument.domain());
        if (status != GnttabStatus.OKAY) {
            return status;
        }
        final long count = argument.frameCount();
        if (count > table.statusPageCount()) {
            return GnttabStatus.GENERAL_ERROR;
        }
        if (!arguments.exists(argument.frameList(), (int) count, Long.BYTES)) {
            return GnttabStatus.BAD_VIRT_ADDR;
        }
        for (int page = 0; page < count; page++) {
            arguments.putNumber(argument.frameList(), page, Long.BYTES, table.statusFrame(page));
        }
        return GnttabStatus.OKAY;
    }

    private int statusOf(final int domain) {
        final int answer = operations.checkSelf(domain);
        if (answer == 0) {
            return GnttabStatus.OKAY;
        }
        return answer == -XenErrno.ESRCH ? GnttabStatus.BAD_DOMAIN : GnttabStatus.PERMISSION_DENIED;
    }
}
