import { Volume } from 'memfs';
import { memoisedSignatures, nodeSignatures } from '../../crypto/index.ts';
import { HostClock } from '../../host/host-clock.ts';
import { HostEntropy } from '../../host/host-entropy.ts';
import { HostScheduler } from '../../host/host-scheduler.ts';
import { type FileSystem, noSites, type Ports } from '../../ports/index.ts';
import { HybridStore, type KeyValueStore, judgeJournalLog } from '../kv/index.ts';
import { type Assertion, assertionHash, signAssertion, signVote, type Vote } from '../model/index.ts';
import { type StemeConfig, StemeDB } from '../stemedb.ts';
import { type DatabasePicture, examineDatabase, type Finding } from './index.ts';

export const directory = '/data/db';

/** Small enough for every part of a database to be there many times. */
export const config: StemeConfig = {
  directory,
  wal: { sectorBytes: 512, segmentBytes: 8192, idleWatermarkMs: 0 },
  kv: { memtableBytes: 6000, blockBytes: 1024, runsMax: 3 },
  kvLog: { sectorBytes: 512, segmentBytes: 8192, idleWatermarkMs: 0 },
  ingest: { batchBytesMax: 1024, checkpointBytes: 1 << 20 },
};

/** Quick about what was signed here, and as strict as any about the rest. */
const signatures = memoisedSignatures(nodeSignatures);

const secretKey = new Uint8Array(32).fill(7);

export function claimNumber(number: number): Assertion {
  return signAssertion(
    {
      subject: `subject/${number % 5}`,
      predicate: `predicate ${number % 3}`,
      object: { type: 'number', value: number },
      lifecycle: 'proposed',
      confidence: 0.5,
      timestamp: number,
    },
    [secretKey],
    signatures,
  );
}

/** Whoever asked what was asked. */
const asker = signatures.publicKey(secretKey);

function voteNumber(number: number): Vote {
  const assertion = assertionHash(claimNumber(number));
  const content = { assertionHash: assertion, weightMillionths: 1_500_000, timestamp: number };
  return signVote(content, secretKey, signatures);
}

/** A database in the memory of the test, to be damaged. */
export class Laboratory {
  readonly volume = new Volume();
  readonly ports: Ports = {
    clock: new HostClock(),
    entropy: new HostEntropy(),
    fs: this.volume.promises as unknown as FileSystem,
    scheduler: new HostScheduler(),
    signatures,
    sites: noSites,
    telemetry: { reached() {}, measure() {}, log() {} },
  };

  /** One that was opened three times, has runs, several segments, and `claims` claims, all ingested. */
  static async create(claims = 60): Promise<Laboratory> {
    const laboratory = new Laboratory();
    // Runs that were merged away while it was closed are removed when it is opened: so the last is for one.
    for (const [from, to] of [
      [0, claims / 2],
      [claims / 2, claims - 1],
      [claims - 1, claims],
    ] as const) {
      await laboratory.withDatabase(async (db) => {
        for (let number = from; number < to; number++) await db.submit(claimNumber(number));
        await db.vote(voteNumber(from));
        await db.waitUntilViewsThrough(db.durableOffset);
        await db.query({ subject: 'subject/0', predicate: 'predicate 0', lens: 'recency', agentId: asker });
      });
    }
    return laboratory;
  }

  async withDatabase(body: (db: StemeDB) => Promise<void>): Promise<void> {
    const db = await StemeDB.open(this.ports, config);
    await body(db);
    await db.close();
  }

  /** The store by itself, to put into it what the database never would. */
  async withStore(body: (store: KeyValueStore) => Promise<void>): Promise<void> {
    const { ports } = this;
    const { kv = {}, kvLog = {} } = config;
    const store = await HybridStore.open(ports, `${directory}/kv`, kv, (checkpoint) =>
      judgeJournalLog(ports, `${directory}/kv/log`, kvLog, checkpoint),
    );
    await body(store);
    await store.close();
  }

  async examine(): Promise<{ readonly picture: DatabasePicture; readonly findings: Finding[] }> {
    const findings: Finding[] = [];
    const picture = await examineDatabase(this.ports, { directory, depth: 'claims' }, (finding) => {
      findings.push(finding);
    });
    return { picture, findings };
  }

  /** Paths of all files, in order. */
  files(): string[] {
    return Object.keys(this.volume.toJSON())
      .filter((path) => this.volume.statSync(path).isFile())
      .toSorted();
  }

  read(path: string): Buffer {
    return this.volume.readFileSync(path) as Buffer;
  }

  write(path: string, bytes: Uint8Array): void {
    this.volume.writeFileSync(path, bytes);
  }

  snapshot(): ReadonlyMap<string, Buffer> {
    return new Map(this.files().map((path) => [path, this.read(path)]));
  }
}

export function damages(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ severity }) => severity === 'damage');
}
