package io.ringside.perf.calibrate;

import java.util.HexFormat;

/**
 * What a guest runs: one crossing in a loop, then a byte to the end port.
 *
 * <p>The instructions are the same bytes in 16 and in 64 bits, but for the prefix that makes {@code
 * insw} of {@code insd}. On entry CX holds how often; AX {@value #UNKNOWN_HYPERCALL}, DX the port
 * of a device model, DI an address that no memory backs, SI the words of a block, BP where a block
 * goes, BX how many blocks.
 *
 * <p>Source: the opcode map of the processor manuals (Intel SDM volume 2, AMD APM volume 3).
 */
enum GuestProgram {
    /** {@code loop} to itself: what an instruction takes that leaves nobody. */
    SPIN("E2 FE"),
    /** {@code out 10h, al}: answered by us. */
    PORT_OUT("E6 10 E2 FC"),
    /** {@code in al, 10h}: answered by us. */
    PORT_IN("E4 10 E2 FC"),
    /** {@code mov ecx, esi; mov edi, ebp; rep insw; dec ebx; jnz}: a block of words from us. */
    STRING_IN("89 F1 89 EF 90 F3 6D FF CB 75 F5"),
    /** {@code mov [edi], al}: answered by us. */
    MMIO_WRITE("67 88 07 E2 FB"),
    /** {@code mov al, [edi]}: answered by us. */
    MMIO_READ("67 8A 07 E2 FB"),
    /** {@code out 21h, al}: the mask of the kernel's interrupt controller. */
    CONTROLLER_OUT("E6 21 E2 FC"),
    /** {@code out 12h, al}: a port that the kernel turns into an event. */
    EVENT_OUT("E6 12 E2 FC"),
    /** {@code vmcall}: a hypercall nobody knows, as Intel encodes it. */
    VMCALL("0F 01 C1 E2 FB"),
    /** {@code vmmcall}: the same as AMD encodes it. */
    VMMCALL("0F 01 D9 E2 FB");

    static final int MODEL_PORT = 0x10;
    static final int EVENT_PORT = 0x12;
    static final int END_PORT = 0x1F;
    static final int UNKNOWN_HYPERCALL = 0xFF;

    private static final int STRING_PREFIX_AT = 4;
    private static final byte OPERAND_SIZE = 0x66;
    private static final String END = " E6 1F";
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

    private final String hex;

    GuestProgram(final String hex) {
        this.hex = hex;
    }

    /** The instructions for a mode, the end included. */
    byte[] code(final GuestMode mode) {
        final byte[] code = SPACED.parseHex(hex + END);
        if (this == STRING_IN && mode == GuestMode.USER_64) {
            code[STRING_PREFIX_AT] = OPERAND_SIZE;
        }
        return code;
    }

    /** Whether every turn of the loop comes out to us. */
    boolean exitsToUs() {
        return switch (this) {
            case PORT_OUT, PORT_IN, STRING_IN, MMIO_WRITE, MMIO_READ -> true;
            case SPIN, CONTROLLER_OUT, EVENT_OUT, VMCALL, VMMCALL -> false;
        };
    }
}
