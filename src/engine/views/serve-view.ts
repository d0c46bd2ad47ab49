import type { Telemetry } from '../../ports/index.ts';
import type { KeyValueReader } from '../kv/index.ts';
import { dirtyKey, viewKey } from '../model/index.ts';
import { decodeView, type View } from './view.ts';

/** What a query says about the view that may answer it. */
export interface ViewWish {
  readonly subject: string;
  readonly predicate: string;
  readonly lens: string;
  /** How far behind it may be, in milliseconds. Absent: any age. 0: not at all. */
  readonly maxStaleMs?: number | undefined;
}

/** Whether views are kept: `up-to-date` soon, or for ever as they are. */
export type ViewKeeping = 'up-to-date' | 'stopped';

export interface ServedView extends View {
  /** Whether something was ingested since that changes the answer, or could. */
  readonly isBehind: boolean;
}

/**
 * The view that may answer, or `undefined` when there is none.
 *
 * A view is behind when its mark is there: ingest sets it in the batch that changes the answer. How long
 * it has been behind nobody knows, so its age counts. An age below zero tells that the clock was set back,
 * and says nothing about the view: it is refused. So is one that is behind and will never catch up.
 */
export async function findView(
  store: KeyValueReader,
  { subject, predicate, lens, maxStaleMs }: ViewWish,
  nowMs: number,
  keeping: ViewKeeping,
  telemetry: Telemetry,
): Promise<ServedView | undefined> {
  const bytes = await store.get(viewKey(subject, predicate, lens));
  if (bytes === undefined) return undefined;
  const view = decodeView(bytes);
  const ageMs = nowMs - view.materializedAtMs;
  if (ageMs < 0) {
    telemetry.reached('views.from-the-future-refused');
    return undefined;
  }
  const isBehind = (await store.get(dirtyKey(subject, predicate))) !== undefined;
  const isTooStale = maxStaleMs !== undefined && (maxStaleMs === 0 || ageMs > maxStaleMs);
  if (isBehind && (isTooStale || keeping === 'stopped')) {
    telemetry.reached('views.too-stale');
    return undefined;
  }
  telemetry.measure('query.view-staleness-ms', isBehind ? ageMs : 0);
  return { ...view, isBehind };
}
