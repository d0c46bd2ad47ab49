/**
 * What one operation allocates, on the disk of this machine: objects on the heap, and buffers beside it. A claim
 * and a vote count as done when they are ingested; no views are kept, but for the question that one answers.
 *
 *     npm run build && node dist/bench/allocation.js [directory]
 *
 * What threads of Node allocate while they verify signatures and write files is not seen.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { GCProfiler } from 'node:v8';
import { type Assertion, assertionHash, signAssertion, signVote, StemeDB } from '../src/engine/index.ts';
import { hostPorts } from '../src/host/index.ts';
import { checkTargets } from './measure.ts';

const ports = hostPorts();
const secretKey = new Uint8Array(32).fill(1);
/** Operations between two looks at the heap: few, so that most often no garbage is collected in between. */
const together = 4;
const looks = 250;

interface Allocated {
  readonly heapBytes: number;
  readonly bufferBytes: number;
}

const root = await mkdtemp(`${process.argv[2] ?? tmpdir()}/steme-bench-`);
try {
  const db = await StemeDB.open(ports, { directory: `${root}/plain`, views: { lenses: [] } });
  const viewed = await StemeDB.open(ports, { directory: `${root}/viewed`, views: { restMs: 0 } });
  const claims = Array.from({ length: together * looks }, (_, nth) => claimOf(nth));
  const question = { subject: 'subject 0', predicate: 'predicate', lens: 'vote-aware-consensus' };
  const settled = async (work: Promise<{ readonly endOffset: number }>): Promise<void> => {
    await db.waitUntilOffset((await work).endOffset);
  };
  const subjects: readonly (readonly [
    name: string,
    bound: number,
    work: (nth: number) => Promise<unknown>,
  ])[] = [
    ['submit, and ingest', 256, (nth) => settled(db.submit(claims[nth]!))],
    ['vote, and ingest', 256, (nth) => settled(db.vote(voteFor(claims[nth]!)))],
    ['query, answered by a view', 64, () => viewed.query(question)],
    ['query, of 100 candidates', 1024, () => db.query({ ...question, lifecycle: 'proposed' })],
  ];
  await viewed.submit(claims[0]!);
  await viewed.waitUntilViewsThrough(viewed.durableOffset);
  const targets = [];
  for (const [name, bound, work] of subjects) {
    const samples: Allocated[] = [];
    for (let look = 0; look < looks; look++) {
      const allocated = await allocatedBy(async () => {
        for (let nth = 0; nth < together; nth++) await work(look * together + nth);
      });
      // The first ones also compile what they run.
      if (look >= looks / 4 && allocated !== undefined) samples.push(allocated);
    }
    const heap = median(samples.map(({ heapBytes }) => heapBytes / together));
    const buffers = median(samples.map(({ bufferBytes }) => bufferBytes / together));
    const [heapText, buffersText] = [heap, buffers].map((bytes) => (bytes / 1024).toFixed(1).padStart(7));
    process.stdout.write(
      `${name.padEnd(34)} ${heapText} KiB of heap, ${buffersText} KiB of buffers; median of ${samples.length} looks\n`,
    );
    targets.push({
      claim: `KiB that one allocates: ${name}`,
      measured: (heap + buffers) / 1024,
      must: 'at most' as const,
      bound,
    });
  }
  await db.close();
  await viewed.close();
  process.stdout.write(`\n${checkTargets(targets)}\n`);
} finally {
  await rm(root, { recursive: true });
}

/** `undefined` when garbage was collected meanwhile: then the difference says nothing. */
async function allocatedBy(work: () => Promise<void>): Promise<Allocated | undefined> {
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage();
  await work();
  const after = process.memoryUsage();
  const { statistics } = profiler.stop();
  if (statistics.length > 0) return undefined;
  return {
    heapBytes: after.heapUsed - before.heapUsed,
    bufferBytes: after.arrayBuffers - before.arrayBuffers,
  };
}

/** A hundred of each subject, about as long as real ones. */
function claimOf(nth: number): Assertion {
  return signAssertion(
    {
      subject: `subject ${Math.floor(nth / 100)}`,
      predicate: 'predicate',
      object: { type: 'number', value: nth % 10 },
      lifecycle: 'proposed',
      confidence: 0.5,
      timestamp: nth,
    },
    [secretKey],
    ports.signatures,
  );
}

function voteFor(claim: Assertion) {
  const content = { assertionHash: assertionHash(claim), weightMillionths: 1_000_000, timestamp: 1 };
  return signVote(content, secretKey, ports.signatures);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
