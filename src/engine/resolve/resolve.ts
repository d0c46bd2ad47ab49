import { StemeError } from '../errors.ts';
import type { KeyValueReader } from '../kv/index.ts';
import type { Lens, LensOptions, Resolution } from '../lens/index.ts';
import { candidatesOf, type ClaimFilter } from './candidates.ts';

export interface ResolveOptions extends LensOptions {
  /** What the lenses may hold together, in bytes. */
  readonly memoryBytesMax: number;
}

/** Too many claims differ for the lens to hold what it needs of each. Nothing was answered. */
export class QueryTooLargeError extends StemeError {
  constructor(lens: string, bytesMax: number) {
    super(
      'STEME_QUERY_TOO_LARGE',
      `The lens "${lens}" needs more than ${bytesMax} bytes for this question, because so many claims differ. ` +
        'Ask with a lifecycle, with asOf, or through a lens that ranks assertions, such as "recency".',
    );
  }
}

/**
 * One pass over the candidates, folded through each of the lenses. The resolutions are in the order of the
 * lenses. Rejects with `QueryTooLargeError`.
 */
export async function resolve(
  store: KeyValueReader,
  filter: ClaimFilter,
  lenses: readonly Lens[],
  options: ResolveOptions,
): Promise<readonly Resolution[]> {
  const folds = lenses.map((lens) => lens.begin(options));
  for await (const candidate of candidatesOf(store, filter)) {
    let bytes = 0;
    for (const fold of folds) {
      fold.add(candidate);
      bytes += fold.bytes;
    }
    if (bytes > options.memoryBytesMax) {
      const greediest = folds.reduce((one, other) => (other.bytes > one.bytes ? other : one));
      throw new QueryTooLargeError(lenses[folds.indexOf(greediest)]?.name ?? '', options.memoryBytesMax);
    }
  }
  return folds.map((fold) => fold.finish());
}
