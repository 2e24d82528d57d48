/**
 * The one entry point: {@code ./ringside}.
 *
 * <p>Read {@link io.ringside.cli.Ringside} first, then one command a file. Standard output holds
 * the result, standard error the progress (on a terminal only) and the one line of a refusal. Exit
 * codes: 0 done, 1 failed or found wrong, 2 cannot be used as asked, 130 ended by the user.
 *
 * <p>Threads: the main thread; a run starts its own. Rests on {@code perf}.
 */
@NullMarked
package io.ringside.cli;

import org.jspecify.annotations.NullMarked;
