import { buildBases } from './base.ts';
import { type CaseResult, type FuzzCase, makeCase, playCase } from './fuzz-case.ts';

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
  readonly violations: readonly { readonly fuzzCase: FuzzCase; readonly result: CaseResult }[];
  /** Calls of the opening that made most. */
  readonly callsMost: number;
  /** By how much the memory of the process has grown, at its peak, since a tenth of the cases was done. */
  readonly memoryGrownBytes: number;
}

/** Far above what the collector leaves lying about, and far below what one hostile length could ask for. */
export const memoryGrownBytesMax = 256 * 2 ** 20;

/** Plays the cases one after the other. */
export async function runCampaign({ seed, from, cases, onCase }: CampaignOptions): Promise<Tally> {
  const bases = await buildBases();
  const rows = new Map<string, Map<string, number>>();
  const violations: { fuzzCase: FuzzCase; result: CaseResult }[] = [];
  let callsMost = 0;
  let warmBytes = 0;
  for (let nth = 0; nth < cases; nth += 1) {
    const fuzzCase = makeCase(bases, seed, from + nth);
    const result = await playCase(fuzzCase);
    const row = rowOf(fuzzCase);
    const outcomes = rows.get(row) ?? new Map<string, number>();
    rows.set(row, outcomes.set(result.outcome, (outcomes.get(result.outcome) ?? 0) + 1));
    if (result.violation !== undefined) violations.push({ fuzzCase, result });
    callsMost = Math.max(callsMost, result.calls);
    if (nth === Math.floor(cases / 10)) warmBytes = memoryPeakBytes();
    onCase?.(fuzzCase, result);
  }
  return { cases, rows, violations, callsMost, memoryGrownBytes: memoryPeakBytes() - warmBytes };
}

function rowOf({ damages: [first, ...others] }: FuzzCase): string {
  if (first === undefined) return 'nothing';
  return others.length === 0 ? `${first.target.padEnd(10)}${first.damage}` : 'several';
}

function memoryPeakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
