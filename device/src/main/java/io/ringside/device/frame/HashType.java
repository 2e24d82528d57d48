package io.ringside.device.frame;

/** Which fields of a frame its hash was taken over. */
public enum HashType {
    /** There is no hash. */
    NONE,
    /** Both addresses of IPv4. */
    IPV4,
    /** Both addresses of IPv4, both ports of TCP. */
    TCP_IPV4,
    /** Both addresses of IPv6. */
    IPV6,
    /** Both addresses of IPv6, both ports of TCP. */
    TCP_IPV6;

    /** What a frame is hashed over that has such headers, where all kinds are: its most special. */
    public static HashType of(final FrameHeaders headers) {
        final boolean isTcp =
                headers.hasTransport()
                        && headers.protocol() == FrameHeaders.TCP
                        && !headers.isFragment();
        return switch (headers.ipVersion()) {
            case 4 -> isTcp ? TCP_IPV4 : IPV4;
            case 6 -> isTcp ? TCP_IPV6 : IPV6;
            default -> NONE;
        };
    }
}
