import { describe, expect, it } from 'vitest';
import { StemeDB } from '../stemedb.ts';
import { claimOf, removeStore, smallConfig, withPorts } from '../stemedb.test-support.ts';

// One worker, and a chunk for each record: the queues between the tasks are soon full.
const config = { ...smallConfig, ingest: { ...smallConfig.ingest, workers: 1 } };

describe('ingest', () => {
  it('ends with the database also when the task that hands out records gets no turn meanwhile', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      let isStarved = false;
      await withPorts(
        async (ports) => {
          const writer = await StemeDB.open(ports, config);
          for (let timestamp = 0; timestamp < 10; timestamp++) await writer.submit(claimOf({ timestamp }));
          await writer.close();
          await removeStore(ports);
          const db = await StemeDB.open(ports, config);
          for (let turn = 0; turn < seed; turn++) await ports.scheduler.yield();
          isStarved = true;
          for (let turn = 0; turn < (seed * 7) % 60; turn++) await ports.scheduler.yield();
          await expect(db.close()).resolves.toBeUndefined();
        },
        String(seed),
        (dice) => ({
          pick(eligible) {
            const all = Array.from({ length: eligible.length }, (_, index) => index);
            const others = all.filter(
              (index) => !isStarved || !/\/ingest(#\d+)?$/.test(eligible.at(index).task.path),
            );
            return others[dice.below(Math.max(1, others.length))] ?? 0;
          },
        }),
      );
    }
  });
});
