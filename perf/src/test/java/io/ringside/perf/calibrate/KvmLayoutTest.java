package io.ringside.perf.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.jr.ob.JSON;

final class KvmLayoutTest {
    private static Map<String, Object> facts = Map.of();

    @BeforeAll
    static void readFacts() throws IOException {
        try (InputStream in = KvmLayoutTest.class.getResourceAsStream("kvm-layout.json")) {
            facts = JSON.std.mapFrom(Objects.requireNonNull(in, "kvm-layout.json"));
        }
    }

    @Test
    void asksWithTheRequestsOfTheHeader() {
        assertThat((long) KvmLayout.API_VERSION).isEqualTo(constant("KVM_API_VERSION"));
        assertThat(KvmLayout.GET_API_VERSION).isEqualTo(constant("KVM_GET_API_VERSION"));
        assertThat(KvmLayout.CREATE_VM).isEqualTo(constant("KVM_CREATE_VM"));
        assertThat(KvmLayout.GET_VCPU_MMAP_SIZE).isEqualTo(constant("KVM_GET_VCPU_MMAP_SIZE"));
        assertThat(KvmLayout.CREATE_VCPU).isEqualTo(constant("KVM_CREATE_VCPU"));
        assertThat(KvmLayout.SET_TSS_ADDR).isEqualTo(constant("KVM_SET_TSS_ADDR"));
        assertThat(KvmLayout.CREATE_IRQCHIP).isEqualTo(constant("KVM_CREATE_IRQCHIP"));
        assertThat(KvmLayout.RUN).isEqualTo(constant("KVM_RUN"));
        assertThat(KvmLayout.SET_USER_MEMORY_REGION)
                .isEqualTo(constant("KVM_SET_USER_MEMORY_REGION"));
        assertThat(KvmLayout.IOEVENTFD).isEqualTo(constant("KVM_IOEVENTFD"));
        assertThat(KvmLayout.GET_REGS).isEqualTo(constant("KVM_GET_REGS"));
        assertThat(KvmLayout.SET_REGS).isEqualTo(constant("KVM_SET_REGS"));
        assertThat(KvmLayout.GET_SREGS).isEqualTo(constant("KVM_GET_SREGS"));
        assertThat(KvmLayout.SET_SREGS).isEqualTo(constant("KVM_SET_SREGS"));
        assertThat((long) KvmLayout.IOEVENTFD_FLAG_PIO)
                .isEqualTo(constant("KVM_IOEVENTFD_FLAG_PIO"));
    }

    @Test
    void readsExitReasonsOfTheHeader() {
        assertThat((long) KvmLayout.EXIT_IO).isEqualTo(constant("KVM_EXIT_IO"));
        assertThat((long) KvmLayout.EXIT_MMIO).isEqualTo(constant("KVM_EXIT_MMIO"));
        assertThat((long) KvmLayout.EXIT_SHUTDOWN).isEqualTo(constant("KVM_EXIT_SHUTDOWN"));
        assertThat((long) KvmLayout.EXIT_FAIL_ENTRY).isEqualTo(constant("KVM_EXIT_FAIL_ENTRY"));
        assertThat((long) KvmLayout.EXIT_INTERNAL_ERROR)
                .isEqualTo(constant("KVM_EXIT_INTERNAL_ERROR"));
    }

    @Test
    void laysARegionOfMemoryAsTheHeader() {
        final String region = "kvm_userspace_memory_region";
        assertThat(KvmLayout.REGION_BYTES).isEqualTo(at(region, "size"));
        assertThat(KvmLayout.REGION_GUEST_ADDRESS).isEqualTo(at(region, "guest_phys_addr"));
        assertThat(KvmLayout.REGION_MEMORY_SIZE).isEqualTo(at(region, "memory_size"));
        assertThat(KvmLayout.REGION_HOST_ADDRESS).isEqualTo(at(region, "userspace_addr"));
    }

    @Test
    void laysRegistersAsTheHeader() {
        assertThat(KvmLayout.REGS_BYTES).isEqualTo(at("kvm_regs", "size"));
        assertThat(KvmLayout.REGS_RAX).isEqualTo(at("kvm_regs", "rax"));
        assertThat(KvmLayout.REGS_RBX).isEqualTo(at("kvm_regs", "rbx"));
        assertThat(KvmLayout.REGS_RCX).isEqualTo(at("kvm_regs", "rcx"));
        assertThat(KvmLayout.REGS_RDX).isEqualTo(at("kvm_regs", "rdx"));
        assertThat(KvmLayout.REGS_RSI).isEqualTo(at("kvm_regs", "rsi"));
        assertThat(KvmLayout.REGS_RDI).isEqualTo(at("kvm_regs", "rdi"));
        assertThat(KvmLayout.REGS_RSP).isEqualTo(at("kvm_regs", "rsp"));
        assertThat(KvmLayout.REGS_RBP).isEqualTo(at("kvm_regs", "rbp"));
        assertThat(KvmLayout.REGS_RIP).isEqualTo(at("kvm_regs", "rip"));
        assertThat(KvmLayout.REGS_RFLAGS).isEqualTo(at("kvm_regs", "rflags"));
    }

