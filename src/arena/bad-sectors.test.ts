import { describe, expect, it } from 'vitest';
import type { FaultInjector } from '../sim/index.ts';
import { arenaRun } from './arena-run.test-support.ts';
import { makeAgents, StemeNode } from './index.ts';
import { Operator } from './operator.ts';

describe('an operator', () => {
  it('restores a file that is named three times and cannot be read, and no other', () => {
    const bad = new Set(['/data/1.seg', '/data/2.seg']);
    const injector = {
      unreadable: () => [...bad],
      restore: (path: string) => void bad.delete(path),
    } as unknown as FaultInjector;
    const restored: string[] = [];
    const operator = new Operator(injector, (path) => void restored.push(path));
    for (let time = 0; time < 3; time += 1) {
      expect(restored).toEqual([]);
      operator.hear('Could not read /data/3.seg (EIO).');
      operator.hear('Something could not be read.');
      operator.hear('Could not read /data/1.seg (EIO).');
    }
    expect(restored).toEqual(['/data/1.seg']);
    expect([...bad]).toEqual(['/data/2.seg']);
  });
});

describe('a sector that cannot be read any more', () => {
  const lasting = { outOf: 1, max: 1, lastingOutOf: 1, during: 'always' } as const;

  it.each([
    ['of the log of claims', '/wal/', 'ingest waits'],
    ['of a run', '/kv/run-', 'another is written'],
    ['of the log of the store', '/kv/log/', 'it does not open'],
  ])('%s is told of, with the name of its file, and nothing is lost (%s: %s)', async (_, under, how) => {
    const disk = { readError: { ...lasting, under } };
    const { failure, record, history } = await arenaRun({ disk }, async (context) => {
      const node = new StemeNode(context, {
        name: 'node-1',
        config: { directory: '/data/steme', kv: { memtableBytes: 1000 } },
        examine: async () => 'serve',
      });
      node.start();
      const [agent] = makeAgents(context.signatures, 1);
      const hashes: Uint8Array[] = [];
      for (let timestamp = 0; timestamp < 8; timestamp += 1) {
        const claim = agent!.sign({
          subject: 'Tesla',
          predicate: 'revenue',
          object: { type: 'number', value: timestamp },
          lifecycle: 'proposed',
          confidence: 1,
          timestamp,
        });
        const { hash, endOffset } = await node.insist('submit', (db) => db.submit(claim));
        await node.insist('ingest', (db) => db.waitUntilOffset(endOffset));
        hashes.push(hash);
      }
      context.chaos.kill(node.machine);
      for (const hash of hashes) {
        expect(await node.insist('get', (db) => db.get(hash))).toBeDefined();
      }
      await node.stop();
    });
    expect(failure).toBeUndefined();
    expect(record.faults['read-error']).toBe(1);
    if (how === 'another is written') expect(record.markers['kv.poisoned']).toBe(1);
    else {
      expect(record.faults['read-error-again']).toBeGreaterThanOrEqual(2);
      expect(record.markers['arena.bad-sector-restored']).toBe(1);
    }
    const isShut = history.some(({ text }) => text.startsWith('cannot open: '));
    expect(isShut).toBe(how === 'it does not open');
  });
});
