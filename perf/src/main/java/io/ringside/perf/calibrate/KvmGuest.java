package io.ringside.perf.calibrate;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A virtual machine of one processor and 32 KiB, which runs one small program at a time.
 *
 * <p>Its interrupt controllers are the kernel's, as those of a real guest; so it must never halt:
 * nothing would wake it, and a program ends with a byte to a port.
 *
 * <pre>
 *  guest physical
 *    1000h  program
 *    2000h  block of words
 *    3000h  end of the stack, which nothing uses
 *    4000h  page tables of the 64-bit mode: first 2 MiB, at their own addresses
 *    8000h  no memory: an access is memory-mapped I/O
 * </pre>
 *
 * <p>Source: {@code <linux/kvm.h>} and the kernel's documentation of its API. Threads: one.
 */
final class KvmGuest implements AutoCloseable {
    static final int BLOCK_WORDS = 256;

    private static final long MEMORY_BYTES = 0x8000;
    private static final long PAGE_BYTES = 0x1000;
    private static final long CODE = 0x1000;
    private static final long BLOCK = 0x2000;
    private static final long STACK = 0x3000;
    private static final long TABLES = 0x4000;
    private static final long UNBACKED = 0xF000;
    private static final long TSS_ADDRESS = 0xFFFB_D000L;

    private static final long FLAGS_ALWAYS = 0x2;
    private static final long FLAGS_PORTS_FOR_ALL = 0x3000;
    private static final long TABLE_ENTRY = 0x7; // present, writable, for all
    private static final long LARGE_PAGE = 0x87;
    private static final long CR0_PAGED = 0x8005_0033L; // PG AM WP NE ET MP PE
    private static final long CR4_PHYSICAL_EXTENSION = 0x20;
    private static final long EFER_LONG = 0x501; // LMA LME SCE
    private static final int CODE_SEGMENT = 11;
    private static final int DATA_SEGMENT = 3;
    private static final int BUSY_TASK = 11;
    private static final int USER = 3;

    private final Arena arena = Arena.ofConfined();
    private final KvmCalls calls = new KvmCalls(arena);
    private final GuestMode mode;
    private final MemorySegment memory = arena.allocate(MEMORY_BYTES, PAGE_BYTES);
    private final MemorySegment registers = arena.allocate(KvmLayout.REGS_BYTES, Long.BYTES);
    private final MemorySegment counter = arena.allocate(Long.BYTES, Long.BYTES);
    private int kvm = -1;
    private int machine = -1;
    private int processor = -1;
    private int event = -1;
    private MemorySegment run = MemorySegment.NULL;

    private KvmGuest(final GuestMode mode) {
        this.mode = mode;
    }

    /** A new machine, ready to start a program. */
    static KvmGuest open(final Path device, final GuestMode mode) throws KvmRefusedException {
        final KvmGuest guest = new KvmGuest(mode);
        try {
            guest.create(device);
            guest.registerEvent();
            guest.setUp();
            return guest;
        } catch (final KvmRefusedException | RuntimeException e) {
            guest.close();
            throw e;
        }
    }

