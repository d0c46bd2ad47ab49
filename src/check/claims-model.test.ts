import { describe, expect, it } from 'vitest';
import { ClaimsModel, type KnownClaim, type StoreDump } from './claims-model.ts';
import { Violation } from './violation.ts';

const claim: KnownClaim = { hash: 'aa', subject: 'Tesla', predicate: 'revenue', bytes: Uint8Array.of(1) };
const cosigned: KnownClaim = { ...claim, bytes: Uint8Array.of(1, 2) };

describe('ClaimsModel', () => {
  it('allows a claim that was never acknowledged to be there or not', () => {
    expect(issued().judge(emptyDump)).toBe(0);
    expect(issued().judge(dumpOf(claim))).toBe(0);
  });

  it('remembers a claim that it has seen: from then on it must stay', () => {
    const model = issued();
    model.judge(dumpOf(claim));
    expect(signatureOf(() => model.judge(emptyDump))).toBe('acknowledged-survives/lost-observed/-');
  });

  it('misses an acknowledged claim that is gone', () => {
    const model = issued();
    model.acknowledge('aa');
    expect(model.judge(dumpOf(claim))).toBe(1);
    expect(signatureOf(() => model.judge(emptyDump))).toBe('acknowledged-survives/lost-ack/-');
    expect(signatureOf(() => model.observe('aa', undefined))).toBe('acknowledged-survives/lost-ack/-');
  });

  it('refuses a claim that nobody made', () => {
    expect(signatureOf(() => new ClaimsModel().judge(dumpOf(claim)))).toBe(
      'nothing-invented-or-altered/phantom/-',
    );
  });

  it('refuses a claim of which one byte differs', () => {
    expect(signatureOf(() => issued().judge(dumpOf({ ...claim, bytes: Uint8Array.of(2) })))).toBe(
      'nothing-invented-or-altered/altered/-',
    );
  });

  it('accepts whichever variant of a claim was stored first, and no change of it later', () => {
    const model = issued();
    model.issue(cosigned);
    model.judge(dumpOf(cosigned));
    expect(signatureOf(() => model.judge(dumpOf(claim)))).toBe('nothing-invented-or-altered/altered/-');
  });

  it('refuses a claim that an index does not have', () => {
    for (const index of ['bySubject', 'bySubjectPredicate'] as const) {
      const model = issued();
      expect(signatureOf(() => model.judge({ ...dumpOf(claim), [index]: [] }))).toBe(
        'indexes-complete/inconsistent/-',
      );
    }
  });

  it('refuses an index entry that points at nothing, or at another subject', () => {
    const dangling: StoreDump = { ...emptyDump, bySubject: [['Tesla', 'bb']] };
    expect(signatureOf(() => issued().judge(dangling))).toBe('indexes-complete/inconsistent/-');
    const wrong: StoreDump = {
      ...dumpOf(claim),
      bySubject: [
        ['Tesla', 'aa'],
        ['Norway', 'aa'],
      ],
    };
    expect(signatureOf(() => issued().judge(wrong))).toBe('indexes-complete/inconsistent/-');
  });

  it('refuses an honest record in quarantine', () => {
    expect(signatureOf(() => issued().judge({ ...emptyDump, quarantined: 1 }))).toBe(
      'nothing-invented-or-altered/altered/-',
    );
  });
});

const emptyDump: StoreDump = { claims: new Map(), bySubject: [], bySubjectPredicate: [], quarantined: 0 };

function issued(): ClaimsModel {
  const model = new ClaimsModel();
  model.issue(claim);
  return model;
}

function dumpOf({ hash, subject, predicate, bytes }: KnownClaim): StoreDump {
  return {
    claims: new Map([[hash, bytes]]),
    bySubject: [[subject, hash]],
    bySubjectPredicate: [[subject, predicate, hash]],
    quarantined: 0,
  };
}

function signatureOf(body: () => unknown): string | undefined {
  try {
    body();
  } catch (error) {
    if (error instanceof Violation) return error.signature;
    throw error;
  }
  return undefined;
}
