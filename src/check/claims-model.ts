import { hexOf, sameBytes } from './bytes.ts';
import { Violation } from './violation.ts';

/** A claim as its author knows it. */
export interface KnownClaim {
  /** The content hash in hexadecimal. */
  readonly hash: string;
  readonly subject: string;
  readonly predicate: string;
  /** The canonical encoding, signatures included. */
  readonly bytes: Uint8Array;
}

/** Everything that a store holds, read back the hard way: every record and every index entry. */
export interface StoreDump {
  /** By hash in hexadecimal: the canonical encoding. */
  readonly claims: ReadonlyMap<string, Uint8Array>;
  /** Index entries as `[subject, hash]`. */
  readonly bySubject: readonly (readonly [string, string])[];
  /** Index entries as `[subject, predicate, hash]`. */
  readonly bySubjectPredicate: readonly (readonly [string, string, string])[];
  readonly quarantined: number;
}

interface Entry {
  readonly claim: KnownClaim;
  /** The encodings that were issued: the same content may come with other signatures. */
  readonly variants: Uint8Array[];
  /** `indeterminate`: it may be there or not. `certain`: it must be, for it was promised or seen. */
  knowledge: 'indeterminate' | 'certain';
  acked: boolean;
  /** The variant that was seen; the first that is stored stays. */
  seen: Uint8Array | undefined;
}

/**
 * The reference model of the spine: a set of claims, of each of which three things can be true. It is
 * certain, it is open, or it was never issued; a look at the store turns open ones into certain ones.
 */
export class ClaimsModel {
  readonly #known = new Map<string, Entry>();

  /** The model as it is now, to go on by itself: for judging an image of this moment later. */
  copy(): ClaimsModel {
    const copy = new ClaimsModel();
    for (const [hash, entry] of this.#known) {
      copy.#known.set(hash, { ...entry, variants: [...entry.variants] });
    }
    return copy;
  }

  /** How many claims were acknowledged. */
  get acknowledged(): number {
    let count = 0;
    for (const entry of this.#known.values()) if (entry.acked) count++;
    return count;
  }

  /** The claim was handed to the system; from now on it may appear. */
  issue(claim: KnownClaim): void {
    const entry = this.#known.get(claim.hash);
    if (entry !== undefined) {
      if (variantOf(entry, claim.bytes) === undefined) entry.variants.push(claim.bytes);
      return;
    }
    this.#known.set(claim.hash, {
      claim,
      variants: [claim.bytes],
      knowledge: 'indeterminate',
      acked: false,
      seen: undefined,
    });
  }

  /** The system promised to keep it. */
  acknowledge(hash: string): void {
    const entry = this.#known.get(hash);
    if (entry === undefined) throw new Error(`acknowledged a claim that was never issued: ${hash}`);
    entry.knowledge = 'certain';
    entry.acked = true;
  }

  /** What was read for `hash`, as canonical bytes; `undefined` when the system said that it has none. */
  observe(hash: string, bytes: Uint8Array | undefined): void {
    const entry = this.#known.get(hash);
    if (bytes === undefined) {
      if (entry?.knowledge === 'certain') throw lost(entry.claim, entry.acked);
      return;
    }
    if (entry === undefined) throw invented(hash, bytes);
    const variant = variantOf(entry, bytes);
    if (variant === undefined) throw altered(entry.claim, bytes);
    if (entry.seen !== undefined && entry.seen !== variant) throw replaced(entry.claim);
    entry.seen = variant;
    entry.knowledge = 'certain';
  }

  /**
   * Judges a whole store that has caught up with its log. Returns how many acknowledged claims were
   * verified, so that a caller can see that it was all of them.
   */
  judge(dump: StoreDump): number {
    for (const [hash, bytes] of dump.claims) this.observe(hash, bytes);
    let verified = 0;
    for (const entry of this.#known.values()) {
      if (entry.knowledge === 'certain' && !dump.claims.has(entry.claim.hash)) {
        throw lost(entry.claim, entry.acked);
      }
      if (entry.acked) verified++;
    }
    this.#judgeIndexes(dump);
    if (dump.quarantined > 0) {
      throw new Violation({
        property: 'nothing-invented-or-altered',
        category: 'altered',
        message: 'Records that were written whole and signed were put in quarantine.',
        expected: 'no quarantined record',
        actual: `${dump.quarantined} quarantined`,
      });
    }
    return verified;
  }

  #judgeIndexes(dump: StoreDump): void {
    const bySubject = new Set(dump.bySubject.map(keyOf));
    const byPair = new Set(dump.bySubjectPredicate.map(keyOf));
    for (const hash of dump.claims.keys()) {
      const { subject, predicate } = this.#known.get(hash)!.claim;
      requireEntry(bySubject, [subject, hash], 'subject');
      requireEntry(byPair, [subject, predicate, hash], 'subject and predicate');
    }
    for (const [name, entries] of [
      ['subject', bySubject],
      ['subject and predicate', byPair],
    ] as const) {
      if (entries.size > dump.claims.size) throw dangling(name, entries.size, dump.claims.size);
    }
  }
}

/** The one of the variants that these bytes are. */
function variantOf({ variants }: Entry, bytes: Uint8Array): Uint8Array | undefined {
  return variants.find((variant) => sameBytes(variant, bytes));
}

/** A text that no other entry has, whatever characters its parts are made of. */
function keyOf(entry: readonly string[]): string {
  let key = '';
  for (const part of entry) key += `${part.length} ${part}`;
  return key;
}

function requireEntry(entries: ReadonlySet<string>, entry: readonly string[], index: string): void {
  if (entries.has(keyOf(entry))) return;
  throw new Violation({
    property: 'indexes-complete',
    category: 'inconsistent',
    message: `A stored claim cannot be found by its ${index}.`,
    expected: `an entry ${JSON.stringify(entry)}`,
    actual: 'none',
  });
}

function dangling(index: string, entries: number, claims: number): Violation {
  return new Violation({
    property: 'indexes-complete',
    category: 'inconsistent',
    message: `The index by ${index} points at claims that are not stored.`,
    expected: `${claims} entries`,
    actual: `${entries} entries`,
  });
}

function lost(claim: KnownClaim, acked: boolean): Violation {
  return new Violation({
    property: 'acknowledged-survives',
    category: acked ? 'lost-ack' : 'lost-observed',
    message: acked ? 'An acknowledged claim is gone.' : 'A claim that was read before is gone.',
    expected: describe(claim),
    actual: 'nothing',
  });
}

function invented(hash: string, bytes: Uint8Array): Violation {
  return new Violation({
    property: 'nothing-invented-or-altered',
    category: 'phantom',
    message: 'The store holds a claim that nobody made.',
    expected: 'nothing',
    actual: `${hash}: ${bytes.length} bytes`,
  });
}

function altered(claim: KnownClaim, bytes: Uint8Array): Violation {
  return new Violation({
    property: 'nothing-invented-or-altered',
    category: 'altered',
    message: 'A stored claim is not what was submitted.',
    expected: `${describe(claim)} as ${hexOf(claim.bytes)}`,
    actual: hexOf(bytes),
  });
}

function replaced(claim: KnownClaim): Violation {
  return new Violation({
    property: 'nothing-invented-or-altered',
    category: 'altered',
    message: 'A stored claim was replaced by a later one with other signatures.',
    expected: `${describe(claim)} as it was first stored`,
    actual: 'another of its variants',
  });
}

function describe(claim: KnownClaim): string {
  const { subject, predicate, hash } = claim;
  return `${JSON.stringify(subject)} ${JSON.stringify(predicate)} (${hash.slice(0, 8)})`;
}
