import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLinearizability, type SequentialModel, type TimedOperation } from './linearizability.ts';
import { counterModel, type CounterInput, registerModel, type RegisterInput } from './linearizable-models.ts';

type Register = TimedOperation<RegisterInput, string | boolean | undefined>;
type Counter = TimedOperation<CounterInput, bigint | undefined>;

const key = 'k';
const ok = <T>(output: T, returnedAt: number) => ({ kind: 'ok', output, returnedAt }) as const;
const info = { kind: 'info' } as const;
const write = (next: string, calledAt: number, returnedAt?: number): Register => ({
  key,
  input: { kind: 'write', next },
  calledAt,
  outcome: returnedAt === undefined ? info : ok(undefined, returnedAt),
});
const read = (value: string | undefined, calledAt: number, returnedAt: number): Register => ({
  key,
  input: { kind: 'read' },
  calledAt,
  outcome: ok(value, returnedAt),
});
const swap = (
  expected: string | undefined,
  next: string,
  done: boolean,
  from: number,
  to: number,
): Register => ({
  key,
  input: { kind: 'swap', expected, next },
  calledAt: from,
  outcome: ok(done, to),
});
const increment = (calledAt: number, returnedAt?: number): Counter => ({
  key,
  input: { kind: 'increment', delta: 1n },
  calledAt,
  outcome: returnedAt === undefined ? info : ok(undefined, returnedAt),
});
const count = (value: bigint, calledAt: number, returnedAt: number): Counter => ({
  key,
  input: { kind: 'read' },
  calledAt,
  outcome: ok(value, returnedAt),
});

describe('a history of a register', () => {
  it.each<[string, Register[]]>([
    ['that is empty', []],
    [
      'in which reads see either value while a write goes on',
      [write('a', 0, 10), read(undefined, 1, 2), read('a', 3, 4)],
    ],
    [
      'in which a write of unknown outcome is seen late',
      [write('a', 0), read(undefined, 5, 6), read('a', 7, 8)],
    ],
    ['in which a write of unknown outcome is never seen', [write('a', 0), write('b', 1, 2), read('b', 3, 4)]],
    [
      'in which a write of unknown outcome comes after a later one',
      [write('a', 0), write('b', 1, 2), read('b', 3, 4), read('a', 5, 6)],
    ],
    [
      'in which one of two swaps wins',
      [swap(undefined, 'a', true, 0, 5), swap(undefined, 'b', false, 1, 6), read('a', 7, 8)],
    ],
    ['in which a call and a return of one moment overlap', [write('a', 0, 5), read(undefined, 5, 6)]],
  ])('%s can be linearized', (_, history) => {
    expect(checkLinearizability(registerModel, history)).toEqual({ kind: 'linearizable' });
  });

  it.each<[string, Register[]]>([
    ['in which a read misses a write that had returned', [write('a', 0, 1), read(undefined, 2, 3)]],
    ['in which reads go back in time', [write('a', 0, 10), read('a', 1, 2), read(undefined, 3, 4)]],
    ['in which both of two swaps win', [swap(undefined, 'a', true, 0, 5), swap(undefined, 'b', true, 1, 6)]],
    ['in which a swap fails though nothing else happened', [swap(undefined, 'a', false, 0, 1)]],
    ['in which a value comes from nowhere', [write('a', 0), read('b', 1, 2)]],
    ['in which a write of unknown outcome is seen before it was called', [read('a', 0, 1), write('a', 2)]],
    [
      'in which a write of unknown outcome takes effect twice',
      [write('a', 0), read('a', 1, 2), write('b', 3, 4), read('b', 5, 6), read('a', 7, 8)],
    ],
  ])('%s cannot, and is explained', (_, history) => {
    const verdict = checkLinearizability(registerModel, history);
    expect(verdict).toMatchObject({ kind: 'illegal', key });
    expect((verdict as { explanation: string }).explanation).toContain('and then none of:\n  - ');
  });
});

