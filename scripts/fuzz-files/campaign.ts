import { buildBases } from './base.ts';
import { type CaseResult, type FuzzCase, makeCase, playCase } from './fuzz-case.ts';
import { measureMemory, type MemoryUse } from './memory.ts';

export interface CampaignOptions {
  readonly seed: string;
  /** Number of the first case. */
  readonly from: number;
  readonly cases: number;
  /** Called after every case. */
  onCase?(fuzzCase: FuzzCase, result: CaseResult): void;
}

/** What came of a number of cases. */
export interface Tally {
  readonly cases: number;
  /** How often each outcome was seen, by what was damaged and how. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly violations: number;
  /** The first violations. */
  readonly violated: readonly { readonly fuzzCase: FuzzCase; readonly result: CaseResult }[];
  /** Calls of the opening that made most. */
  readonly callsMost: number;
  /** By how much memory has grown after the warm-up; nothing when the campaign was no longer than that. */
  readonly memoryGrown: MemoryUse;
}

/** How many violations are kept to be told in full. */
const violatedMax = 20;

/** After so many cases memory has the size that it must keep, and garbage is collected once more. */
const casesBetweenCollections = 2000;

/** Plays the cases one after the other. */
export async function runCampaign({ seed, from, cases, onCase }: CampaignOptions): Promise<Tally> {
  const bases = await buildBases();
  const rows = new Map<string, Map<string, number>>();
  const violated: { fuzzCase: FuzzCase; result: CaseResult }[] = [];
  let violations = 0;
  let callsMost = 0;
  let warm: MemoryUse | undefined;
  let last: MemoryUse | undefined;
  for (let nth = 1; nth <= cases; nth += 1) {
    const fuzzCase = makeCase(bases, seed, from + nth - 1);
    const result = await playCase(fuzzCase);
    const row = rowOf(fuzzCase);
    const outcomes = rows.get(row) ?? new Map<string, number>();
    rows.set(row, outcomes.set(result.outcome, (outcomes.get(result.outcome) ?? 0) + 1));
    if (result.violation !== undefined) {
      violations += 1;
      if (violations <= violatedMax) violated.push({ fuzzCase, result });
    }
    callsMost = Math.max(callsMost, result.calls);
    if (nth % casesBetweenCollections === 0) {
      last = measureMemory();
      warm ??= last;
    }
    onCase?.(fuzzCase, result);
  }
  return { cases, rows, violations, violated, callsMost, memoryGrown: difference(warm, last) };
}

function difference(before: MemoryUse | undefined, after: MemoryUse | undefined): MemoryUse {
  return {
    retainedBytes: (after?.retainedBytes ?? 0) - (before?.retainedBytes ?? 0),
    peakBytes: (after?.peakBytes ?? 0) - (before?.peakBytes ?? 0),
  };
}

function rowOf({ damages: [first, ...others] }: FuzzCase): string {
  if (first === undefined) return 'nothing';
  return others.length === 0 ? `${first.target.padEnd(10)}${first.damage}` : 'several';
}
