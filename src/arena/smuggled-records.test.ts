import { describe, expect, it } from 'vitest';
import { loadCatalogue, play } from '../explore/index.ts';
import { calm } from './arena-run.test-support.ts';
import type { Scenario } from './scenario.ts';

const { arenas } = await loadCatalogue();

describe('records in the log that break a rule', () => {
  it('are set aside with their reason, and nothing behind them waits', async () => {
    const scenario: Scenario = { ...calm, hostileRecords: 12 };
    const catalogue = { arenas, scenarios: new Map([['test', scenario]]) };
    let smuggled = 0;
    for (let run = 0; run < 4; run++) {
      const plan = { arena: 'arena-1-cortex', scenario: 'test', strategy: 'random', seed: `${run}`, run };
      const { record, failure } = await play(catalogue, plan);
      expect(failure).toBeUndefined();
      smuggled += record.markers['arena.bad-record-in-the-log'] ?? 0;
    }
    expect(smuggled).toBeGreaterThan(4);
  });
});
