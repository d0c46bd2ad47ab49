import { describe, expect, it } from 'vitest';
import { AnswersModel, type PlainClaim, type PlainVote, type SeenAnswer } from './answers-model.ts';
import { type PlainCandidate, resolveByReference } from './lens-reference.ts';
import { Violation } from './violation.ts';

const rankedMax = 4;
const about = { subject: 'Tesla', predicate: 'revenue' };

describe('AnswersModel', () => {
  it('accepts what the lens says about everything that was promised before the offset', () => {
    const model = new AnswersModel();
    model.claim(claim('a')).acknowledge(100);
    model.vote(vote('v', 'a', 5n)).acknowledge(200);
    model.claim(claim('b')).acknowledge(300);
    expect(model.judge(answer(300, [['a', 5n], ['b']]), rankedMax)).toBe(true);
    expect(model.judge(answer(299, [['a', 5n]]), rankedMax)).toBe(true);
    expect(model.judge(answer(199, [['a']]), rankedMax)).toBe(true);
    expect(model.judge(answer(99, []), rankedMax)).toBe(true);
  });

  it.each<[string, SeenAnswer]>([
    ['misses a claim that was promised', answer(300, [['a', 5n]])],
    ['misses a vote', answer(300, [['a'], ['b']])],
    ['knows a claim of beyond the offset', answer(299, [['a', 5n], ['b']])],
    ['knows a claim that nobody made', answer(300, [['a', 5n], ['b'], ['c']])],
    ['has another weight', answer(300, [['a', 6n], ['b']])],
    ['has another winner', { ...answer(300, []), resolution: resolution([['b'], ['a', 5n]], 'confidence') }],
  ])('refuses an answer that %s', (_, seen) => {
    const model = new AnswersModel();
    model.claim(claim('a')).acknowledge(100);
    model.vote(vote('v', 'a', 5n)).acknowledge(200);
    model.claim(claim('b')).acknowledge(300);
    expect(() => model.judge(seen, rankedMax)).toThrow(Violation);
  });

  it('lets what nobody was promised be there or not, but not before it was begun', () => {
    const model = new AnswersModel();
    model.claim(claim('a')).acknowledge(100);
    model.claim(claim('b')).leaveOpen(100);
    for (const there of [[['a']], [['a'], ['b']]] as const) {
      expect(model.judge(answer(200, there), rankedMax)).toBe(true);
    }
    expect(model.judge(answer(100, [['a']]), rankedMax)).toBe(true);
    expect(() => model.judge(answer(100, [['a'], ['b']]), rankedMax)).toThrow(Violation);
    expect(() => model.judge(answer(200, [['b']]), rankedMax)).toThrow(Violation);
  });

  it('takes a promise for the second attempt for one that holds from there on, at the latest', () => {
    const model = new AnswersModel();
    const written = model.claim(claim('a'));
    written.leaveOpen(0);
    written.acknowledge(500);
    expect(model.judge(answer(400, []), rankedMax)).toBe(true);
    expect(model.judge(answer(400, [['a']]), rankedMax)).toBe(true);
    expect(() => model.judge(answer(500, []), rankedMax)).toThrow(Violation);
  });

  it('asks only for claims and votes that the question is about', () => {
    const model = new AnswersModel();
    model.claim({ ...claim('a'), timestamp: 10 }).acknowledge(1);
    model.claim({ ...claim('b'), lifecycle: 'approved' }).acknowledge(2);
    model.claim({ ...claim('c'), subject: 'other' }).acknowledge(3);
    model.vote({ ...vote('v', 'b', 7n), timestamp: 20 }).acknowledge(4);
    const asked = (query: Partial<SeenAnswer['query']>, there: Seen): SeenAnswer => {
      const plain = answer(9, there);
      return { ...plain, query: { ...plain.query, ...query } };
    };
    expect(model.judge(asked({ lifecycle: 'approved' }, [['b', 7n, 'approved']]), rankedMax)).toBe(true);
    expect(model.judge(asked({ asOf: 9 }, [['b', 0n, 'approved']]), rankedMax)).toBe(true);
    expect(() => model.judge(asked({ asOf: 9 }, [['b', 7n, 'approved']]), rankedMax)).toThrow(Violation);
    expect(() => model.judge(asked({ lifecycle: 'approved' }, []), rankedMax)).toThrow(Violation);
  });

  it('says so when too much is open to tell', () => {
    const model = new AnswersModel();
    for (let index = 0; index < 9; index++) model.claim(claim(`${index}`)).leaveOpen(0);
    expect(model.judge(answer(10, [['not made']]), rankedMax)).toBe(false);
  });
});

type Seen = readonly (readonly [hash: string, weight?: bigint, lifecycle?: string])[];

function claim(hash: string): PlainClaim {
  const object = { type: 'text', value: 'same' };
  return { ...about, hash, object, lifecycle: 'proposed', timestamp: 0, confidence: 1 };
}

function vote(hash: string, assertionHash: string, weightMillionths: bigint): PlainVote {
  return { hash, assertionHash, weightMillionths, timestamp: 0 };
}

function answer(throughOffset: number, there: Seen): SeenAnswer {
  const query = { ...about, lens: 'vote-aware-consensus' };
  const common = { queryId: 'q', audited: true, materializedAtMs: undefined };
  return { ...common, query, throughOffset, resolution: resolution(there, query.lens) };
}

function resolution(there: Seen, lens: string): SeenAnswer['resolution'] {
  const candidates = there.map(([hash, weightMillionths = 0n, lifecycle = 'proposed']): PlainCandidate => {
    return { ...claim(hash), weightMillionths, lifecycle };
  });
  return resolveByReference(lens, candidates, rankedMax);
}
