import { describe, expect, it } from 'vitest';
import { AnswersModel } from './answers-model.ts';
import type { Violation } from './violation.ts';
import { judgeViews } from './views-model.ts';
import { judgeVotes, type VotesDump } from './votes-model.ts';

const right: VotesDump = {
  votes: new Map([
    ['v1', 'a'],
    ['v2', 'a'],
  ]),
  tallies: new Map([['a', { count: 2n, weightMillionths: 5n }]]),
};

function model(): AnswersModel {
  const votes = new AnswersModel();
  votes.vote({ hash: 'v1', assertionHash: 'a', weightMillionths: 2n, timestamp: 0 }).acknowledge(1);
  votes.vote({ hash: 'v2', assertionHash: 'a', weightMillionths: 3n, timestamp: 0 }).leaveOpen(0);
  return votes;
}

describe('judgeVotes', () => {
  it('accepts sums that are what the votes add up to, and counts what was promised', () => {
    expect(judgeVotes(model(), right)).toBe(1);
  });

  it('accepts that a vote which nobody was promised is not there', () => {
    const votes = new Map([['v1', 'a']]);
    const tallies = new Map([['a', { count: 1n, weightMillionths: 2n }]]);
    expect(judgeVotes(model(), { votes, tallies })).toBe(1);
  });

  it.each<[string, Partial<VotesDump>, string]>([
    ['a promised vote is gone', { votes: new Map([['v2', 'a']]) }, 'acknowledged-survives'],
    ['a promised vote stands elsewhere', { votes: new Map([['v1', 'b']]) }, 'acknowledged-survives'],
    [
      'there is a vote of nobody',
      { votes: new Map([...right.votes, ['v3', 'a']]) },
      'nothing-invented-or-altered',
    ],
    [
      'a count is off by one',
      { tallies: new Map([['a', { count: 1n, weightMillionths: 5n }]]) },
      'votes-add-up',
    ],
    [
      'a weight is off by a millionth',
      { tallies: new Map([['a', { count: 2n, weightMillionths: 6n }]]) },
      'votes-add-up',
    ],
    ['there are no sums', { tallies: new Map() }, 'votes-add-up'],
    [
      'there are sums of no votes',
      { tallies: new Map([...right.tallies, ['b', { count: 0n, weightMillionths: 0n }]]) },
      'votes-add-up',
    ],
  ])('refuses that %s', (_, wrong, property) => {
    expect(propertyOf(() => judgeVotes(model(), { ...right, ...wrong }))).toBe(property);
  });
});

describe('judgeViews', () => {
  const claim = {
    hash: 'a',
    subject: 's',
    predicate: 'p',
    object: { type: 'boolean', value: true },
    lifecycle: 'proposed',
    timestamp: 3,
    confidence: 1,
  };
  const ranked = {
    hash: 'a',
    lifecycle: 'proposed',
    timestamp: 3,
    weightMillionths: 5n,
    supporters: 1,
    share: 1,
  };
  const resolution = {
    winner: 'a',
    candidatesCount: 1,
    resolutionConfidence: 1,
    conflictScore: 0,
    agreement: 'unanimous',
    ranked: [ranked],
  } as const;
  const view = { subject: 's', predicate: 'p', lens: 'recency', isBehind: false, resolution };
  const judge = (changed: Partial<typeof view>): void => {
    const known = model();
    known.claim(claim);
    judgeViews(known, { ...right, claims: new Map([['a', 0]]), views: [{ ...view, ...changed }] }, 4);
  };

  it('accepts a view that says what the store says, and any that is behind', () => {
    expect(() => judge({})).not.toThrow();
    expect(() =>
      judge({ isBehind: true, resolution: { ...resolution, candidatesCount: 7 as 1 } }),
    ).not.toThrow();
  });

  it('refuses a view that is not behind and says something else', () => {
    const other = {
      ...resolution,
      ranked: [{ ...ranked, weightMillionths: 4n as 5n }],
    } as unknown as typeof resolution;
    expect(propertyOf(() => judge({ resolution: other }))).toBe('views-agree-with-the-store');
    expect(propertyOf(() => judge({ predicate: 'q' }))).toBe('views-agree-with-the-store');
  });
});

function propertyOf(body: () => unknown): string | undefined {
  try {
    body();
  } catch (error) {
    return (error as Violation).detail.property;
  }
  return undefined;
}
