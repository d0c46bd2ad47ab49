import { describe, expect, it } from 'vitest';
import { loadCatalogue, play } from '../explore/index.ts';
import { calm } from './arena-run.test-support.ts';
import type { MemoryBudgets, Scenario } from './scenario.ts';

const { arenas } = await loadCatalogue();

/** How often a budget was met over some runs of a town, all of which must hold. */
async function timesMet(memory: MemoryBudgets): Promise<number> {
  const scenario: Scenario = { ...calm, memory, network: { dropRequest: { outOf: 50, max: 3 } } };
  const catalogue = { arenas, scenarios: new Map([['test', scenario]]) };
  let times = 0;
  for (let run = 0; run < 2; run++) {
    const plan = { arena: 'arena-1-cortex', scenario: 'test', strategy: 'random', seed: `${run}`, run };
    const { record, failure } = await play(catalogue, plan);
    expect(failure).toBeUndefined();
    times += record.faults['memory-budget'] ?? 0;
  }
  return times;
}

describe('a small memory budget', () => {
  it('for lenses makes queries refuse, and neither claims nor votes are lost', async () => {
    expect(await timesMet({ lensesBytesMax: 2048 })).toBeGreaterThan(0);
  });

  it('for request bodies makes the API refuse, and neither claims nor votes are lost', async () => {
    expect(await timesMet({ bodyBytesMax: 400 })).toBeGreaterThan(0);
  });

  it('that is large enough is never met', async () => {
    expect(await timesMet({ lensesBytesMax: 1_000_000, bodyBytesMax: 1_000_000 })).toBe(0);
  });
});
