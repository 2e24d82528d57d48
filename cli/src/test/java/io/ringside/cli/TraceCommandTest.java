package io.ringside.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TraceCommandTest {
    @Test
    void printsTheSameConnectionEachTime() {
        final Invocation first =
                Invocation.of("trace", "disk", "--device", "storvsc", "--ops", "3");
        assertThat(first.exitCode()).isZero();
        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .startsWith("storvsc: one connection, then 3 x read of 4 KiB, one at a time\n")
                .contains("   1  guest -> host  message   INITIATE_CONTACT, 56 bytes\n")
                .endsWith("\n11 messages, 32 packets and 32 signals up to completion 3\n")
                .doesNotContain("\u001b");
        assertThat(first.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(Invocation.of("trace", "disk")).isEqualTo(first);
    }

    @Test
    void printsOneObjectALine() {
        final Invocation json =
                Invocation.of("trace", "disk", "--op", "flush", "--ops", "1", "--json");
        assertThat(json.exitCode()).isZero();
        assertThat(json.out().lines())
                .allMatch(line -> line.startsWith("{\"schema\":\"ringside.trace/1\",\"number\":"))
                .allMatch(line -> line.endsWith(".\"}"))
                .anyMatch(line -> line.contains("\"name\":\"CompleteIo of SynchronizeCache10\""));
    }

    @Test
    void explainsItselfWithExamples() {
        final Invocation help = Invocation.of("trace", "disk", "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains("--device", "--ops", "--op", "--json")
                .contains("./ringside trace disk --device storvsc --ops 3");
    }
}
