// How many pictures a path has.

/** Pictures of a strip. */
export const STRIP = 11;
/** Pictures of a path that is played; every sixth is one of the strip. */
export const FRAMES = 61;
