import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blake3, nodeSignatures, toHex } from '../../crypto/index.ts';
import type { Ports } from '../../ports/index.ts';
import { crashProfile } from '../../sim/disk/index.ts';
import { World } from '../../sim/world.ts';
import { SignatureError, ValidationError } from './errors.ts';
import { StemeDB } from '../stemedb.ts';
import { Journal } from '../wal/index.ts';
import { assertionHash, encodeAssertion } from './assertion-codec.ts';
import { type Expected, type HostileInput, hostileInputs, textOf } from './hostile-inputs.test-support.ts';
import {
  bystander,
  encoded,
  expectedOf,
  ingested,
  received,
  receivedUnverified,
  tester,
} from './hostile-outcomes.test-support.ts';
import { recordOf } from './hostile-records.test-support.ts';
import { assertions, contents, damaged, votes } from './model.test-support.ts';
import { signAssertion, signVote } from './signing.ts';
import { encodeVote, voteHash } from './vote-codec.ts';

describe('a hostile input in a log', () => {
  it.each(hostileInputs.map((input) => [input.name, input] as const))('%s', (_, input) => {
    const body = recordOf(input, tester);
    expect(body && expectedOf(ingested(body))).toEqual(expectedInLog(input));
    if (input.expected !== 'stored-exactly' || input.inLog !== undefined) return;
    // Two writers that know nothing of each other agree on every byte.
    const outcome = received(input.kind, textOf(input, tester));
    expect(typeof outcome === 'string' ? outcome : toHex(encoded(outcome))).toBe(toHex(body!));
  });
});

describe('a database', () => {
  it('stores from its log what is merely strange, keeps the rest aside with its code, and changes nothing else', async () => {
    const records = hostileInputs.flatMap((input) => {
      const body = recordOf(input, tester);
      return body === undefined ? [] : [{ body, expected: expectedInLog(input)! }];
    });
    const first = { body: encodeAssertion(bystander), expected: 'stored-exactly' } as const;
    await withPorts(async (ports) => {
      const logged = await append(ports, [first, ...records, { ...first, body: lastBody }]);
      expect(await storedOf(ports, logged)).toEqual(consequencesOf(logged));
    });
  });

  it('takes from its users what is merely strange, and writes not a byte of the rest', async () => {
    await withPorts(async (ports) => {
      const db = await StemeDB.open(ports, config);
      const logged: LoggedRecord[] = [];
      const submit = async (kind: HostileInput['kind'], text: string): Promise<Expected> => {
        const outcome = receivedUnverified(kind, text);
        if (typeof outcome === 'string') return { refused: outcome };
        try {
          const { offset } = await (outcome.kind === 'vote'
            ? db.vote(outcome.vote)
            : db.submit(outcome.assertion));
          logged.push({ offset, body: encoded(outcome), expected: 'stored-exactly' });
          return 'stored-exactly';
        } catch (error) {
          if (error instanceof ValidationError || error instanceof SignatureError)
            return { refused: error.code };
          throw error;
        }
      };
      for (const input of hostileInputs) {
        const before = db.durableOffset;
        expect([input.name, await submit(input.kind, textOf(input, tester))]).toEqual([
          input.name,
          input.expected,
        ]);
        if (input.expected !== 'stored-exactly') expect(db.durableOffset).toBe(before);
      }
      await db.close();
      expect(await storedOf(ports, logged)).toEqual(consequencesOf(logged));
    });
  });

  it('treats any damage to honest records so, and any bytes at all', async () => {
    const honest = fc.oneof(
      contents.map((content) => encodeAssertion(signAssertion(content, [tester.secretKey], nodeSignatures))),
      votes.map((vote) => encodeVote(signVote(vote, tester.secretKey, nodeSignatures))),
      assertions.map(encodeAssertion),
    );
    const bodies = fc.array(fc.oneof(honest, damaged(honest), fc.uint8Array({ maxLength: 200 })), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(bodies, async (list) => {
        const records = list.map((body) => ({ body, expected: expectedOf(ingested(body)) }));
        await withPorts(async (ports) => {
          const logged = await append(ports, records);
          expect(await storedOf(ports, logged)).toEqual(consequencesOf(logged));
        });
      }),
      { numRuns: 40 },
    );
  });
});

const config = {
  directory: '/data',
  wal: { sectorBytes: 512, idleWatermarkMs: 0 },
  kvLog: { sectorBytes: 512, idleWatermarkMs: 0 },
  views: { lenses: [] },
};

/** Comes behind everything hostile. */
const lastBody = encodeAssertion(
  signAssertion(
    { ...bystander, predicate: 'founded', object: { type: 'number', value: 2003 } },
    [tester.secretKey],
    nodeSignatures,
  ),
);

/** `undefined` for what no record has a place for. */
function expectedInLog({ expected, inLog }: HostileInput): Expected | undefined {
  return inLog ?? (expected === 'stored-exactly' ? expected : undefined);
}

interface LogRecord {
  readonly body: Uint8Array;
  readonly expected: Expected;
}

interface LoggedRecord extends LogRecord {
  readonly offset: number;
}

