package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The modelled clock on the command line. */
class ModelledClockTest {
    @Test
    void printsTheSameFiguresEachTimeAndSaysThatTheyAreModelled() {
        final Invocation first =
                Invocation.of(
                        "compare",
                        "disk",
                        "--clock",
                        "modelled",
                        "--ops",
                        "64",
                        "--pattern",
                        "randrw",
                        "--devices",
                        "ide-dma,storvsc",
                        "--guests",
                        "2",
                        "--host-processors",
                        "1",
                        "--output",
                        "-");
        assertThat(first.exitCode()).as(first.err()).isEqualTo(Ringside.DONE);
        assertThat(first.out())
                .contains("clock: modelled", "2 guests", "times (modelled clock", "ide-dma", "ok")
                .contains("1 processor of the host for all guests", "range of costs")
                .contains("ratios are upper bounds", "thread-switch")
                .doesNotContain("this machine, this run");
        final Invocation second =
                Invocation.of(
                        "compare",
                        "disk",
                        "--clock",
                        "modelled",
                        "--ops",
                        "64",
                        "--pattern",
                        "randrw",
                        "--devices",
                        "ide-dma,storvsc",
                        "--guests",
                        "2",
                        "--host-processors",
                        "1",
                        "--output",
                        "-");
        assertThat(second.out()).isEqualTo(first.out());
    }

    @Test
    void marksJobsAsModelledInJson() {
        final Invocation net =
                Invocation.of(
                        "compare",
                        "net",
                        "--clock",
                        "modelled",
                        "--seconds",
                        "0.001",
                        "--devices",
                        "netvsc",
                        "--direction",
                        "rx",
                        "--rate",
                        "1g",
                        "--output",
                        "-",
                        "--json");
        assertThat(net.exitCode()).as(net.err()).isEqualTo(Ringside.DONE);
        assertThat(net.out())
                .contains("\"clock\" : \"modelled\"", "\"guests\" : \"1\"", "\"band\" : {");
    }

    @Test
    void refusesWhatNeedsTheOtherClock() {
        refuses("--guests needs --clock modelled: add it", "--guests", "3");
        refuses("--medium-latency needs --clock modelled: add it", "--medium-latency", "80");
        refuses("unknown clock 'warp': use wall or modelled", "--clock", "warp");
        refuses(
                "--guests 65 cannot be used: it must be 1 to 64",
                "--clock",
                "modelled",
                "--guests",
                "65");
        refuses(
                "--costs counts charges nothing, and the modelled clock would stand still: name"
                        + " another profile",
                "--clock",
                "modelled",
                "--costs",
                "counts");
        refuses(
                "--host-work -1 cannot be used: it must be 0 to 1000000000",
                "--clock",
                "modelled",
                "--host-work",
                "-1");
    }

    private static void refuses(final String message, final String... options) {
        final String[] arguments = new String[options.length + 2];
        arguments[0] = "compare";
        arguments[1] = "disk";
        System.arraycopy(options, 0, arguments, 2, options.length);
        final Invocation refused = Invocation.of(arguments);
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(Ringside.UNUSABLE);
        assertThat(refused.err().trim()).isEqualTo("ringside: " + message);
        assertThat(refused.out()).isEmpty();
    }

    @Test
    void printsPublishedFiguresNextToWhatTheModelGives() {
        final Invocation row = Invocation.of("predict", "V5");
        assertThat(row.exitCode()).as(row.err()).isEqualTo(Ringside.DONE);
        assertThat(row.out()).contains("clock: modelled", "V5", "published", "band", "missing:");
        assertThat(Invocation.of("predict", "V5", "--json").out())
                .contains("\"schema\" : \"ringside.prediction/1\"", "\"published\" : 100.0");
        assertThat(Invocation.of("predict", "V99").exitCode()).isEqualTo(Ringside.UNUSABLE);
    }
}
