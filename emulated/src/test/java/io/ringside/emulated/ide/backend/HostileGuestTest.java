package io.ringside.emulated.ide.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringside.emulated.ide.IdeMachine;
import io.ringside.emulated.ide.MoodyStore;
import io.ringside.emulated.ide.protocol.AtaCommand;
import io.ringside.emulated.ide.protocol.AtaRegisters;
import io.ringside.emulated.ide.protocol.AtaStatus;
import io.ringside.emulated.ide.protocol.IdePorts;
import io.ringside.emulated.ide.protocol.PrdEntry;
import io.ringside.emulated.trap.StringIo;
import io.ringside.testkit.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A guest that writes anything anywhere, over a store that is slow and moody. The model may refuse
 * it all; it may not throw, hang, or touch what the guest has not named.
 */
class HostileGuestTest {
    private static final int STEPS = 200_000;
    private static final int SECTORS = 512;

    /** Never named by any descriptor or string access below: the last frames. */
    private static final int UNTOUCHED = (IdeMachine.FRAMES - 16) * 4096;

    private static final int UNTOUCHED_BYTES = 16 * 4096;
    private static final int MARK = 0xA5;
    private static final int[] COMMANDS = {
        0x20, 0x24, 0x25, 0x29, 0x30, 0x34, 0x35, 0x39, 0x3D, 0x40, 0x42, 0x90, 0x91, 0xC4, 0xC5,
        0xC6, 0xC8, 0xCA, 0xE0, 0xE1, 0xE5, 0xE7, 0xEA, 0xEC, 0xEF
    };

    @ParameterizedTest
    @EnumSource(StringIo.class)
    void survivesAnyTrafficAndServesTheNextGuest(final StringIo stringIo) {
        final Seed seed = Seed.ofRun();
        final SplittableRandom random = seed.random();
        final MoodyStore store = new MoodyStore(SECTORS, 3, random.split());
        try (IdeMachine machine = new IdeMachine(store, DriveIdentity.RINGSIDE, stringIo)) {
            machine.bytes().setMemory(UNTOUCHED, UNTOUCHED_BYTES, (byte) MARK);
            machine.unmask();
            for (int i = 0; i < STEPS; i++) {
                step(machine, random);
            }
            assertThat(machine.disk().refusedCommands()).as(seed.toString()).isPositive();
            assertThat(machine.disk().refusedTables()).as(seed.toString()).isPositive();
            assertThat(machine.disk().ignoredWrites()).as(seed.toString()).isPositive();
            assertThat(store.seen()).as(seed.toString()).hasSizeGreaterThan(STEPS / 100);
            for (int i = 0; i < UNTOUCHED_BYTES; i++) {
                if (machine.bytes().getByte(UNTOUCHED + i) != (byte) MARK) {
                    assertThat(i).as("touched at %d, %s", UNTOUCHED + i, seed).isEqualTo(-1);
                }
            }
            servesTheNextGuest(machine, store, seed);
        }
    }

    private static void step(final IdeMachine machine, final SplittableRandom random) {
        final int commandBlock = IdePorts.PRIMARY.commandBlock();
        final int engine = IdePorts.PRIMARY.busMaster();
        switch (random.nextInt(16)) {
            case 0, 1 -> machine.write(random.nextInt(8), random.nextInt(256));
            case 2 ->
                    machine.write(AtaRegisters.COMMAND, COMMANDS[random.nextInt(COMMANDS.length)]);
            case 3 ->
                    machine.command(
                            COMMANDS[random.nextInt(COMMANDS.length)],
                            random.nextInt(SECTORS + 10),
                            random.nextInt(20));
            case 4 ->
                    machine.extendedCommand(
                            COMMANDS[random.nextInt(COMMANDS.length)],
                            random.nextInt(SECTORS + 10),
                            random.nextInt(300));
            case 5 -> machine.read(random.nextInt(8));
            case 6 -> anyWidth(machine, commandBlock + random.nextInt(8), random);
            case 7 -> anyWidth(machine, IdePorts.PRIMARY.control(), random);
            case 8 -> anyWidth(machine, engine + random.nextInt(8), random);
            case 9 -> {
                randomTable(machine, random);
                machine.engine(4096L * random.nextInt(4), random.nextBoolean());
                machine.start(random.nextInt(4) != 0);
            }
            case 10 -> machine.start(random.nextBoolean());
            case 11 -> machine.fetch(address(random), 2 + 2 * random.nextInt(4096));
            case 12 -> machine.send(address(random), 2 + 2 * random.nextInt(4096));
            case 13 -> {
                if (random.nextInt(20) == 0) {
                    machine.control(random.nextBoolean() ? AtaRegisters.SOFT_RESET : 0);
                }
            }
            case 14 -> machine.takeInterrupt();
            default -> {
                machine.control(0);
                for (int i = random.nextInt(10); i > 0; i--) {
                    machine.disk().doWork();
                }
            }
        }
    }

    private static int address(final SplittableRandom random) {
        return 0x20000 + 2 * random.nextInt(0x20000);
    }

    private static void anyWidth(
            final IdeMachine machine, final int port, final SplittableRandom random) {
        switch (random.nextInt(8)) {
            case 0 -> machine.io().outb(port, random.nextInt());
            case 1 -> machine.io().outw(port, random.nextInt());
            case 2 -> machine.io().outl(port, random.nextLong());
            case 3 -> machine.io().inb(port);
            case 4 -> machine.io().inw(port);
            case 5 -> machine.io().inl(port);
            case 6 -> machine.io().insw(port, address(random), 1 + random.nextInt(300));
            default -> machine.io().outsw(port, address(random), 1 + random.nextInt(300));
        }
    }

    /** Tables of the first four frames: some good, some bad in one entry, some all noise. */
    private static void randomTable(final IdeMachine machine, final SplittableRandom random) {
        final PrdEntry table = machine.table(4096L * random.nextInt(4), PrdEntry.MAX_ENTRIES);
        final int entries = 1 + random.nextInt(8);
        final boolean isWhole = random.nextBoolean();
        for (int i = 0; i < entries; i++) {
            final int length = isWhole ? 512 << random.nextInt(6) : 2 + 2 * random.nextInt(4000);
            table.put(i, address(random) & ~511, length, i == entries - 1);
        }
        if (random.nextInt(4) == 0) {
            final long beyond = IdeMachine.FRAMES * 4096L + random.nextLong(1L << 31);
            table.put(random.nextInt(entries), beyond, 512, random.nextBoolean());
        }
    }

    private static void servesTheNextGuest(
            final IdeMachine machine, final MoodyStore store, final Seed seed) {
        machine.start(false);
        machine.control(AtaRegisters.SOFT_RESET);
        machine.control(0);
        machine.settle();
        assertThat(machine.status()).as(seed.toString()).isEqualTo(0x50);
        machine.command(AtaCommand.READ_SECTORS, 77, 1);
        assertThat(machine.settle()).as(seed.toString()).isEqualTo(0x50 | AtaStatus.DATA_REQUEST);
        machine.fetch(4096, 512);
        for (int i = 0; i < 512; i++) {
            assertThat(machine.bytes().getByte(4096 + i))
                    .as(seed.toString())
                    .isEqualTo(store.bytes()[77 * 512 + i]);
        }
    }
}
