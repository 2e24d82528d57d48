package io.ringside.emulated.ide.protocol;

/**
 * A drive's cylinders, heads and sectors per track: a fiction since the 1980s, but on the wire.
 *
 * @param cylinders how many, from 0
 * @param heads tracks per cylinder, 1 to 16, numbered from 0
 * @param sectorsPerTrack 1 to 255, numbered from 1
 */
public record Geometry(int cylinders, int heads, int sectorsPerTrack) {
    /** Most cylinders that IDENTIFY tells of. */
    public static final int MAX_CYLINDERS = 16383;

    /** Heads of every drive that has more than a few sectors. */
    public static final int DEFAULT_HEADS = 16;

    /** Sectors per track of the same. */
    public static final int DEFAULT_SECTORS_PER_TRACK = 63;

    /** The usual geometry of a drive with so many sectors. */
    public static Geometry of(final long sectors) {
        return of(sectors, DEFAULT_HEADS, DEFAULT_SECTORS_PER_TRACK);
    }

    /** As many whole cylinders of this shape as so many sectors fill. */
    public static Geometry of(final long sectors, final int heads, final int sectorsPerTrack) {
        final long cylinders = sectors / ((long) heads * sectorsPerTrack);
        return new Geometry((int) Math.min(cylinders, MAX_CYLINDERS), heads, sectorsPerTrack);
    }

    /** How many sectors can be named. */
    public long sectors() {
        return (long) cylinders * heads * sectorsPerTrack;
    }
}
