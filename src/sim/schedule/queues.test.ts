import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EligibleQueue } from './eligible-queue.ts';
import { PendingHeap } from './pending-heap.ts';
import { Pending } from './pending.ts';
import { SimTask } from './sim-task.ts';

const task = new SimTask('main', { name: 'main' }, 0);
const pending = (sequence: number, dueMicros = 0): Pending =>
  new Pending(task, 'op', '', dueMicros, sequence, () => 0);

describe('EligibleQueue', () => {
  it('behaves as an array with splice, whatever is taken from wherever', () => {
    fc.assert(
      fc.property(
        // Mostly pushes, and hundreds of them: it must grow, and move to the front.
        fc.array(
          fc.oneof(
            { weight: 60, arbitrary: fc.constant('push' as const) },
            { weight: 50, arbitrary: fc.oneof(fc.constant(0), fc.nat()) },
            { weight: 1, arbitrary: fc.constant('remove' as const) },
          ),
          { maxLength: 600, size: 'max' },
        ),
        (commands) => {
          const queue = new EligibleQueue();
          const model: Pending[] = [];
          let sequence = 0;
          for (const command of commands) {
            if (command === 'push' || model.length === 0) {
              const item = pending(sequence++);
              queue.push(item);
              model.push(item);
            } else if (command === 'remove') {
              const odd = (item: Pending): boolean => item.sequence % 2 === 1;
              queue.remove(odd);
              model.splice(0, model.length, ...model.filter((item) => !odd(item)));
            } else {
              const index = command % model.length;
              queue.delete(index);
              model.splice(index, 1);
            }
            expect(queue.length).toBe(model.length);
            expect(model.every((item, index) => queue.at(index) === item)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('PendingHeap', () => {
  it('gives back what is due first, and of equals what was asked first', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ due: fc.nat(20), cancelled: fc.boolean() })), (items) => {
        const heap = new PendingHeap();
        const kept: Pending[] = [];
        for (const [sequence, { due, cancelled }] of items.entries()) {
          const item = pending(sequence, due);
          item.cancelled = cancelled;
          heap.push(item);
          if (!cancelled) kept.push(item);
        }
        kept.sort((one, other) => one.dueMicros - other.dueMicros || one.sequence - other.sequence);
        const popped: Pending[] = [];
        while (heap.nextDueMicros() !== Infinity) popped.push(heap.pop()!);
        expect(popped).toEqual(kept);
      }),
    );
  });

  it('drops what is doomed and keeps its order', () => {
    const heap = new PendingHeap();
    for (let sequence = 0; sequence < 20; sequence++) heap.push(pending(sequence, (sequence * 7) % 20));
    heap.remove((item) => item.dueMicros % 2 === 0);
    const dues: number[] = [];
    while (heap.nextDueMicros() !== Infinity) dues.push(heap.pop()!.dueMicros);
    expect(dues).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
  });
});
