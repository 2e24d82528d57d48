package io.ringside.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest tells. */
final class RingsideVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        final String version = Ringside.class.getPackage().getImplementationVersion();
        return new String[] {
            "ringside " + (version == null ? "(not packaged)" : version),
            "Java " + Runtime.version()
        };
    }
}
