package io.ringside.emulated.tulip.backend;

import io.ringside.emulated.nic.backend.SerialEeprom;
import io.ringside.emulated.tulip.protocol.SerialPins;

/**
 * CSR9: the wires of the serial ROM and of the PHY.
 *
 * <pre>
 *   the ROM, in bytes:
 *     18  version 1 of its layout     19  one port
 *     20  station address (6)         27  place of the media table (2)
 *     30  media: autosense (2), pins all inputs (1), one leaf (1); that leaf: a PHY
 * </pre>
 *
 * <p>Source: the ROM's layout from {@code srom} of {@code tulip.json}. The ROM's own check sums are
 * left out. Threads: the vCPU's.
 */
final class SerialRegister {
    private static final int VERSION_WORD = SerialPins.ROM_VERSION_BYTE / Short.BYTES;
    private static final int ONE_PORT_VERSION_1 = 0x0101;
    private static final int MEDIA_BYTE = 30;
    private static final int AUTOSENSE = 0x0800;
    private static final int[] MEDIA = {
        AUTOSENSE & 0xFF,
        AUTOSENSE >>> 8, // Which medium.
        0x00,
        0x01, // No pin is an output; one leaf follows.
        0x8C,
        0x01, // Of 12 more bytes, for a PHY,
        0x00,
        0x00,
        0x00, // the first one, which needs no pins.
        0x00,
        0x78,
        0xE0,
        0x01, // Media, and what is advertised.
        0x00,
        0x50,
        0x00,
        0x18 // Which are full duplex, and which run at 10 Mbit/s.
    };

    private final SerialEeprom rom = new SerialEeprom();
    private final PhyWire phy = new PhyWire();
    private int register;

    SerialRegister(final long stationAddress) {
        rom.word(VERSION_WORD, ONE_PORT_VERSION_1);
        rom.stationAddress(SerialPins.ROM_STATION_BYTE / Short.BYTES, stationAddress);
        romByte(SerialPins.ROM_MEDIA_BYTE, MEDIA_BYTE);
        for (int i = 0; i < MEDIA.length; i++) {
            romByte(MEDIA_BYTE + i, MEDIA[i]);
        }
    }

    private void romByte(final int offset, final int value) {
        final int word = offset / Short.BYTES;
        rom.word(word, rom.word(word) | value << Byte.SIZE * (offset & 1));
    }

    void reset() {
        write(0, false);
    }

    int read() {
        return register & ~(SerialPins.ROM_OUT | SerialPins.PHY_IN)
                | (rom.dataOut() ? SerialPins.ROM_OUT : 0)
                | (phy.isHigh() ? SerialPins.PHY_IN : 0);
    }

    void write(final int value, final boolean isLinkUp) {
        register = value;
        rom.pins(
                (value & SerialPins.ROM_PORT) != 0 && (value & SerialPins.ROM_SELECT) != 0,
                (value & SerialPins.ROM_CLOCK) != 0,
                (value & SerialPins.ROM_IN) != 0);
        final boolean listens = (value & SerialPins.PHY_LISTEN) != 0;
        phy.pins(
                (value & SerialPins.PHY_CLOCK) != 0,
                listens || (value & SerialPins.PHY_OUT) != 0,
                isLinkUp);
    }
}
