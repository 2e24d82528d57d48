package io.ringside.emulated.rtl8139.backend;

import io.ringside.emulated.nic.backend.SerialEeprom;
import io.ringside.emulated.rtl8139.protocol.EepromPins;

/** The register in front of the EEPROM, which also locks the configuration registers. */
final class EepromRegister {
    private static final int SIGNATURE = 0x8129;

    private final SerialEeprom eeprom = new SerialEeprom();
    private int register;

    EepromRegister(final long stationAddress) {
        eeprom.word(0, SIGNATURE);
        eeprom.stationAddress(EepromPins.STATION_WORD, stationAddress);
    }

    int read() {
        return register & ~EepromPins.DATA_OUT | (eeprom.dataOut() ? EepromPins.DATA_OUT : 0);
    }

    void write(final int value) {
        register = value;
        eeprom.pins(
                (value & EepromPins.PROGRAM) != 0 && (value & EepromPins.SELECT) != 0,
                (value & EepromPins.CLOCK) != 0,
                (value & EepromPins.DATA_IN) != 0);
    }
}
