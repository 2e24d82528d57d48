/**
 * Plain drivers that do nothing but live: connect, close, die and come back, by the step tables.
 */
@NullMarked
package io.ringside.xenbus.life;

import org.jspecify.annotations.NullMarked;
