package io.ringside.xenbus.protocol.hypercall;

import org.junit.jupiter.api.Test;

/** The arguments of event channel operations, held against the header. */
class EventChannelOpLayoutTest {
    private final ArgumentFacts facts = new ArgumentFacts("xen-evtchn");

    @Test
    void laysEvtchnAllocUnboundAtTheBytesOfTheHeader() {
        final EvtchnAllocUnbound argument =
                new EvtchnAllocUnbound().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_alloc_unbound", EvtchnAllocUnbound.SIZE_BYTES);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field(
                "remote_dom", () -> argument.remoteDomain(0xF1B2), argument::remoteDomain, 0xF1B2);
        facts.field("port", () -> argument.port(0xF1B2_C3D4), argument::port, 0xF1B2_C3D4);
    }

    @Test
    void laysEvtchnBindInterdomainAtTheBytesOfTheHeader() {
        final EvtchnBindInterdomain argument =
                new EvtchnBindInterdomain().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_bind_interdomain", EvtchnBindInterdomain.SIZE_BYTES);
        facts.field(
                "remote_dom", () -> argument.remoteDomain(0xF1B2), argument::remoteDomain, 0xF1B2);
        facts.field(
                "remote_port",
                () -> argument.remotePort(0xF1B2_C3D4),
                argument::remotePort,
                0xF1B2_C3D4);
        facts.field(
                "local_port",
                () -> argument.localPort(0xF1B2_C3D4),
                argument::localPort,
                0xF1B2_C3D4);
    }

    @Test
    void laysEvtchnBindVirqAtTheBytesOfTheHeader() {
        final EvtchnBindVirq argument = new EvtchnBindVirq().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_bind_virq", EvtchnBindVirq.SIZE_BYTES);
        facts.field("virq", () -> argument.virq(0xF1B2_C3D4), argument::virq, 0xF1B2_C3D4);
        facts.field(
                "vcpu", () -> argument.processor(0xF1B2_C3D4), argument::processor, 0xF1B2_C3D4);
        facts.field("port", () -> argument.port(0xF1B2_C3D4), argument::port, 0xF1B2_C3D4);
    }

    @Test
    void laysEvtchnBindPirqAtTheBytesOfTheHeader() {
        final EvtchnBindPirq argument = new EvtchnBindPirq().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_bind_pirq", EvtchnBindPirq.SIZE_BYTES);
        facts.field("pirq", () -> argument.pirq(0xF1B2_C3D4), argument::pirq, 0xF1B2_C3D4);
        facts.field("flags", () -> argument.flags(0xF1B2_C3D4), argument::flags, 0xF1B2_C3D4);
        facts.field("port", () -> argument.port(0xF1B2_C3D4), argument::port, 0xF1B2_C3D4);
    }

    @Test
    void laysEvtchnBindIpiAtTheBytesOfTheHeader() {
        final EvtchnBindIpi argument = new EvtchnBindIpi().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_bind_ipi", EvtchnBindIpi.SIZE_BYTES);
        facts.field(
                "vcpu", () -> argument.processor(0xF1B2_C3D4), argument::processor, 0xF1B2_C3D4);
        facts.field("port", () -> argument.port(0xF1B2_C3D4), argument::port, 0xF1B2_C3D4);
    }

    @Test
    void laysEvtchnCloseAtTheBytesOfTheHeader() {
        final EvtchnClose argument = new EvtchnClose().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_close", EvtchnClose.SIZE_BYTES);
        facts.field("port", () -> argument.port(0xF1B2_C3D4), argument::port, 0xF1B2_C3D4);
    }

    @Test
    void laysEvtchnSendAtTheBytesOfTheHeader() {
        final EvtchnSend argument = new EvtchnSend().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_send", EvtchnSend.SIZE_BYTES);
        facts.field("port", () -> argument.port(0xF1B2_C3D4), argument::port, 0xF1B2_C3D4);
    }

    @Test
    void laysEvtchnStatusAtTheBytesOfTheHeader() {
        final EvtchnStatus argument = new EvtchnStatus().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_status", EvtchnStatus.SIZE_BYTES);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
        facts.field("port", () -> argument.port(0xF1B2_C3D4), argument::port, 0xF1B2_C3D4);
        facts.field("status", () -> argument.status(0xF1B2_C3D4), argument::status, 0xF1B2_C3D4);
        facts.field(
                "vcpu", () -> argument.processor(0xF1B2_C3D4), argument::processor, 0xF1B2_C3D4);
        facts.field(
                "u.unbound.dom",
                () -> argument.remoteDomain(0xF1B2),
                argument::remoteDomain,
                0xF1B2);
        facts.field(
                "u.interdomain.port",
                () -> argument.remotePort(0xF1B2_C3D4),
                argument::remotePort,
                0xF1B2_C3D4);
        facts.field("u.virq", () -> argument.line(0xF1B2_C3D4), argument::line, 0xF1B2_C3D4);
    }

    @Test
    void laysEvtchnBindVcpuAtTheBytesOfTheHeader() {
        final EvtchnBindVcpu argument = new EvtchnBindVcpu().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_bind_vcpu", EvtchnBindVcpu.SIZE_BYTES);
        facts.field("port", () -> argument.port(0xF1B2_C3D4), argument::port, 0xF1B2_C3D4);
        facts.field(
                "vcpu", () -> argument.processor(0xF1B2_C3D4), argument::processor, 0xF1B2_C3D4);
    }

    @Test
    void laysEvtchnUnmaskAtTheBytesOfTheHeader() {
        final EvtchnUnmask argument = new EvtchnUnmask().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_unmask", EvtchnUnmask.SIZE_BYTES);
        facts.field("port", () -> argument.port(0xF1B2_C3D4), argument::port, 0xF1B2_C3D4);
    }

    @Test
    void laysEvtchnResetAtTheBytesOfTheHeader() {
        final EvtchnReset argument = new EvtchnReset().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_reset", EvtchnReset.SIZE_BYTES);
        facts.field("dom", () -> argument.domain(0xF1B2), argument::domain, 0xF1B2);
    }

    @Test
    void laysEvtchnInitControlAtTheBytesOfTheHeader() {
        final EvtchnInitControl argument =
                new EvtchnInitControl().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_init_control", EvtchnInitControl.SIZE_BYTES);
        facts.field(
                "control_gfn",
                () -> argument.controlFrame(0xA1B2_C3D4_E5F6_0718L),
                argument::controlFrame,
                0xA1B2_C3D4_E5F6_0718L);
        facts.field("offset", () -> argument.offset(0xF1B2_C3D4), argument::offset, 0xF1B2_C3D4);
        facts.field(
                "vcpu", () -> argument.processor(0xF1B2_C3D4), argument::processor, 0xF1B2_C3D4);
        facts.field("link_bits", () -> argument.linkBits(0xB2), argument::linkBits, 0xB2);
    }

    @Test
    void laysEvtchnExpandArrayAtTheBytesOfTheHeader() {
        final EvtchnExpandArray argument =
                new EvtchnExpandArray().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_expand_array", EvtchnExpandArray.SIZE_BYTES);
        facts.field(
                "array_gfn",
                () -> argument.arrayFrame(0xA1B2_C3D4_E5F6_0718L),
                argument::arrayFrame,
                0xA1B2_C3D4_E5F6_0718L);
    }

    @Test
    void laysEvtchnSetPriorityAtTheBytesOfTheHeader() {
        final EvtchnSetPriority argument =
                new EvtchnSetPriority().wrap(facts.page(), ArgumentFacts.AT);
        facts.struct("evtchn_set_priority", EvtchnSetPriority.SIZE_BYTES);
        facts.field("port", () -> argument.port(0xF1B2_C3D4), argument::port, 0xF1B2_C3D4);
        facts.field(
                "priority", () -> argument.priority(0xF1B2_C3D4), argument::priority, 0xF1B2_C3D4);
    }
}
