package io.ringside.xenbus.toolstack;

import io.ringside.xenbus.protocol.XenbusKeys;
import io.ringside.xenbus.protocol.XenbusState;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A virtual network device as a configuration names it.
 *
 * @param frontendDomain who uses the network
 * @param backendDomain who serves it
 * @param handle the number of the device among those of its frontend
 * @param mac the frontend's address, six pairs of hexadecimal digits with colons between
 * @param mtuBytes most bytes of one frame behind its Ethernet header
 * @param trusted whether the frontend may trust the backend
 * @param rate bytes and microseconds with a comma between, how much may be sent; empty for no bound
 * @param bridge what network it is joined to; empty for none that has a name
 * @param script what joins it, which the backend waits for; empty if it need not wait
 */
public record VifConfig(
        int frontendDomain,
        int backendDomain,
        int handle,
        String mac,
        int mtuBytes,
        boolean trusted,
        String rate,
        String bridge,
        String script)
        implements DeviceConfig {
    private static final String KIND = "vif";
    private static final int USUAL_MTU_BYTES = 1500;
    private static final String MAC = "mac";
    private static final String MTU = "mtu";

    /** A device of the usual kind: trusted, unbounded, joined by nobody. */
    public VifConfig(
            final int frontendDomain, final int backendDomain, final int handle, final String mac) {
        this(frontendDomain, backendDomain, handle, mac, USUAL_MTU_BYTES, true, "", "", "");
    }

    /** The same device for another frontend's domain: the number it has after a suspend. */
    public VifConfig withFrontendDomain(final int domain) {
        return new VifConfig(
                domain, backendDomain, handle, mac, mtuBytes, trusted, rate, bridge, script);
    }

    /** The same device, served by another domain. */
    public VifConfig withBackendDomain(final int domain) {
        return new VifConfig(
                frontendDomain, domain, handle, mac, mtuBytes, trusted, rate, bridge, script);
    }

    /** The same device with longer or shorter frames. */
    public VifConfig withMtuBytes(final int bytes) {
        return new VifConfig(
                frontendDomain, backendDomain, handle, mac, bytes, trusted, rate, bridge, script);
    }

    /** The same device for a frontend that trusts its backend, or does not. */
    public VifConfig withTrusted(final boolean newTrusted) {
        return new VifConfig(
                frontendDomain,
                backendDomain,
                handle,
                mac,
                mtuBytes,
                newTrusted,
                rate,
                bridge,
                script);
    }

    /** The same device that may send so much. */
    public VifConfig withRate(final String newRate) {
        return new VifConfig(
                frontendDomain,
                backendDomain,
                handle,
                mac,
                mtuBytes,
                trusted,
                newRate,
                bridge,
                script);
    }

    /** The same device, joined to a network by a script. */
    public VifConfig withScript(final String newScript, final String newBridge) {
        return new VifConfig(
                frontendDomain,
                backendDomain,
                handle,
                mac,
                mtuBytes,
                trusted,
                rate,
                newBridge,
                newScript);
    }

    @Override
    public String frontendPath() {
        return XenbusKeys.frontendPath(frontendDomain, KIND, handle);
    }

    @Override
    public String backendPath() {
        return XenbusKeys.backendPath(backendDomain, KIND, frontendDomain, handle);
    }

    @Override
    public SequencedMap<String, String> frontendKeys() {
        final SequencedMap<String, String> keys = new LinkedHashMap<>();
        keys.put(XenbusKeys.BACKEND, backendPath());
        keys.put(XenbusKeys.BACKEND_ID, Integer.toString(backendDomain));
        keys.put(XenbusKeys.STATE, Integer.toString(XenbusState.INITIALISING));
        keys.put(XenbusKeys.HANDLE, Integer.toString(handle));
        keys.put("trusted", trusted ? "1" : "0");
        keys.put(MAC, mac);
        keys.put(MTU, Integer.toString(mtuBytes));
        return keys;
    }

    @Override
    public SequencedMap<String, String> backendKeys() {
        final SequencedMap<String, String> keys = new LinkedHashMap<>();
        keys.put(XenbusKeys.FRONTEND, frontendPath());
        keys.put(XenbusKeys.FRONTEND_ID, Integer.toString(frontendDomain));
        keys.put(XenbusKeys.ONLINE, "1");
        keys.put(XenbusKeys.STATE, Integer.toString(XenbusState.INITIALISING));
        putIfAny(keys, "script", script);
        keys.put(MAC, mac);
        putIfAny(keys, "rate", rate);
        putIfAny(keys, "bridge", bridge);
        keys.put(XenbusKeys.HANDLE, Integer.toString(handle));
        keys.put(MTU, Integer.toString(mtuBytes));
        return keys;
    }

    private static void putIfAny(
            final SequencedMap<String, String> keys, final String key, final String value) {
        if (!value.isEmpty()) {
            keys.put(key, value);
        }
    }
}
