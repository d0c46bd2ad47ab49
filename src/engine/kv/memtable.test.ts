import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes } from './bytes.ts';
import { tombstone } from './cursor.ts';
import { Memtable, type MemtableView } from './memtable.ts';

type Value = Uint8Array | typeof tombstone;
type Model = ReadonlyMap<string, readonly [Uint8Array, Value]>;

const key = fc.nat(2000).map((number) => Uint8Array.of(number >> 8, number & 0xff));
const value: fc.Arbitrary<Value> = fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.constant(tombstone));

function sorted(model: Model): (readonly [Uint8Array, Value])[] {
  return [...model.values()].toSorted(([one], [other]) => compareBytes(one, other));
}

function walk(view: MemtableView, from?: Uint8Array): (readonly [Uint8Array, Value])[] {
  const entries: (readonly [Uint8Array, Value])[] = [];
  const cursor = view.cursor(from);
  for (; cursor.key !== undefined; void cursor.advance()) entries.push([cursor.key, cursor.value]);
  return entries;
}

describe('Memtable', () => {
  it('is a sorted map, and a view of it never changes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, value, fc.integer({ min: 0, max: 199 })), { maxLength: 1500, size: 'max' }),
        key,
        (writes, probe) => {
          const table = new Memtable();
          let model = new Map<string, readonly [Uint8Array, Value]>();
          const views: { view: MemtableView; model: Model }[] = [];
          for (const [at, written, chance] of writes) {
            table.set(at, written);
            model.set(at.join(), [at, written]);
            if (chance === 0) views.push({ view: table.view(), model: new Map(model) });
            const last = views.at(-1);
            if (chance === 1 && last !== undefined) {
              table.restore(last.view);
              model = new Map(last.model);
            }
          }
          views.push({ view: table.view(), model });
          expect(table.lookup(probe)).toEqual(model.get(probe.join())?.[1]);
          for (const taken of views) {
            expect([...taken.view]).toEqual(sorted(taken.model));
            expect(taken.view.entries).toBe(taken.model.size);
            expect(taken.view.lookup(probe)).toEqual(taken.model.get(probe.join())?.[1]);
          }
          const rest = sorted(model).filter(([at]) => compareBytes(at, probe) >= 0);
          expect(walk(table.view(), probe)).toEqual(rest);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('knows its size, however it came about', () => {
    const grown = new Memtable();
    for (let number = 0; number < 500; number += 1)
      grown.set(Uint8Array.of(number % 100), new Uint8Array(number));
    const made = new Memtable();
    for (let number = 400; number < 500; number += 1)
      made.set(Uint8Array.of(number % 100), new Uint8Array(number));
    expect(grown.bytes).toBe(made.bytes);
    expect(grown.entries).toBe(100);
  });

  it('does not copy its leaves for a write when no view was taken', () => {
    const table = new Memtable();
    table.set(Uint8Array.of(1), tombstone);
    const { leaves } = table.view();
    table.set(Uint8Array.of(2), tombstone);
    const copied = table.view();
    expect(copied.leaves).not.toBe(leaves);
    expect(copied.leaves[0]).not.toBe(leaves[0]);
    expect(leaves[0]?.keys).toEqual([Uint8Array.of(1)]);
  });
});
