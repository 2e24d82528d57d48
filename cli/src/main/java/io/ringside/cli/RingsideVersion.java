package io.ringside.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest tells. */
final class RingsideVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"ringside " + text(), "Java " + Runtime.version()};
    }

    /** The version alone. */
    static String text() {
        final String version = Ringside.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
