/**
 * The command line as its users meet it, most of it in this process, and the arrows of the house.
 */
@NullMarked
package io.ringside.cli;

import org.jspecify.annotations.NullMarked;
