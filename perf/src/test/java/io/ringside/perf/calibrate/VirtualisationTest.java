package io.ringside.perf.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VirtualisationTest {
    @TempDir private Path root = Path.of("");

    @Test
    void knowsBareMetal() throws IOException {
        file("proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu vmx ept\n");
        file("sys/class/dmi/id/sys_vendor", "Maker Inc.\n");
        file("sys/class/dmi/id/product_name", "Model 7\n");
        file("sys/module/kvm_intel/parameters/ept", "Y\n");
        file("sys/module/kvm_intel/parameters/nested", "Y\n");
        final Virtualisation found = read();
        assertThat(found.guest()).isFalse();
        assertThat(found.host()).isEqualTo("bare metal (Maker Inc. Model 7)");
        assertThat(found.monitor()).isEqualTo("kvm_intel, vmx, ept on, guests may nest");
        assertThat(Virtualisation.isIntel(root.resolve("proc"))).isTrue();
    }

    @Test
    void knowsAGuestThatMayHaveGuests() throws IOException {
        file("proc/cpuinfo", "vendor_id\t: AuthenticAMD\nflags\t\t: fpu svm hypervisor\n");
        file("sys/devices/system/clocksource/clocksource0/available_clocksource", "kvm-clock tsc");
        file("sys/module/kvm_amd/parameters/npt", "1\n");
        file("sys/module/kvm_amd/parameters/nested", "0\n");
        final Virtualisation found = read();
        assertThat(found.host()).isEqualTo("a guest of KVM (the firmware names no product)");
        assertThat(found.monitor())
                .isEqualTo("kvm_amd, svm, npt on, nested: this host is a guest itself");
        assertThat(Virtualisation.isIntel(root.resolve("proc"))).isFalse();
    }

    @Test
    void knowsAGuestWithoutHardwareForGuests() throws IOException {
        file("proc/cpuinfo", "flags\t\t: fpu hypervisor\n");
        file("sys/module/kvm_pvm/parameters/force", "N\n");
        final Virtualisation found = read();
        assertThat(found.host()).startsWith("a guest of an unnamed hypervisor");
        assertThat(found.monitor())
                .isEqualTo(
                        "kvm_pvm, the processor offers neither vmx nor svm, no second-level paging"
                                + " (ept, npt), nested: this host is a guest itself");
    }

    @Test
    void tellsXensControlDomainFromItsGuests() throws IOException {
        file("proc/cpuinfo", "flags\t\t: fpu hypervisor\n");
        file("sys/hypervisor/type", "xen\n");
        assertThat(read().host()).startsWith("a guest of xen");
        file("proc/xen/capabilities", "control_d\n");
        assertThat(read().host()).startsWith("xen's control domain");
    }

    @Test
    void knowsAGuestOfHyperV() throws IOException {
        file("proc/cpuinfo", "flags\t\t: fpu hypervisor\n");
        file(
                "sys/devices/system/clocksource/clocksource0/available_clocksource",
                "hyperv_clocksource_tsc_page acpi_pm\n");
        assertThat(read().hypervisor()).isEqualTo("Hyper-V");
    }

    @Test
    void saysThatNothingTells() {
        final Virtualisation found = read();
        assertThat(found.host()).isEqualTo("bare metal (the firmware names no product)");
        assertThat(found.monitor())
                .isEqualTo("no kvm module is loaded, and the processor offers neither vmx nor svm");
    }

    private Virtualisation read() {
        return Virtualisation.read(root.resolve("proc"), root.resolve("sys"));
    }

    private void file(final String name, final String text) throws IOException {
        final Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}
