package io.ringside.emulated.ide.frontend;

/** How the driver moves data. */
public enum IdeMode {
    /** READ and WRITE SECTORS: the processor moves every word, an interrupt for each sector. */
    PIO,
    /** READ and WRITE MULTIPLE: the same with up to 16 sectors for each interrupt. */
    PIO_MULTIPLE,
    /** READ and WRITE DMA: the bus master moves the data, one interrupt for each command. */
    DMA
}