/** As somebody would who writes to the log himself. */
async function append(ports: Ports, records: readonly LogRecord[]): Promise<LoggedRecord[]> {
  const journal = await Journal.open(ports, `${config.directory}/wal`, config.wal);
  const logged: LoggedRecord[] = [];
  for (const record of records) logged.push({ ...record, ...(await journal.append(record.body)) });
  await journal.close();
  return logged;
}

/** All that a store holds, and what it lists under which names. */
interface Contents {
  readonly entries: readonly string[];
  readonly listings: ReadonlyMap<string, readonly string[]>;
}

/** Of the database, listed under the names that these records claim something about. */
async function storedOf(ports: Ports, logged: readonly LoggedRecord[]): Promise<Contents> {
  const db = await StemeDB.open(ports, config);
  await db.waitUntilOffset(db.durableOffset);
  const listings = new Map<string, readonly string[]>();
  for (const names of consequencesOf(logged).listings.keys()) {
    const [subject, predicate] = JSON.parse(names) as [string, string?];
    const listing =
      predicate === undefined ? db.bySubject(subject) : db.bySubjectPredicate(subject, predicate);
    listings.set(names, await hexOf(listing));
  }
  const entries = await entriesOf(db);
  await db.close();
  return { entries, listings };
}

function consequencesOf(logged: readonly LoggedRecord[]): Contents {
  const entries = new Set<string>(logged.length > 0 ? ['cursor'] : []);
  const listings = new Map<string, string[]>();
  const tallies = new Map<string, { count: number; weight: number }>();
  const stored = new Set<string>();
  for (const { offset, body, expected } of logged) {
    if (expected !== 'stored-exactly') {
      entries.add(`quarantined ${offset} ${expected.refused} ${digest(body)}`);
      continue;
    }
    const record = ingested(body);
    if (typeof record === 'string') throw new Error(`a record that should be stored is refused: ${record}`);
    const hash = toHex(record.kind === 'vote' ? voteHash(record.vote) : assertionHash(record.assertion));
    // The first that is stored stays.
    if (stored.has(hash)) continue;
    stored.add(hash);
    if (record.kind === 'vote') {
      const target = toHex(record.vote.assertionHash);
      const { count, weight } = tallies.get(target) ?? { count: 0, weight: 0 };
      tallies.set(target, { count: count + 1, weight: weight + record.vote.weightMillionths });
      entries.add(`vote ${target} ${hash} ${digest(body)}`);
    } else {
      const { subject, predicate } = record.assertion;
      entries.add(`assertion ${hash} ${digest(body)}`);
      // Nobody keeps views here; whoever does so later finds what they have to be made of.
      entries.add(`view-behind ${JSON.stringify([subject, predicate])}`);
      for (const names of [JSON.stringify([subject]), JSON.stringify([subject, predicate])]) {
        entries.add(`index ${names} ${hash}`);
        listings.set(names, [...(listings.get(names) ?? []), hash].toSorted());
      }
    }
  }
  for (const [target, { count, weight }] of tallies) {
    entries.add(`vote-count ${target} ${count}`);
    entries.add(`vote-weight ${target} ${weight}`);
  }
  return { entries: [...entries].toSorted(), listings };
}

async function entriesOf(db: StemeDB): Promise<string[]> {
  const entries: string[] = [];
  for await (const entry of db.entries()) {
    switch (entry.kind) {
      case 'assertion':
        entries.push(`assertion ${toHex(entry.hash)} ${digest(entry.bytes)}`);
        break;
      case 'subject-index':
        entries.push(`index ${JSON.stringify([entry.subject])} ${toHex(entry.hash)}`);
        break;
      case 'subject-predicate-index':
        entries.push(`index ${JSON.stringify([entry.subject, entry.predicate])} ${toHex(entry.hash)}`);
        break;
      case 'vote':
        entries.push(`vote ${toHex(entry.assertionHash)} ${toHex(entry.hash)} ${digest(entry.bytes)}`);
        break;
      case 'vote-count':
      case 'vote-weight':
        entries.push(`${entry.kind} ${toHex(entry.assertionHash)} ${entry.sum}`);
        break;
      case 'quarantined':
        entries.push(`quarantined ${entry.offset} ${entry.code} ${digest(entry.body)}`);
        break;
      case 'view-behind':
        entries.push(`view-behind ${JSON.stringify([entry.subject, entry.predicate])}`);
        break;
      default:
        entries.push(entry.kind);
    }
  }
  return entries.toSorted();
}

async function hexOf(hashes: AsyncIterable<Uint8Array>): Promise<string[]> {
  const found: string[] = [];
  for await (const hash of hashes) found.push(toHex(hash));
  return found;
}

function digest(body: Uint8Array): string {
  return `${body.length} bytes ${toHex(blake3(body))}`;
}

/** Runs `body` in a process of a simulated machine. */
async function withPorts(body: (ports: Ports) => Promise<void>): Promise<void> {
  const world = new World({
    choices: { kind: 'seed', seed: '1', record: false },
    strategy: 'random',
    choicesPerRun: 100,
    latency: { slow: 0, outOf: 1, microsMax: 0 },
    stepsMax: 10_000_000,
    trace: false,
    signatures: nodeSignatures,
  });
  const { failure } = await world.run(async () => {
    const process = world.machine('node', crashProfile('strict')).boot();
    await process.call('test', () => body(process.ports));
  });
  if (failure !== undefined) throw failure.error;
}
