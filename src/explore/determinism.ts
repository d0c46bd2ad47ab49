import { firstDifference, type TraceStep } from '../sim/index.ts';
import type { Catalogue } from './catalogue.ts';
import { play } from './play.ts';
import type { RunPlan } from './run-plan.ts';

/** Where two plays of one plan parted. */
export interface Divergence {
  readonly plan: RunPlan;
  readonly digests: readonly [string, string];
  /** The step itself and what came right before; `undefined` where a play had ended. */
  readonly before: readonly TraceStep[];
  readonly first: TraceStep | undefined;
  readonly second: TraceStep | undefined;
}

/**
 * Plays `plan` again and compares with `digest`; if it differs, twice more with a full trace to name
 * the first step that does.
 */
export async function findDivergence(
  catalogue: Catalogue,
  plan: RunPlan,
  digest: string,
): Promise<Divergence | undefined> {
  const again = await play(catalogue, plan);
  if (again.record.digest === digest) return undefined;
  const one = await play(catalogue, plan, { trace: true });
  const other = await play(catalogue, plan, { trace: true });
  const left = one.trace?.steps ?? [];
  const right = other.trace?.steps ?? [];
  const difference = firstDifference(left, right);
  const index = difference?.index ?? left.length;
  return {
    plan,
    digests: [digest, again.record.digest],
    before: left.slice(Math.max(0, index - 3), index),
    first: difference?.left,
    second: difference?.right,
  };
}
