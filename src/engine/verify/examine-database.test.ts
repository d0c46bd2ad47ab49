import { describe, expect, it } from 'vitest';
import { toHex } from '../../crypto/index.ts';
import { lenses } from '../lens/index.ts';
import { encodeLogOffset } from '../log-offset.ts';
import {
  assertionHash,
  assertionKey,
  cursorKey,
  encodeAssertion,
  subjectKey,
  subjectPredicateKey,
} from '../model/index.ts';
import { positionOf } from '../wal/segment-header.ts';
import { chainRecordsOf, type DatabasePicture } from './index.ts';
import { claimNumber, damages, directory, Laboratory } from './verify.test-support.ts';

const nothing = new Uint8Array(0);

describe('examineDatabase', () => {
  it('finds nothing wrong with what the database wrote, and counts it', async () => {
    const laboratory = await Laboratory.create();
    const before = laboratory.snapshot();
    const { picture, findings } = await laboratory.examine();
    expect(findings).toEqual([]);
    expect(picture.claims).toEqual({
      claims: 60,
      signatures: 63,
      indexEntries: 120,
      votes: 3,
      views: 15 * lenses.size,
      audits: 3,
      quarantined: 0,
      waiting: 0,
    });
    expect(picture.cursor).toBe(picture.log.judgement?.dataEnd);
    expect(picture.log.segments.length).toBeGreaterThan(2);
    expect(picture.store.runs.length).toBeGreaterThan(0);
    expect(picture.store.log.segments.length).toBeGreaterThan(0);
    expect(laboratory.snapshot()).toEqual(before);
  });

  it('takes a directory in which nothing has happened yet for a sound database', async () => {
    const { picture, findings } = await new Laboratory().examine();
    expect([findings, picture.claims]).toEqual([[], undefined]);
  });

  it('finds claims that the store has not ingested', async () => {
    const laboratory = await Laboratory.create();
    const log = laboratory.snapshot();
    await laboratory.withDatabase(async (db) => {
      await db.submit(claimNumber(1000));
      await db.waitUntilOffset(db.durableOffset);
    });
    // The store of before, and the log of now.
    for (const path of laboratory.files()) if (path.includes('/kv/')) laboratory.volume.unlinkSync(path);
    for (const [path, bytes] of log) if (path.includes('/kv/')) laboratory.write(path, bytes);
    const { picture, findings } = await laboratory.examine();
    expect(damages(findings)).toEqual([]);
    expect(picture.claims).toMatchObject({ claims: 60, waiting: 1 });
  });

  it('finds any bit that has flipped, and says in which file', async () => {
    const laboratory = await Laboratory.create();
    const { picture } = await laboratory.examine();
    const missed: string[] = [];
    let tried = 0;
    for (const path of laboratory.files()) {
      const bytes = laboratory.read(path);
      const [from, to] = vitalPart(picture, path, bytes.length);
      // A stride that is prime to everything in the format, and both ends.
      for (let at = from; at < to; at = at === to - 1 ? to : Math.min(at + 67, to - 1)) {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= 1 << (at % 8);
        laboratory.write(path, damaged);
        const { findings } = await laboratory.examine();
        if (!damages(findings).some((finding) => isAbout(finding.path, path)))
          missed.push(`${path} at ${at}`);
        tried++;
      }
      laboratory.write(path, bytes);
    }
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(500);
  });

  it('finds that a file is missing which is needed', async () => {
    const laboratory = await Laboratory.create();
    const files = laboratory.files();
    // Older segments of a log may go once the store has what is in them.
    const needed = files.filter(
      (path) => /\/(run|manifest)-/.test(path) || path === files.findLast((other) => other.includes('/wal/')),
    );
    expect(needed.length).toBeGreaterThan(2);
    for (const path of needed) {
      const bytes = laboratory.read(path);
      laboratory.volume.unlinkSync(path);
      const { findings } = await laboratory.examine();
      expect([path, damages(findings).length > 0]).toEqual([path, true]);
      laboratory.write(path, bytes);
    }
  });

  it('lists all damage, not only the first', async () => {
    const laboratory = await Laboratory.create();
    const { picture } = await laboratory.examine();
    const [first, second] = picture.log.segments.map(({ segment }) => segment.path);
    const [run] = picture.store.runs;
    const runPath = laboratory
      .files()
      .find((path) => path.endsWith(`run-${String(run?.descriptor.id).padStart(8, '0')}`))!;
    for (const [path, at] of [
      [first!, 2000],
      [first!, 5000],
      [second!, 3000],
      [runPath, 100],
      [runPath, 1500],
    ] as const) {
      const bytes = laboratory.read(path);
      bytes[at]! ^= 1;
      laboratory.write(path, bytes);
    }
    const { picture: after, findings } = await laboratory.examine();
    const places = damages(findings).map(({ path }) => path);
    expect(places.filter((path) => path === first)).toHaveLength(2);
    expect(places.filter((path) => path === second)).toHaveLength(1);
    expect(places.filter((path) => path === runPath)).toHaveLength(2);
    expect(after.claims).toBeUndefined();
  });

  it('tells apart damages within one group of the log, to the record', async () => {
    const laboratory = new Laboratory();
    await laboratory.withDatabase(async (db) => {
      await Promise.all(Array.from({ length: 20 }, (_, number) => db.submit(claimNumber(number))));
    });
    const { picture } = await laboratory.examine();
    const records: { readonly path: string; readonly position: number; readonly bytes: number }[] = [];
    for await (const { segment, position, record } of chainRecordsOf(laboratory.ports.fs, picture.log)) {
      records.push({ path: segment.path, position, bytes: record.endOffset - record.offset });
    }
    const broken = [records[3]!, records[9]!, records[10]!, records[15]!];
    for (const [index, { path, position }] of broken.entries()) {
      const bytes = laboratory.read(path);
      // In turn: in the length, in the body, in the hash, in the envelope.
      bytes[position + [1, 150, 20, 60][index]!]! ^= 4;
      laboratory.write(path, bytes);
    }
    const { findings } = await laboratory.examine();
    const [third, ninth, tenth, last] = broken;
    expect(damages(findings).map(({ offset, reason }) => [offset, /(\d+) bytes/.exec(reason)?.[1]])).toEqual(
      [
        [third!.position, third!.bytes],
        [ninth!.position, ninth!.bytes + tenth!.bytes],
        [last!.position, last!.bytes],
      ].map(([position, bytes]) => [position, String(bytes)]),
    );
  });

  it('tells what a crash has left from damage', async () => {
    const laboratory = await Laboratory.create();
    const newest = laboratory.files().findLast((path) => path.includes('/wal/'))!;
    laboratory.write(newest, Buffer.concat([laboratory.read(newest), new Uint8Array(700).fill(9)]));
    laboratory.write(`${directory}/kv/manifest-00000099`, new Uint8Array(10));
    laboratory.write(`${directory}/kv/run-00000099`, new Uint8Array(10));
    laboratory.write(`${directory}/wal/000000000099-0123456789abcdef.seg`, new Uint8Array(512));
    laboratory.write(`${directory}/wal/note.txt`, new Uint8Array(1));
    const { findings } = await laboratory.examine();
    expect(findings.map(({ severity, reason }) => [severity, reason.replace(/ \(.*/, '')])).toEqual([
      ['leftover', 'a manifest that was never finished'],
      ['leftover', 'a run that the manifest does not name'],
      ['leftover', 'no file of a log'],
      ['leftover', '700 bytes of what a crash has cut short'],
      ['leftover', 'a segment that was never finished'],
    ]);
  });
});

describe('examineDatabase, on content', () => {
  const claim = claimNumber(7);
  const hash = assertionHash(claim);
  const name = toHex(hash);
  const stranger = assertionHash(claimNumber(999));

  it.each([
    [
      'an index entry that is missing',
      { type: 'delete', key: subjectKey(claim.subject, hash) },
      `claim ${name} is missing in the index by subject`,
    ],
    [
      'an index entry that names a claim that is not there',
      { type: 'put', key: subjectPredicateKey('a', 'b', stranger), value: nothing },
      `the index by subject and predicate names claim ${toHex(stranger)}, which is not there`,
    ],
    [
      'an index entry that names a claim about something else',
      { type: 'put', key: subjectKey('another subject', hash), value: nothing },
      `the index by subject names claim ${name}, which is about something else`,
    ],
    [
      'an index entry with a value',
      { type: 'put', key: subjectKey(claim.subject, hash), value: Uint8Array.of(1) },
      'the index by subject has a value, which means nothing',
    ],
    [
      'a claim that cannot be decoded',
      { type: 'put', key: assertionKey(hash), value: encodeAssertion(claim).slice(0, -1) },
      `claim ${name} cannot be decoded: `,
    ],
    [
      'a claim under the hash of another',
      { type: 'put', key: assertionKey(hash), value: encodeAssertion(claimNumber(8)) },
      `claim ${name} stands under another hash`,
    ],
    [
      'a claim with a wrong signature',
      {
        type: 'put',
        key: assertionKey(hash),
        value: encodeAssertion({ ...claim, signatures: claimNumber(8).signatures }),
      },
      `claim ${name} bears a wrong signature, of agent ${toHex(claim.signatures[0]!.agentId)}`,
    ],
    [
      'a claim of the log that is not in the store',
      { type: 'delete', key: assertionKey(hash) },
      `claim ${name}, at offset `,
    ],
    [
      'a key that nothing writes',
      { type: 'put', key: Uint8Array.of(1, 2), value: nothing },
      'a key that nothing writes: 0102',
    ],
    [
      'a cursor beyond the end of the log',
      { type: 'put', key: cursorKey, value: encodeLogOffset(10_000_000) },
      'though the log is durable to 10000000',
    ],
    [
      'a cursor within a record',
      { type: 'put', key: cursorKey, value: encodeLogOffset(700) },
      'the cursor, 700, lies within a record',
    ],
  ] as const)('finds %s', async (_, operation, reason) => {
    const laboratory = await Laboratory.create(20);
    await laboratory.withStore((store) => store.batch([operation]));
    const { findings } = await laboratory.examine();
    expect(damages(findings).map((finding) => finding.reason)).toContainEqual(
      expect.stringContaining(reason),
    );
  });
});

/** The bytes of a file on which something durable rests; of a log's file, all up to what is proven. */
function vitalPart({ log, store }: DatabasePicture, path: string, length: number): [number, number] {
  for (const { segments } of [log, store.log]) {
    const index = segments.findIndex(({ segment }) => segment.path === path);
    const picture = segments[index];
    if (picture === undefined) continue;
    const [next] = segments
      .slice(index + 1)
      .flatMap(({ part, segment }) => (part === 'chain' ? [segment] : []));
    if (picture.part === 'headerless') throw new Error(`${path} has no header`);
    const { header } = picture.segment;
    return [0, positionOf(header, next?.header.base ?? picture.content.provenThrough)];
  }
  return [0, length];
}

/** The file itself, or, when it cannot even be told to be there, its directory. */
function isAbout(found: string, path: string): boolean {
  return found === path || path.startsWith(`${found}/`);
}
