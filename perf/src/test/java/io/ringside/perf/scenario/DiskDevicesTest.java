package io.ringside.perf.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskDevicesTest {
    private static List<String> rows(final List<String> names, final List<String> features)
            throws UsageException {
        return DiskDevices.ALL.rows(names, features).stream().map(Variant::name).toList();
    }

    @Test
    void measuresEveryDiskAndEveryFeatureUnlessToldOtherwise() throws UsageException {
        assertThat(rows(List.of(), List.of()))
                .containsExactly(
                        "ide-pio",
                        "ide-dma",
                        "xen-blkfront",
                        "storvsc",
                        "ide-pio+ioreq",
                        "ide-dma+ioreq",
                        "xen-blkfront+persistent",
                        "xen-blkfront+indirect",
                        "xen-blkfront+ring4",
                        "xen-blkfront+2q",
                        "xen-blkfront+all",
                        "storvsc+subchannels");
        assertThat(rows(List.of(), List.of("none")))
                .containsExactly("ide-pio", "ide-dma", "xen-blkfront", "storvsc");
    }

    @Test
    void measuresWhatIsNamedAndNothingElse() throws UsageException {
        assertThat(rows(List.of("xen-blkfront", "ide-dma"), List.of()))
                .containsExactly("xen-blkfront", "ide-dma");
        assertThat(rows(List.of("xen-blkfront+ring4+indirect"), List.of()))
                .containsExactly("xen-blkfront+indirect+ring4");
    }

    @Test
    void addsTheFeaturesThatAreAskedForUnderTheDisks() throws UsageException {
        assertThat(rows(List.of("xen-blkfront", "ide-dma"), List.of("2q", "all")))
                .containsExactly(
                        "xen-blkfront",
                        "ide-dma",
                        "xen-blkfront+2q",
                        "xen-blkfront+all",
                        "ide-dma+ioreq");
        assertThat(rows(List.of("storvsc", "xen-blkfront"), List.of("2q", "all", "subchannels")))
                .as("each feature where it exists; of one feature, all is that one")
                .containsExactly(
                        "storvsc",
                        "xen-blkfront",
                        "storvsc+subchannels",
                        "xen-blkfront+2q",
                        "xen-blkfront+all");
        assertThat(rows(List.of("xen-blkfront+2q", "xen-blkfront"), List.of("2q")))
                .containsExactly("xen-blkfront+2q", "xen-blkfront");
    }

    @Test
    void knowsEveryFeatureByTheNameOfAll() throws UsageException {
        assertThat(DiskDevices.ALL.variant("xen-blkfront+2q+ring4+indirect+persistent").name())
                .isEqualTo("xen-blkfront+all");
        assertThat(DiskDevices.ALL.variant("xen-blkfront+all").features())
                .containsExactlyInAnyOrder(
                        DiskFeature.PERSISTENT,
                        DiskFeature.INDIRECT,
                        DiskFeature.RING4,
                        DiskFeature.TWO_QUEUES);
        assertThat(DiskDevices.ALL.variant("storvsc+all").name()).isEqualTo("storvsc+subchannels");
    }

    @ParameterizedTest
    @CsvSource({
        "floppy, '', unknown device 'floppy'",
        "xen-blkfront+turbo, '', 'has no feature ''turbo'': use persistent, indirect'",
        "ide-dma+2q, '', 'has no feature ''2q'': use ioreq'",
        "xen-blkfront+, '', has no feature ''",
        "+2q, '', unknown device ''",
        "xen-blkfront, turbo, has no feature 'turbo'",
        "ide-dma, 2q, 'has no feature ''2q'': use ioreq'",
        "xen-blkfront, subchannels, has no feature 'subchannels'",
        "storvsc+2q, '', 'has no feature ''2q'': use subchannels'",
    })
    void refusesWhatDoesNotExist(final String name, final String feature, final String message) {
        final List<String> features = feature.isEmpty() ? List.of() : List.of(feature);
        assertThatThrownBy(() -> rows(List.of(name), features))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesTheSameDiskTwice() {
        assertThatThrownBy(() ->
                        rows(List.of("xen-blkfront+2q+ring4", "xen-blkfront+ring4+2q"), List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("named twice");
    }
}
