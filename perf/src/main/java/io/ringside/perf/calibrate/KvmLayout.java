package io.ringside.perf.calibrate;

/**
 * Numbers of {@code <linux/kvm.h>} on x86-64: requests, exit reasons, and where fields lie.
 *
 * <p>Offsets and sizes are in bytes. A test holds each against what a compiler made of the header.
 */
final class KvmLayout {
    static final int API_VERSION = 12;

    static final long GET_API_VERSION = 0xAE00;
    static final long CREATE_VM = 0xAE01;
    static final long GET_VCPU_MMAP_SIZE = 0xAE04;
    static final long CREATE_VCPU = 0xAE41;
    static final long SET_TSS_ADDR = 0xAE47;
    static final long CREATE_IRQCHIP = 0xAE60;
    static final long RUN = 0xAE80;
    static final long SET_USER_MEMORY_REGION = 0x4020_AE46L;
    static final long IOEVENTFD = 0x4040_AE79L;
    static final long GET_REGS = 0x8090_AE81L;
    static final long SET_REGS = 0x4090_AE82L;
    static final long GET_SREGS = 0x8138_AE83L;
    static final long SET_SREGS = 0x4138_AE84L;

    static final int EXIT_IO = 2;
    static final int EXIT_MMIO = 6;
    static final int EXIT_SHUTDOWN = 8;
    static final int EXIT_FAIL_ENTRY = 9;
    static final int EXIT_INTERNAL_ERROR = 17;

    static final int REGION_BYTES = 32;
    static final int REGION_GUEST_ADDRESS = 8;
    static final int REGION_MEMORY_SIZE = 16;
    static final int REGION_HOST_ADDRESS = 24;

    static final int REGS_BYTES = 144;
    static final int REGS_RAX = 0;
    static final int REGS_RBX = 8;
    static final int REGS_RCX = 16;
    static final int REGS_RDX = 24;
    static final int REGS_RSI = 32;
    static final int REGS_RDI = 40;
    static final int REGS_RSP = 48;
    static final int REGS_RBP = 56;
    static final int REGS_RIP = 128;
    static final int REGS_RFLAGS = 136;

    static final int SEGMENT_BYTES = 24;
    static final int SEGMENT_BASE = 0;
    static final int SEGMENT_LIMIT = 8;
    static final int SEGMENT_SELECTOR = 12;
    static final int SEGMENT_TYPE = 14;
    static final int SEGMENT_PRESENT = 15;
    static final int SEGMENT_DPL = 16;
    static final int SEGMENT_DB = 17;
    static final int SEGMENT_S = 18;
    static final int SEGMENT_L = 19;
    static final int SEGMENT_G = 20;

    static final int SREGS_BYTES = 312;
    static final int SREGS_CS = 0;
    static final int SREGS_DS = 24;
    static final int SREGS_ES = 48;
    static final int SREGS_FS = 72;
    static final int SREGS_GS = 96;
    static final int SREGS_SS = 120;
    static final int SREGS_TR = 144;
    static final int SREGS_CR0 = 224;
    static final int SREGS_CR3 = 240;
    static final int SREGS_CR4 = 248;
    static final int SREGS_EFER = 264;

    static final int RUN_EXIT_REASON = 8;
    static final int RUN_IO_PORT = 34;
    static final int RUN_IO_COUNT = 36;
    static final int RUN_SUBERROR = 32;

    static final int IOEVENTFD_BYTES = 64;
    static final int IOEVENTFD_ADDRESS = 8;
    static final int IOEVENTFD_LENGTH = 16;
    static final int IOEVENTFD_DESCRIPTOR = 20;
    static final int IOEVENTFD_FLAGS = 24;
    static final int IOEVENTFD_FLAG_PIO = 2;

    private KvmLayout() {}
}
