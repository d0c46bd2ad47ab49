import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../sim/index.ts';
import { type AnchoredFault, type Landmark, plainFault } from './anchored-fault.ts';
import { Landmarks } from './landmarks.ts';

const segment = '/data/wal/000001-0011223344556677.seg';
const at: Landmark = {
  machine: 'node-1',
  life: 2,
  operation: 'write',
  path: '/data/wal/#-#.seg',
  nth: 2,
  stepsAfter: 0,
};

/** Alarms ring at once. */
const kernel = {
  afterSteps: (_: number, __: string, effect: () => void) => effect(),
} as unknown as Kernel;

/** After how many writes `fault` comes: three of the first process, three of the second. */
function momentOf(fault: AnchoredFault): number | undefined {
  const landmarks = new Landmarks({ faults: [fault], kinds: 'all' });
  let writes = 0;
  let moment: number | undefined;
  landmarks.when(kernel, fault, () => {
    moment = writes;
    return true;
  });
  for (const life of [1, 1, 1, 2, 2, 2]) {
    writes += 1;
    landmarks.delivered(`node-1/${life}`, 'write', segment);
  }
  expect(landmarks.missed).toEqual(moment === undefined ? [fault] : []);
  return moment;
}

const loss = { kind: 'power-loss', machine: 'node-1', number: 1 } as const;

describe('a landmark', () => {
  it('counts within a life of its machine, and within the whole run where none is said', () => {
    expect(momentOf({ ...loss, at })).toBe(5);
    expect(momentOf({ ...loss, at: { ...at, life: undefined } })).toBe(2);
    expect(momentOf({ ...loss, at: { ...at, nth: 4 } })).toBeUndefined();
    expect(momentOf({ ...loss, at: { ...at, nth: 4, life: undefined } })).toBe(4);
  });

  it('is missed when there was nothing to do then', () => {
    const fault: AnchoredFault = { ...loss, at: { ...at, nth: 1 } };
    const landmarks = new Landmarks({ faults: [fault], kinds: 'all' });
    landmarks.when(kernel, fault, () => false);
    landmarks.delivered('node-1/2', 'write', segment);
    expect(landmarks.missed).toEqual([fault]);
  });

  it('is told in plain words', () => {
    expect(plainFault({ ...loss, at })).toBe(
      'power-loss of node-1, right after the 2nd write of /data/wal/#-#.seg in life 2 of node-1',
    );
    expect(plainFault({ ...loss, kind: 'syncError', at })).toBe(
      'syncError of node-1, at the 2nd write of /data/wal/#-#.seg in life 2 of node-1 that it could strike',
    );
    const message = { machine: 'a>b', life: 0, operation: 'POST /v1/votes', path: '', nth: 3, stepsAfter: 0 };
    expect(plainFault({ kind: 'duplicate', machine: 'a>b', number: 1, at: message })).toBe(
      'duplicate of a>b, at the 3rd POST /v1/votes on a>b that it could strike',
    );
    const place = { path: '/data/kv/run-#', nth: 1, position: 9, bit: 0 };
    expect(plainFault({ ...loss, kind: 'rot', at: { ...at, nth: 0, stepsAfter: 5 }, place })).toBe(
      'rot in the 1st /data/kv/run-# of node-1, 5 steps after the start',
    );
  });
});
