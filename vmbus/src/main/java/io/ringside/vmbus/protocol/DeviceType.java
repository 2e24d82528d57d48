package io.ringside.vmbus.protocol;

/**
 * The class GUIDs of the devices that Hyper-V offers.
 *
 * <p>Source: linux/hyperv.h.
 */
public final class DeviceType {
    /** Synthetic network card: netvsc. */
    public static final Guid NETWORK = Guid.parse("f8615163-df3e-46c5-913f-f2d2f965ed0e");

    /** Accelerated IDE disk: storvsc. */
    public static final Guid IDE = Guid.parse("32412632-86cb-44a2-9b5c-50d1417354f5");

    /** SCSI controller: storvsc. */
    public static final Guid SCSI = Guid.parse("ba6163d9-04a1-4d29-b605-72e2ffb1dc7f");

    /** Fibre channel adapter: storvsc. */
    public static final Guid FIBRE_CHANNEL = Guid.parse("2f9bcc4a-0069-4af3-b76b-6fd0be528cda");

    /** Shutdown requests. */
    public static final Guid SHUTDOWN = Guid.parse("0e0b6031-5213-4934-818b-38d90ced39db");

    /** Time synchronisation. */
    public static final Guid TIME = Guid.parse("9527e630-d0ae-497b-adce-e80ab0175caf");

    /** Heartbeat. */
    public static final Guid HEARTBEAT = Guid.parse("57164f39-9115-4e78-ab55-382f3bd5422d");

    /** Key and value exchange. */
    public static final Guid KEY_VALUE = Guid.parse("a9a0f4e7-5a45-4d96-b827-8a841e8c03e6");

    private DeviceType() {}
}
