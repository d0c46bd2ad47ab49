import { lenses } from '../lens/index.ts';

export interface ViewOptions {
  /** Names of the lenses whose resolutions are kept; none switches views off. Default: all lenses. */
  readonly lenses?: readonly string[];
  /**
   * The materializer rests at least this long after each pass over what has changed, and at least as long as
   * the pass took. Default 10.
   */
  readonly restMs?: number;
  /** Entries of `ranked` that are kept. Default 10. */
  readonly rankedMax?: number;
  /** What the lenses may hold while they resolve, in bytes. Default 32 MiB. */
  readonly memoryBytesMax?: number;
}

export type ResolvedViewOptions = Required<ViewOptions>;

/** Fills in the defaults. */
export function viewOptionsOf(options: ViewOptions): ResolvedViewOptions {
  return {
    lenses: [...lenses.keys()],
    restMs: 10,
    rankedMax: 10,
    memoryBytesMax: 32 * 1024 * 1024,
    ...options,
  };
}
