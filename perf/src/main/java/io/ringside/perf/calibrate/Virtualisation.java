package io.ringside.perf.calibrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What kind of machine the kernel says this is, and what it can virtualise with.
 *
 * @param guest whether it is itself a virtual machine
 * @param hypervisor what it is a guest of, as far as anything tells; empty where nothing does
 * @param product vendor and model by the firmware; empty where the firmware tells nothing
 * @param module the kernel's module that runs guests, such as {@code kvm_intel}; empty without
 * @param extension {@code vmx}, {@code svm} or empty: what the processor offers
 * @param secondLevel {@code ept} or {@code npt} where the module uses it, otherwise empty
 * @param allowsNested whether its guests may have guests by the processor's extension
 */
public record Virtualisation(
        boolean guest,
        String hypervisor,
        String product,
        String module,
        String extension,
        String secondLevel,
        boolean allowsNested) {
    private static final String KVM_PREFIX = "kvm_";
    private static final String CLOCKS =
            "devices/system/clocksource/clocksource0/available_clocksource";

    /** As the two trees of the kernel tell: {@code /proc} and {@code /sys}. */
    public static Virtualisation read(final Path proc, final Path sys) {
        final List<String> flags = flags(proc.resolve("cpuinfo"));
        final String type = line(sys.resolve("hypervisor/type"));
        final boolean isControlDomain =
                line(proc.resolve("xen/capabilities")).contains("control_d");
        final String module = module(sys.resolve("module"));
        final Path parameters = sys.resolve("module").resolve(module).resolve("parameters");
        String extension = "";
        String secondLevel = "";
        if (flags.contains("vmx")) {
            extension = "vmx";
        } else if (flags.contains("svm")) {
            extension = "svm";
        }
        for (final String kind : List.of("ept", "npt")) {
            if (!module.isEmpty() && isOn(parameters.resolve(kind))) {
                secondLevel = kind;
            }
        }
        final boolean isGuest = flags.contains("hypervisor") || !type.isEmpty();
        return new Virtualisation(
                isGuest && !isControlDomain,
                !type.isEmpty() ? type : hypervisor(isGuest, line(sys.resolve(CLOCKS))),
                (line(sys.resolve("class/dmi/id/sys_vendor"))
                                + " "
                                + line(sys.resolve("class/dmi/id/product_name")))
                        .strip(),
                module,
                extension,
                secondLevel,
                !module.isEmpty() && isOn(parameters.resolve("nested")));
    }

    private static String hypervisor(final boolean isGuest, final String clocks) {
        if (!isGuest) {
            return "";
        }
        if (clocks.contains("hyperv")) {
            return "Hyper-V";
        }
        return clocks.contains("kvm-clock") ? "KVM" : "";
    }

    /** Whether a hypercall is Intel's {@code vmcall}; AMD has another. */
    static boolean isIntel(final Path proc) {
        return fact(proc.resolve("cpuinfo"), "vendor_id").equals("GenuineIntel");
    }

    /** Bare metal or a guest, of what, on what. */
    public String host() {
        final String on = product.isEmpty() ? "the firmware names no product" : product;
        if (!guest) {
            return (hypervisor.isEmpty() ? "bare metal" : hypervisor + "'s control domain")
                    + " ("
                    + on
                    + ")";
        }
        return "a guest of "
                + (hypervisor.isEmpty() ? "an unnamed hypervisor" : hypervisor)
                + " ("
                + on
                + ")";
    }

    /** What can run guests here, and by which means. */
    public String monitor() {
        if (module.isEmpty() && extension.isEmpty()) {
            return "no kvm module is loaded, and the processor offers neither vmx nor svm";
        }
        final List<String> parts = new ArrayList<>();
        parts.add(module.isEmpty() ? "no kvm module of a processor" : module);
        parts.add(extension.isEmpty() ? "the processor offers neither vmx nor svm" : extension);
        parts.add(
                secondLevel.isEmpty() ? "no second-level paging (ept, npt)" : secondLevel + " on");
        if (guest && !module.isEmpty()) {
            parts.add("nested: this host is a guest itself");
        }
        if (allowsNested) {
            parts.add("guests may nest");
        }
        return String.join(", ", parts);
    }

    /** The module with which kvm drives a processor, by its name; empty if there is none. */
    private static String module(final Path modules) {
        final List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(modules, KVM_PREFIX + "*")) {
            for (final Path module : all) {
                found.add(String.valueOf(module.getFileName()));
            }
        } catch (final IOException e) {
            return "";
        }
        found.sort(null);
        return found.isEmpty() ? "" : found.getFirst();
    }

    private static boolean isOn(final Path parameter) {
        final String value = line(parameter);
        return value.equals("Y") || value.equals("1");
    }

    private static List<String> flags(final Path cpuinfo) {
        return Arrays.asList(fact(cpuinfo, "flags").split(" "));
    }

    private static String fact(final Path file, final String key) {
        for (final String line : lines(file)) {
            final int colon = line.indexOf(':');
            if (colon >= 0 && line.substring(0, colon).strip().equals(key)) {
                return line.substring(colon + 1).strip();
            }
        }
        return "";
    }

    private static String line(final Path file) {
        final List<String> lines = lines(file);
        return lines.isEmpty() ? "" : lines.getFirst().strip();
    }

    /** What may be read of a file, or nothing. */
    private static List<String> lines(final Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (final IOException e) {
            return List.of();
        }
    }
}
