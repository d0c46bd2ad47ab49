/**
 * Questions about a subject with 100,000 claims, to a database on the disk of this machine: while it has nothing
 * else to do, and while others write.
 *
 *     npm run build && node dist/bench/query-under-load.js [directory]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import {
  type Assertion,
  assertionHash,
  encodeAssertion,
  signAssertion,
  StemeDB,
} from '../src/engine/index.ts';
import { HybridStore, judgeJournalLog, type Operation } from '../src/engine/kv/index.ts';
import { lenses } from '../src/engine/lens/index.ts';
import { assertionKey, subjectKey, subjectPredicateKey } from '../src/engine/model/index.ts';
import { hostPorts } from '../src/host/index.ts';
import { checkTargets, type Target } from './measure.ts';

const claims = 100_000;
const distinctValues = 1000;
const submitters = 16;
const secretKey = new Uint8Array(32).fill(1);
const ports = hostPorts();
const targets: Target[] = [];

/** Others who claim something about other subjects, one claim after the other, until they are stopped. */
class Load {
  readonly #tasks: readonly Promise<void>[];
  #isStopped = false;
  #submitted = 0;

  constructor(db: StemeDB, label: string) {
    this.#tasks = Array.from({ length: submitters }, async (_, who) => {
      for (let nth = 0; !this.#isStopped; nth++) {
        await db.submit(claimOf(`${label} ${who} ${nth % 50}`, nth));
        this.#submitted += 1;
      }
    });
  }

  /** How many claims were taken in the meantime. */
  async stop(): Promise<number> {
    const submitted = this.#submitted;
    this.#isStopped = true;
    await Promise.all(this.#tasks);
    return submitted;
  }
}

const root = await mkdtemp(`${process.argv[2] ?? tmpdir()}/steme-bench-`);
try {
  await (await StemeDB.open(ports, { directory: root })).close();
  await fill(`${root}/kv`);
  const db = await StemeDB.open(ports, { directory: root });
  const { runs, runBytes } = db.storeStats;
  process.stdout.write(`${claims} claims in ${runs} runs, ${(runBytes / 2 ** 20).toFixed(0)} MiB\n`);
  for (const lens of lenses.keys()) {
    const aloneMs = await askMs(db, lens);
    const load = new Load(db, lens);
    const besideMs = await askMs(db, lens);
    const submitted = await load.stop();
    process.stdout.write(
      `${lens.padEnd(22)} alone ${aloneMs.toFixed(0).padStart(5)} ms, beside ${submitters} who submit ` +
        `${besideMs.toFixed(0).padStart(5)} ms and ${Math.round((submitted / besideMs) * 1000)} claims/s\n`,
    );
    targets.push(
      { claim: `${lens}, seconds alone`, measured: aloneMs / 1000, must: 'at most', bound: 10 },
      { claim: `${lens}, seconds beside writers`, measured: besideMs / 1000, must: 'at most', bound: 30 },
      { claim: `${lens}, claims taken meanwhile`, measured: submitted, must: 'at least', bound: 1 },
    );
  }
  const { cacheHits, cacheMisses } = db.storeStats;
  const hitRate = cacheHits / (cacheHits + cacheMisses);
  process.stdout.write(
    `${(100 * hitRate).toFixed(1)} % of the blocks were in memory when they were wanted\n`,
  );
  await db.waitUntilOffset(db.durableOffset);
  await db.close();
} finally {
  await rm(root, { recursive: true });
}
process.stdout.write(`\n${checkTargets(targets)}\n`);

/** No view answers for a lifecycle. */
async function askMs(db: StemeDB, lens: string): Promise<number> {
  const begun = performance.now();
  const { resolution } = await db.query({
    subject: 'Tesla',
    predicate: 'revenue',
    lens,
    lifecycle: 'proposed',
  });
  if (resolution.candidatesCount !== claims) throw new Error(`${resolution.candidatesCount} candidates`);
  return performance.now() - begun;
}

/** Puts claims where ingest would, without their way there. Signed once: reading verifies nothing. */
async function fill(directory: string): Promise<void> {
  const store = await HybridStore.open(ports, directory, {}, (checkpoint) =>
    judgeJournalLog(ports, `${directory}/log`, {}, checkpoint),
  );
  const template = claimOf('Tesla', 0);
  const empty = new Uint8Array(0);
  let operations: Operation[] = [];
  for (let nth = 0; nth < claims; nth++) {
    const object = { type: 'number', value: nth % distinctValues } as const;
    const claim: Assertion = { ...template, timestamp: nth, object };
    const hash = assertionHash(claim);
    operations.push(
      { type: 'put', key: assertionKey(hash), value: encodeAssertion(claim) },
      { type: 'put', key: subjectKey(claim.subject, hash), value: empty },
      { type: 'put', key: subjectPredicateKey(claim.subject, claim.predicate, hash), value: empty },
    );
    if (operations.length < 3000) continue;
    await store.batch(operations);
    operations = [];
  }
  await store.batch(operations);
  await store.flush();
  await store.close();
}

function claimOf(subject: string, timestamp: number): Assertion {
  return signAssertion(
    {
      subject,
      predicate: 'revenue',
      object: { type: 'number', value: timestamp % distinctValues },
      lifecycle: 'proposed',
      confidence: 1,
      timestamp,
    },
    [secretKey],
    ports.signatures,
  );
}
