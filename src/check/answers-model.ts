import { type PlainCandidate, type PlainResolution, resolveByReference } from './lens-reference.ts';
import { Violation } from './violation.ts';
import { WrittenRecord } from './written-record.ts';

/** An assertion as its author knows it; hashes in lower-case hex. */
export interface PlainClaim extends Omit<PlainCandidate, 'weightMillionths'> {
  readonly subject: string;
  readonly predicate: string;
}

/** A vote as its author knows it. */
export interface PlainVote {
  readonly hash: string;
  readonly assertionHash: string;
  readonly weightMillionths: bigint;
  readonly timestamp: number;
}

/** What was asked. */
export interface PlainQuery {
  readonly subject: string;
  readonly predicate: string;
  readonly lens: string;
  readonly lifecycle?: string | undefined;
  readonly asOf?: number | undefined;
  readonly maxStaleMs?: number | undefined;
}

/** What came back. */
export interface SeenAnswer {
  readonly queryId: string;
  readonly query: PlainQuery;
  readonly resolution: PlainResolution;
  readonly throughOffset: number;
  readonly audited: boolean;
  /** When the view that answered was made, if one did; wall clock of the server. */
  readonly materializedAtMs: number | undefined;
}

/** A claim or a vote that is in the log, or may be. */
interface Known<T> {
  readonly item: T;
  readonly written: WrittenRecord;
}

/** More open records than this for one answer are not tried out: 2^8 worlds. */
const openMax = 8;

/**
 * The reference model of queries. It knows where in the log each record was promised to be, so it knows which
 * claims and votes an answer that covers the log up to some offset must rest on; of records that nobody was
 * promised it tries both. Order, views, workers and crashes do not exist here.
 */
export class AnswersModel {
  readonly #claims = new Map<string, Known<PlainClaim>>();
  readonly #byPair = new Map<string, Known<PlainClaim>[]>();
  readonly #votes = new Map<string, Known<PlainVote>>();
  readonly #byAssertion = new Map<string, Known<PlainVote>[]>();

  /** Somebody is about to write the claim. */
  claim(item: PlainClaim): WrittenRecord {
    const known = this.#claims.get(item.hash);
    if (known !== undefined) return known.written;
    const written = new WrittenRecord();
    this.#claims.set(item.hash, { item, written });
    push(this.#byPair, pairOf(item), { item, written });
    return written;
  }

  /** Somebody is about to cast the vote. */
  vote(item: PlainVote): WrittenRecord {
    const known = this.#votes.get(item.hash);
    if (known !== undefined) return known.written;
    const written = new WrittenRecord();
    this.#votes.set(item.hash, { item, written });
    push(this.#byAssertion, item.assertionHash, { item, written });
    return written;
  }

  /** All votes that somebody tried to cast. */
  votes(): Iterable<Known<PlainVote>> {
    return this.#votes.values();
  }

  findClaim(hash: string): PlainClaim | undefined {
    return this.#claims.get(hash)?.item;
  }

  findVote(hash: string): PlainVote | undefined {
    return this.#votes.get(hash)?.item;
  }

  /**
   * Throws a `Violation` unless the answer is what the lens says about some state that the log before
   * `throughOffset` may have been in. To be called once all outcomes are in: what is still on its way counts as
   * not begun. Returns `false` when too much was open to tell.
   */
  judge(answer: SeenAnswer, rankedMax: number): boolean {
    const { query, throughOffset } = answer;
    const claims = (this.#byPair.get(pairOf(query)) ?? []).filter(({ item }) => passes(item, query));
    const votes = claims.flatMap(({ item }) => this.#byAssertion.get(item.hash) ?? []);
    const relevant = [
      ...claims,
      ...votes.filter(({ item }) => query.asOf === undefined || item.timestamp <= query.asOf),
    ];
    // By record: a claim and a vote may have one hash where hashes are cut short.
    const certain = new Set<WrittenRecord>();
    const open: WrittenRecord[] = [];
    for (const { written } of relevant) {
      const isThere = written.isBefore(throughOffset);
      if (isThere === 'yes') certain.add(written);
      if (isThere === 'unknown') open.push(written);
    }
    if (open.length > openMax) return false;
    const seen = textOf(answer.resolution);
    let expected: PlainResolution | undefined;
    for (let world = 0; world < 2 ** open.length; world++) {
      const there = new Set([...certain, ...open.filter((_, index) => (world & (1 << index)) !== 0)]);
      const candidates = claims
        .filter(({ written }) => there.has(written))
        .map(({ item }) => this.#candidate(item, there));
      const resolution = resolveByReference(query.lens, candidates, rankedMax);
      if (textOf(resolution) === seen) return true;
      expected ??= resolution;
    }
    throw wrong(answer, expected!, open.length);
  }

  #candidate(claim: PlainClaim, there: ReadonlySet<WrittenRecord>): PlainCandidate {
    let weightMillionths = 0n;
    for (const { item, written } of this.#byAssertion.get(claim.hash) ?? []) {
      if (there.has(written)) weightMillionths += item.weightMillionths;
    }
    return { ...claim, weightMillionths };
  }
}

function passes(claim: PlainClaim, { lifecycle, asOf }: PlainQuery): boolean {
  if (lifecycle !== undefined && claim.lifecycle !== lifecycle) return false;
  return asOf === undefined || claim.timestamp <= asOf;
}

function pairOf({ subject, predicate }: { readonly subject: string; readonly predicate: string }): string {
  return JSON.stringify([subject, predicate]);
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}

export function isSameResolution(one: PlainResolution, other: PlainResolution): boolean {
  return textOf(one) === textOf(other);
}

/** Equal for equal resolutions only. */
function textOf({
  winner,
  candidatesCount,
  resolutionConfidence,
  conflictScore,
  agreement,
  ranked,
}: PlainResolution): string {
  return JSON.stringify([
    winner ?? null,
    candidatesCount,
    resolutionConfidence,
    conflictScore,
    agreement,
    ranked.map(({ hash, lifecycle, timestamp, weightMillionths, supporters, share }) => [
      hash,
      lifecycle,
      timestamp,
      String(weightMillionths),
      supporters,
      share,
    ]),
  ]);
}

function wrong(answer: SeenAnswer, expected: PlainResolution, open: number): Violation {
  const { query, throughOffset, materializedAtMs, resolution } = answer;
  const by = materializedAtMs === undefined ? 'the claims themselves' : 'a view';
  const asked = `lens ${query.lens} on ${JSON.stringify(query.subject)} ${JSON.stringify(query.predicate)}`;
  const others = open === 0 ? '' : ` (or with any of ${open} records that nobody was promised)`;
  return new Violation({
    property: 'answers-agree-with-the-log',
    category: 'inconsistent',
    message: `An answer from ${by} is not what the log up to offset ${throughOffset} says: ${asked}.`,
    expected: describeResolution(expected) + others,
    actual: describeResolution(resolution),
  });
}

/** For messages. */
export function describeResolution({
  winner,
  candidatesCount,
  resolutionConfidence,
  ranked,
}: PlainResolution): string {
  const best = ranked.map(
    ({ hash, weightMillionths, supporters }) =>
      `${hash.slice(0, 8)} ×${supporters} weight ${weightMillionths}`,
  );
  return `${winner?.slice(0, 8) ?? 'nobody'} of ${candidatesCount}, ${resolutionConfidence}; ${best.join(', ')}`;
}
