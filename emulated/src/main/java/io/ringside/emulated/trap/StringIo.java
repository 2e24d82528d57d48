package io.ringside.emulated.trap;

/** How a hypervisor traps {@code rep insw} and {@code rep outsw}. */
public enum StringIo {
    /** One exit for the whole instruction, its count in the exit information. */
    ONE_EXIT,
    /** One exit for each word, as a loop of {@code inw} or a hypervisor that steps would have. */
    PER_WORD
}
