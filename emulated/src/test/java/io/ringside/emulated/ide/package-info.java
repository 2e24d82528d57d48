/** What the tests of the IDE disk share: a machine with one disk, and a store with moods. */
@NullMarked
package io.ringside.emulated.ide;

import org.jspecify.annotations.NullMarked;
