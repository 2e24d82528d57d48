package io.ringside.cli;

/**
 * A process of a comparison that died or failed, so that the comparison is not what was asked for.
 */
final class ForkFailure extends Exception {
    private static final String OURS = "ringside: ";
    private static final long serialVersionUID = 1;

    /**
     * A failure.
     *
     * @param fork which it was, from 1
     * @param forks of how many
     * @param ended how
     */
    ForkFailure(final int fork, final int forks, final ForkProcess.Ended ended) {
        super(told(fork, forks, ended));
    }

    /** What the process said itself where it knew what was wrong; else how it ended. */
    private static String told(final int fork, final int forks, final ForkProcess.Ended ended) {
        final String words = ended.lastWords();
        if (words.startsWith(OURS)) {
            return words.substring(OURS.length());
        }
        return "fork "
                + fork
                + " of "
                + forks
                + " died with exit code "
                + ended.exitCode()
                + (words.isEmpty() ? "" : " (" + words + ")")
                + ": nothing is reported, repeat the run";
    }
}
