package io.ringside.emulated.trap;

import io.ringside.hypervisor.Clock;
import io.ringside.hypervisor.Crossing;
import io.ringside.hypervisor.Vcpu;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory-mapped registers that one virtual processor sees: every access leaves the guest and
 * runs a device model.
 *
 * <p>An access is one {@link Crossing#MMIO_EXIT}, counted (and charged) before the model runs. An
 * address that nobody has registered reads all ones and swallows writes, as an empty bus does. With
 * a clock, the time that models take inside exits adds up in {@link #modelNanos}.
 *
 * <p>Errors: an address that is not a multiple of 4 is the caller's fault and throws {@link
 * IllegalArgumentException}. Threads: the vCPU's. Allocates nothing after registration.
 */
public final class Mmio {
    private final Vcpu vcpu;
    private final @Nullable Clock modelClock;
    private final List<Range> ranges = new ArrayList<>();
    private @Nullable RequestPage requests;
    private long modelNanos;

    /**
     * Makes the address space of a processor.
     *
     * @param vcpu counts the exits
     * @param modelClock measures the models, or null to leave them unmeasured
     */
    public Mmio(final Vcpu vcpu, final @Nullable Clock modelClock) {
        this.vcpu = vcpu;
        this.modelClock = modelClock;
    }

    /** Puts a model behind a range of addresses. Errors: a range that is taken, or odd. */
    public void register(final long base, final int lengthBytes, final MmioDevice device) {
        if (base < 0 || lengthBytes <= 0 || (base & 3) != 0 || (lengthBytes & 3) != 0) {
            throw new IllegalArgumentException(
                    "not a register range: base=" + base + " lengthBytes=" + lengthBytes);
        }
        for (final Range range : ranges) {
            if (base < range.base + range.lengthBytes && range.base < base + lengthBytes) {
                throw new IllegalArgumentException("addresses are taken: base=" + base);
            }
        }
        ranges.add(new Range(base, lengthBytes, device));
    }

    /** From now on accesses go by a page to another thread. */
    public void placeBehind(final RequestPage page) {
        requests = page;
    }

    /** Runs the model behind an address, for a processor that waits. */
    int serve(final long address, final boolean reads, final int value) {
        final Range range = find(address);
        if (range == null) {
            return -1;
        }
        final int offset = (int) (address - range.base);
        if (reads) {
            return range.device.read(offset);
        }
        range.device.write(offset, value);
        return value;
    }

    /** Reads 32 bits. */
    public int read(final long address) {
        vcpu.cross(Crossing.MMIO_EXIT);
        if (requests != null) {
            return requests.register(address, true, 0);
        }
        final Range range = find(address);
        if (range == null) {
            return -1;
        }
        final long start = modelStarts();
        final int value = range.device.read((int) (address - range.base));
        modelEnds(start);
        return value;
    }

    /** Writes 32 bits. */
    public void write(final long address, final int value) {
        vcpu.cross(Crossing.MMIO_EXIT);
        if (requests != null) {
            requests.register(address, false, value);
            return;
        }
        final Range range = find(address);
        if (range == null) {
            return;
        }
        final long start = modelStarts();
        range.device.write((int) (address - range.base), value);
        modelEnds(start);
    }

    /** Nanoseconds that models have run inside exits; 0 without a clock. */
    public long modelNanos() {
        return modelNanos;
    }

    private @Nullable Range find(final long address) {
        if ((address & 3) != 0) {
            throw new IllegalArgumentException("not a register: address=" + address);
        }
        for (int i = 0; i < ranges.size(); i++) {
            final Range range = ranges.get(i);
            if (address >= range.base && address < range.base + range.lengthBytes) {
                return range;
            }
        }
        return null;
    }

    private long modelStarts() {
        return modelClock == null ? 0 : modelClock.nanoTime();
    }

    private void modelEnds(final long start) {
        if (modelClock != null) {
            modelNanos += modelClock.nanoTime() - start;
        }
    }

    private record Range(long base, int lengthBytes, MmioDevice device) {}
}
