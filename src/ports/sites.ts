/**
 * Places at which the engine may do what is legal and unlikely: seal a segment early, read again what it has in
 * memory, give others a turn between two steps. FoundationDB calls it BUGGIFY (`flow/Buggify.h`): faults come from
 * outside and wait for bad luck, and this is the code's own knowledge of where bad luck would hurt.
 *
 * A site must be right whenever it fires: never, now and then, or every time that it is asked.
 */
export interface Sites {
  /** Whether to do the unlikely this time. `site` is a stable dotted label such as `wal.seal-early`. On a host: never. */
  fires(site: string): boolean;
}

/** Nothing unlikely, and no cost. */
export const noSites: Sites = { fires: () => false };