    private void create(final Path device) throws KvmRefusedException {
        kvm = calls.open(arena.allocateFrom(device.toString()));
        if (kvm < 0) {
            throw new KvmRefusedException(device + " does not open: " + reason(-kvm));
        }
        final int version = calls.control(kvm, KvmLayout.GET_API_VERSION, 0);
        if (version != KvmLayout.API_VERSION) {
            throw new KvmRefusedException(
                    device
                            + " is no KVM of version "
                            + KvmLayout.API_VERSION
                            + ": "
                            + (version < 0 ? reason(-version) : "version " + version));
        }
        machine = checked("KVM_CREATE_VM", calls.control(kvm, KvmLayout.CREATE_VM, 0));
        // Only Intel needs it, and only some; where it is refused, nothing is lost.
        calls.control(machine, KvmLayout.SET_TSS_ADDR, TSS_ADDRESS);
        checked("KVM_CREATE_IRQCHIP", calls.control(machine, KvmLayout.CREATE_IRQCHIP, 0));
        final MemorySegment region = arena.allocate(KvmLayout.REGION_BYTES, Long.BYTES);
        region.set(JAVA_LONG, KvmLayout.REGION_GUEST_ADDRESS, 0);
        region.set(JAVA_LONG, KvmLayout.REGION_MEMORY_SIZE, MEMORY_BYTES);
        region.set(JAVA_LONG, KvmLayout.REGION_HOST_ADDRESS, memory.address());
        checked(
                "KVM_SET_USER_MEMORY_REGION",
                calls.control(machine, KvmLayout.SET_USER_MEMORY_REGION, region.address()));
        processor = checked("KVM_CREATE_VCPU", calls.control(machine, KvmLayout.CREATE_VCPU, 0));
        final int bytes =
                checked(
                        "KVM_GET_VCPU_MMAP_SIZE",
                        calls.control(kvm, KvmLayout.GET_VCPU_MMAP_SIZE, 0));
        final long address = calls.map(processor, bytes);
        if (address < 0) {
            throw new KvmRefusedException(
                    "mmap of a KVM processor fails: " + reason((int) -address));
        }
        run = MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    private void registerEvent() throws KvmRefusedException {
        event = checked("eventfd", calls.event());
        final MemorySegment request = arena.allocate(KvmLayout.IOEVENTFD_BYTES, Long.BYTES);
        request.set(JAVA_LONG, KvmLayout.IOEVENTFD_ADDRESS, GuestProgram.EVENT_PORT);
        request.set(JAVA_INT, KvmLayout.IOEVENTFD_LENGTH, 1);
        request.set(JAVA_INT, KvmLayout.IOEVENTFD_DESCRIPTOR, event);
        request.set(JAVA_INT, KvmLayout.IOEVENTFD_FLAGS, KvmLayout.IOEVENTFD_FLAG_PIO);
        checked("KVM_IOEVENTFD", calls.control(machine, KvmLayout.IOEVENTFD, request.address()));
    }

    private void setUp() throws KvmRefusedException {
        final MemorySegment special = arena.allocate(KvmLayout.SREGS_BYTES, Long.BYTES);
        checked("KVM_GET_SREGS", calls.control(processor, KvmLayout.GET_SREGS, special.address()));
        switch (mode) {
            case REAL -> {
                final MemorySegment code =
                        special.asSlice(KvmLayout.SREGS_CS, KvmLayout.SEGMENT_BYTES);
                code.set(JAVA_LONG, KvmLayout.SEGMENT_BASE, 0);
                code.set(JAVA_SHORT, KvmLayout.SEGMENT_SELECTOR, (short) 0);
            }
            case USER_64 -> setUpLong(special);
        }
        checked("KVM_SET_SREGS", calls.control(processor, KvmLayout.SET_SREGS, special.address()));
    }

    private void setUpLong(final MemorySegment special) {
        memory.set(JAVA_LONG, TABLES, TABLES + PAGE_BYTES | TABLE_ENTRY);
        memory.set(JAVA_LONG, TABLES + PAGE_BYTES, TABLES + 2 * PAGE_BYTES | TABLE_ENTRY);
        memory.set(JAVA_LONG, TABLES + 2 * PAGE_BYTES, LARGE_PAGE);
        special.set(JAVA_LONG, KvmLayout.SREGS_CR0, CR0_PAGED);
        special.set(JAVA_LONG, KvmLayout.SREGS_CR3, TABLES);
        special.set(JAVA_LONG, KvmLayout.SREGS_CR4, CR4_PHYSICAL_EXTENSION);
        special.set(JAVA_LONG, KvmLayout.SREGS_EFER, EFER_LONG);
        segment(special, KvmLayout.SREGS_CS, CODE_SEGMENT, 0x8);
        segment(special, KvmLayout.SREGS_DS, DATA_SEGMENT, 0x10);
        segment(special, KvmLayout.SREGS_ES, DATA_SEGMENT, 0x10);
        segment(special, KvmLayout.SREGS_FS, DATA_SEGMENT, 0x10);
        segment(special, KvmLayout.SREGS_GS, DATA_SEGMENT, 0x10);
        segment(special, KvmLayout.SREGS_SS, DATA_SEGMENT, 0x10);
        final MemorySegment task = special.asSlice(KvmLayout.SREGS_TR, KvmLayout.SEGMENT_BYTES);
        task.set(JAVA_BYTE, KvmLayout.SEGMENT_TYPE, (byte) BUSY_TASK);
    }

    private static void segment(
            final MemorySegment special, final int at, final int type, final int selector) {
        final boolean isCode = type == CODE_SEGMENT;
        final MemorySegment segment = special.asSlice(at, KvmLayout.SEGMENT_BYTES);
        segment.fill((byte) 0);
        segment.set(JAVA_INT, KvmLayout.SEGMENT_LIMIT, -1);
        segment.set(JAVA_SHORT, KvmLayout.SEGMENT_SELECTOR, (short) (selector | USER));
        segment.set(JAVA_BYTE, KvmLayout.SEGMENT_TYPE, (byte) type);
        segment.set(JAVA_BYTE, KvmLayout.SEGMENT_PRESENT, (byte) 1);
        segment.set(JAVA_BYTE, KvmLayout.SEGMENT_DPL, (byte) USER);
        segment.set(JAVA_BYTE, KvmLayout.SEGMENT_DB, (byte) (isCode ? 0 : 1));
        segment.set(JAVA_BYTE, KvmLayout.SEGMENT_S, (byte) 1);
        segment.set(JAVA_BYTE, KvmLayout.SEGMENT_L, (byte) (isCode ? 1 : 0));
        segment.set(JAVA_BYTE, KvmLayout.SEGMENT_G, (byte) 1);
    }

    /** Puts a program in place, to go round so many times; the next {@link #run} starts it. */
    void start(final GuestProgram program, final int times) throws KvmRefusedException {
        final byte[] code = program.code(mode);
        MemorySegment.copy(code, 0, memory, JAVA_BYTE, CODE, code.length);
        registers.fill((byte) 0);
        registers.set(JAVA_LONG, KvmLayout.REGS_RAX, GuestProgram.UNKNOWN_HYPERCALL);
        registers.set(JAVA_LONG, KvmLayout.REGS_RBX, times);
        registers.set(JAVA_LONG, KvmLayout.REGS_RCX, times);
        registers.set(JAVA_LONG, KvmLayout.REGS_RDX, GuestProgram.MODEL_PORT);
        registers.set(JAVA_LONG, KvmLayout.REGS_RSI, BLOCK_WORDS);
        registers.set(JAVA_LONG, KvmLayout.REGS_RDI, UNBACKED);
        registers.set(JAVA_LONG, KvmLayout.REGS_RSP, STACK);
        registers.set(JAVA_LONG, KvmLayout.REGS_RBP, BLOCK);
        registers.set(JAVA_LONG, KvmLayout.REGS_RIP, CODE);
        registers.set(
                JAVA_LONG,
                KvmLayout.REGS_RFLAGS,
                mode == GuestMode.REAL ? FLAGS_ALWAYS : FLAGS_ALWAYS | FLAGS_PORTS_FOR_ALL);
        checked("KVM_SET_REGS", calls.control(processor, KvmLayout.SET_REGS, registers.address()));
    }

    /** Runs the guest until it needs us: {@link KvmLayout#EXIT_IO} or another reason. */
    int run() throws KvmRefusedException {
        int result = calls.control(processor, KvmLayout.RUN, 0);
        while (result == -KvmCalls.EINTR) {
            result = calls.control(processor, KvmLayout.RUN, 0);
        }
        checked("KVM_RUN", result);
        return run.get(JAVA_INT, KvmLayout.RUN_EXIT_REASON);
    }

    /** The port of the access that {@link #run} came back with. */
    int port() {
        return Short.toUnsignedInt(run.get(JAVA_SHORT, KvmLayout.RUN_IO_PORT));
    }

    /** How many values of its size that access moves. */
    int accesses() {
        return run.get(JAVA_INT, KvmLayout.RUN_IO_COUNT);
    }

    /** What the kernel adds to an exit for which nobody asked. */
    int internalError() {
        return run.get(JAVA_INT, KvmLayout.RUN_SUBERROR);
    }

    /** The guest's EAX. */
    int eax() throws KvmRefusedException {
        checked("KVM_GET_REGS", calls.control(processor, KvmLayout.GET_REGS, registers.address()));
        return registers.get(JAVA_INT, KvmLayout.REGS_RAX);
    }

    /** Events at the event port since it was asked last. */
    long events() {
        return calls.read(event, counter) == Long.BYTES ? counter.get(JAVA_LONG, 0) : 0;
    }

    private static int checked(final String call, final int result) throws KvmRefusedException {
        if (result < 0) {
            throw new KvmRefusedException(call + " fails: " + reason(-result));
        }
        return result;
    }

    private static String reason(final int errno) {
        return switch (errno) {
            case KvmCalls.EPERM, KvmCalls.EACCES ->
                    "permission denied (join the group that owns /dev/kvm, often kvm)";
            case KvmCalls.ENOENT -> "no such file";
            case KvmCalls.EBUSY -> "busy (another monitor holds the processor's virtualisation)";
            case KvmCalls.ENOTTY -> "it is another device";
            default -> "errno " + errno;
        };
    }

    @Override
    public void close() {
        if (run.address() != 0) {
            calls.unmap(run.address(), run.byteSize());
        }
        for (final int descriptor : new int[] {processor, event, machine, kvm}) {
            if (descriptor >= 0) {
                calls.close(descriptor);
            }
        }
        arena.close();
    }
}