    @Test
    void laysSegmentsAsTheHeader() {
        assertThat(KvmLayout.SEGMENT_BYTES).isEqualTo(at("kvm_segment", "size"));
        assertThat(KvmLayout.SEGMENT_BASE).isEqualTo(at("kvm_segment", "base"));
        assertThat(KvmLayout.SEGMENT_LIMIT).isEqualTo(at("kvm_segment", "limit"));
        assertThat(KvmLayout.SEGMENT_SELECTOR).isEqualTo(at("kvm_segment", "selector"));
        assertThat(KvmLayout.SEGMENT_TYPE).isEqualTo(at("kvm_segment", "type"));
        assertThat(KvmLayout.SEGMENT_PRESENT).isEqualTo(at("kvm_segment", "present"));
        assertThat(KvmLayout.SEGMENT_DPL).isEqualTo(at("kvm_segment", "dpl"));
        assertThat(KvmLayout.SEGMENT_DB).isEqualTo(at("kvm_segment", "db"));
        assertThat(KvmLayout.SEGMENT_S).isEqualTo(at("kvm_segment", "s"));
        assertThat(KvmLayout.SEGMENT_L).isEqualTo(at("kvm_segment", "l"));
        assertThat(KvmLayout.SEGMENT_G).isEqualTo(at("kvm_segment", "g"));
    }

    @Test
    void laysSpecialRegistersAsTheHeader() {
        assertThat(KvmLayout.SREGS_BYTES).isEqualTo(at("kvm_sregs", "size"));
        assertThat(KvmLayout.SREGS_CS).isEqualTo(at("kvm_sregs", "cs"));
        assertThat(KvmLayout.SREGS_DS).isEqualTo(at("kvm_sregs", "ds"));
        assertThat(KvmLayout.SREGS_ES).isEqualTo(at("kvm_sregs", "es"));
        assertThat(KvmLayout.SREGS_FS).isEqualTo(at("kvm_sregs", "fs"));
        assertThat(KvmLayout.SREGS_GS).isEqualTo(at("kvm_sregs", "gs"));
        assertThat(KvmLayout.SREGS_SS).isEqualTo(at("kvm_sregs", "ss"));
        assertThat(KvmLayout.SREGS_TR).isEqualTo(at("kvm_sregs", "tr"));
        assertThat(KvmLayout.SREGS_CR0).isEqualTo(at("kvm_sregs", "cr0"));
        assertThat(KvmLayout.SREGS_CR3).isEqualTo(at("kvm_sregs", "cr3"));
        assertThat(KvmLayout.SREGS_CR4).isEqualTo(at("kvm_sregs", "cr4"));
        assertThat(KvmLayout.SREGS_EFER).isEqualTo(at("kvm_sregs", "efer"));
    }

    @Test
    void laysWhatARunLeavesAsTheHeader() {
        assertThat(KvmLayout.RUN_EXIT_REASON).isEqualTo(at("kvm_run", "exit_reason"));
        assertThat(KvmLayout.RUN_IO_PORT).isEqualTo(at("kvm_run", "io.port"));
        assertThat(KvmLayout.RUN_IO_COUNT).isEqualTo(at("kvm_run", "io.count"));
        assertThat(KvmLayout.RUN_SUBERROR).isEqualTo(at("kvm_run", "internal.suberror"));
    }

    @Test
    void laysAnEventPortAsTheHeader() {
        assertThat(KvmLayout.IOEVENTFD_BYTES).isEqualTo(at("kvm_ioeventfd", "size"));
        assertThat(KvmLayout.IOEVENTFD_ADDRESS).isEqualTo(at("kvm_ioeventfd", "addr"));
        assertThat(KvmLayout.IOEVENTFD_LENGTH).isEqualTo(at("kvm_ioeventfd", "len"));
        assertThat(KvmLayout.IOEVENTFD_DESCRIPTOR).isEqualTo(at("kvm_ioeventfd", "fd"));
        assertThat(KvmLayout.IOEVENTFD_FLAGS).isEqualTo(at("kvm_ioeventfd", "flags"));
    }

    private static long constant(final String name) {
        return number(map(facts, "constants"), name).longValue();
    }

    private static int at(final String struct, final String field) {
        return number(map(map(facts, "structs"), struct), field).intValue();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(final Map<String, Object> from, final String key) {
        return (Map<String, Object>) Objects.requireNonNull(from.get(key), key);
    }

    private static Number number(final Map<String, Object> from, final String key) {
        return (Number) Objects.requireNonNull(from.get(key), key);
    }
}
