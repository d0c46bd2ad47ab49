import { blake3, memoisedSignatures, nodeSignatures, toHex } from '../../src/crypto/index.ts';
import {
  type Assertion,
  assertionHash,
  encodeAssertion,
  signAssertion,
  type StemeConfig,
  StemeDB,
} from '../../src/engine/index.ts';
import { Disk } from '../../src/sim/index.ts';
import { Dice } from './dice.ts';
import { type Files, readFiles } from './files.ts';
import { Laboratory } from './laboratory.ts';

/** A claim as it is stored. */
export interface StoredClaim {
  readonly hash: string;
  /** In hexadecimal. */
  readonly bytes: string;
  readonly subject: string;
  readonly predicate: string;
}

/** A sound database, to be damaged. */
export interface Base {
  readonly name: string;
  readonly config: StemeConfig;
  /** To be forked, never changed. */
  readonly disk: Disk;
  /** What is on that disk. */
  readonly files: Files;
  /** What was there in the middle of the last session. */
  readonly earlier: Files;
  /** Every claim in it, each once, in the order of the log; all were acknowledged. */
  readonly claims: readonly StoredClaim[];
  /** It was closed properly; otherwise its process was killed. */
  readonly isClosed: boolean;
  /** All of the log is in the store too. */
  readonly isIngested: boolean;
}

/** Signs what the bases hold, and knows later that this is valid without verifying it again. */
export const signatures = memoisedSignatures(nodeSignatures);

/** Where all of them are. */
export const directory = '/data/steme';

/** Small enough for a few claims to rotate, flush and merge. */
const small: StemeConfig = {
  directory,
  wal: { sectorBytes: 512, segmentBytes: 4096, readChunkBytes: 2048, idleWatermarkMs: 0 },
  kv: { memtableBytes: 2048, runsMax: 2, blockBytes: 256 },
  kvLog: { sectorBytes: 512, segmentBytes: 4096, readChunkBytes: 2048, idleWatermarkMs: 0 },
  ingest: { batchBytesMax: 2048, checkpointBytes: 4096 },
};

/** As a user would open it, less the timers. */
const standard: StemeConfig = {
  directory,
  wal: { idleWatermarkMs: 0 },
  kvLog: { idleWatermarkMs: 0 },
};

/** The same ones each time, byte for byte. */
export async function buildBases(): Promise<readonly Base[]> {
  return [
    await build('rotated', small, [6, 6, 3], 'close'),
    await build('lagging', { ...small, ingest: { batchBytesMax: 1 } }, [5, 5], 'close-at-once'),
    await build('killed', small, [6, 4], 'kill'),
    await build('standard', standard, [2, 3], 'close'),
    await build('empty', standard, [0], 'close'),
  ];
}

/** How the last session ends; the others are closed once everything is ingested. */
type Ending = 'close' | 'close-at-once' | 'kill';

/** One session after the other on the same files; `sessions` says how many claims each submits. */
async function build(
  name: string,
  config: StemeConfig,
  sessions: readonly number[],
  ending: Ending,
): Promise<Base> {
  const claims = new Map<string, StoredClaim>();
  let disk = new Disk();
  let earlier: Files = new Map();
  let isIngested = true;
  for (const [session, count] of sessions.entries()) {
    const isLast = session === sessions.length - 1;
    const laboratory = new Laboratory(disk, new Dice(`base ${name} ${session}`), signatures);
    await laboratory.run(async (ports) => {
      const db = await StemeDB.open(ports, config);
      for (const [nth, assertion] of makeAssertions(name, session, count).entries()) {
        if (nth === Math.floor(count / 2)) earlier = readFiles(disk, directory);
        const { endOffset } = await db.submit(assertion);
        keep(claims, assertion);
        if (!isLast || ending !== 'close-at-once') await db.waitUntilOffset(endOffset);
      }
      const killed = disk.fork();
      await db.close();
      if (isLast && ending === 'kill') disk = killed;
      isIngested = db.ingestStatus.lagBytes === 0;
    });
  }
  if (isIngested === (ending === 'close-at-once'))
    throw new Error(`base ${name} lags, or does not, by mistake`);
  const files = readFiles(disk, directory);
  const isClosed = ending !== 'kill';
  return { name, config, disk, files, earlier, claims: [...claims.values()], isClosed, isIngested };
}

/** Some are large, one comes twice, and one comes again with another signature. */
function makeAssertions(base: string, session: number, count: number): Assertion[] {
  const dice = new Dice(`claims ${base} ${session}`);
  const secretKeys = ['one', 'other'].map((agent) => blake3(new TextEncoder().encode(agent)));
  const assertions = Array.from({ length: count }, (_, nth) =>
    signAssertion(
      {
        subject: dice.pick(['Tesla', 'Norway', '🚗 \u0000Inc']),
        predicate: dice.pick(['revenue', 'a\u0000b']),
        object: {
          type: 'text',
          value: `${base} ${session} ${nth} ${'x'.repeat(dice.pick([0, 10, 300, 800]))}`,
        },
        lifecycle: 'proposed',
        confidence: dice.below(101) / 100,
        timestamp: nth,
      },
      secretKeys.slice(0, 1),
      signatures,
    ),
  );
  const [first, second] = assertions;
  if (first === undefined || second === undefined) return assertions;
  return [...assertions, first, signAssertion(second, secretKeys, signatures)];
}

/** The first that is stored stays. */
function keep(claims: Map<string, StoredClaim>, assertion: Assertion): void {
  const { subject, predicate } = assertion;
  const hash = toHex(assertionHash(assertion));
  if (!claims.has(hash))
    claims.set(hash, { hash, bytes: toHex(encodeAssertion(assertion)), subject, predicate });
}
