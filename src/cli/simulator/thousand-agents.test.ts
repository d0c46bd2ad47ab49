import { expect, it } from 'vitest';
import { loadCatalogue, play } from '../../explore/index.ts';

it.each(['arena-1-cortex', 'arena-2-voting'])(
  '1,000 agents write while 100 ask, and all that they were promised and answered holds: %s',
  async (arena) => {
    const plan = { arena, scenario: 'thousand-agents', strategy: 'in-order', seed: '5', run: 0 } as const;
    const { record, failure } = await play(await loadCatalogue(), plan);
    expect(failure).toBeUndefined();
    const { submit = 0, vote = 0, query = 0 } = record.operations;
    expect(submit + vote).toBeGreaterThan(4000);
    expect(query).toBeGreaterThan(250);
    for (const marker of [
      'wal.group-of-many',
      'views.fell-behind-meanwhile',
      'query.answered-by-stale-view',
    ]) {
      expect(record.markers[marker]).toBeGreaterThan(0);
    }
  },
);