describe('a history of a counter', () => {
  it('that loses an update is illegal; the same with one increment unknown is not', () => {
    expect(
      checkLinearizability(counterModel, [increment(0, 3), increment(1, 4), count(1n, 5, 6)]),
    ).toMatchObject({
      kind: 'illegal',
    });
    expect(checkLinearizability(counterModel, [increment(0), increment(1, 4), count(1n, 5, 6)])).toEqual({
      kind: 'linearizable',
    });
    expect(
      checkLinearizability(counterModel, [increment(0), increment(1, 4), count(3n, 5, 6)]),
    ).toMatchObject({
      kind: 'illegal',
    });
  });

  it('is searched key by key: what another key does explains nothing', () => {
    const others = [
      { ...increment(0, 1), key: 'other' },
      { ...count(1n, 2, 3), key: 'other' },
    ];
    expect(checkLinearizability(counterModel, [...others, count(0n, 4, 5)])).toEqual({
      kind: 'linearizable',
    });
    expect(checkLinearizability(counterModel, [...others, count(1n, 4, 5)])).toMatchObject({
      kind: 'illegal',
      key,
    });
  });

  it('of many increments at once is decided by what was tried before, not by trying each order', () => {
    const many = Array.from({ length: 14 }, (_, nth) => increment(nth, 100 + nth));
    expect(checkLinearizability(counterModel, [...many, count(13n, 200, 201)])).toMatchObject({
      kind: 'illegal',
    });
  });
});

describe('bounds', () => {
  it('say "too much" rather than let pass, or search for ever', () => {
    const many = Array.from({ length: 51 }, (_, nth) => increment(nth));
    expect(checkLinearizability(counterModel, [...many, count(1n, 60, 61)])).toMatchObject({
      kind: 'too-much',
      reason: expect.stringContaining('52 operations overlap') as string,
    });
    const hard = [...many.slice(0, 30), count(31n, 60, 61)];
    expect(checkLinearizability(counterModel, hard, { attemptsMax: 1000 })).toMatchObject({
      kind: 'too-much',
    });
  });

  it('of one key do not hide that another is illegal', () => {
    const many = Array.from({ length: 51 }, (_, nth) => ({ ...increment(nth), key: 'a' }));
    expect(checkLinearizability(counterModel, [...many, count(1n, 0, 1)])).toMatchObject({
      kind: 'illegal',
      key,
    });
  });
});

describe('against brute force', () => {
  const value = fc.constantFrom('a', 'b');
  const input: fc.Arbitrary<RegisterInput> = fc.oneof(
    fc.record({ kind: fc.constant('read' as const) }),
    fc.record({ kind: fc.constant('write' as const), next: value }),
    fc.record({
      kind: fc.constant('swap' as const),
      expected: fc.option(value, { nil: undefined }),
      next: value,
    }),
  );
  const outputOf = ({ kind }: RegisterInput): fc.Arbitrary<string | boolean | undefined> =>
    kind === 'swap'
      ? fc.boolean()
      : kind === 'write'
        ? fc.constant(undefined)
        : fc.option(value, { nil: undefined });
  const operation: fc.Arbitrary<Register> = input.chain((chosen) =>
    fc
      .record({ calledAt: fc.nat(12), lasts: fc.nat(6), output: outputOf(chosen), isKnown: fc.boolean() })
      .map(({ calledAt, lasts, output, isKnown }) => ({
        key,
        input: chosen,
        calledAt,
        outcome: isKnown || chosen.kind === 'read' ? ok(output, calledAt + lasts) : info,
      })),
  );

  it('the verdict is the same on any small history', () => {
    const verdicts = { linearizable: 0, illegal: 0 };
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 6 }), (history) => {
        const expected = hasOrder(registerModel, history) ? 'linearizable' : 'illegal';
        expect(checkLinearizability(registerModel, history).kind).toBe(expected);
        verdicts[expected]++;
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(verdicts.linearizable, verdicts.illegal)).toBeGreaterThan(100);
  });
});

/** Tries every order that respects time, with every subset of the operations whose outcome nobody knows. */
function hasOrder<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  left: readonly TimedOperation<Input, Output>[],
  state: State = model.initial,
): boolean {
  if (left.every(({ outcome }) => outcome.kind === 'info')) return true;
  return left.some((next) => {
    const others = left.filter((operation) => operation !== next);
    const isTooEarly = others.some(
      ({ outcome }) => outcome.kind === 'ok' && outcome.returnedAt < next.calledAt,
    );
    if (isTooEarly) return false;
    const after = model.apply(state, next.input);
    if (next.outcome.kind === 'ok' && !model.isSame(next.outcome.output, after.output)) return false;
    return hasOrder(model, others, after.state);
  });
}
