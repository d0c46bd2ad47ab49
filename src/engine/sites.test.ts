import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Ports } from '../ports/index.ts';
import { EagerSites } from '../ports/sites.test-support.ts';
import { lenses } from './lens/index.ts';
import { assertionHash } from './model/index.ts';
import { sites } from './sites.ts';
import { claimOf, settle, smallConfig, voteFor, withPorts } from './stemedb.test-support.ts';
import { StemeDB } from './stemedb.ts';

const here = new URL('./', import.meta.url);

/** The labels that the sources ask for, as they stand there. */
function asked(): string[] {
  const labels: string[] = [];
  for (const name of readdirSync(here, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || /\.test(-support)?\.ts$/.test(name)) continue;
    const source = readFileSync(new URL(name, here), 'utf8');
    for (const [, label = ''] of source.matchAll(/\.fires\('([^']+)'\)/g)) labels.push(label);
  }
  return labels.toSorted();
}

const subjects = ['Tesla', 'Rivian', 'Lucid'];

/** Writes the same claims and votes, some of them twice, and says all that can be asked about them. */
async function story(ports: Ports): Promise<unknown> {
  const claims = Array.from({ length: 18 }, (_, timestamp) =>
    claimOf({
      subject: subjects[timestamp % 3]!,
      timestamp,
      object: { type: 'number', value: timestamp % 4 },
    }),
  );
  const config = {
    ...smallConfig,
    ingest: { workers: 2, checkpointBytes: 4096 },
    kv: { memtableBytes: 4096 },
  };
  for (let life = 0; life < 2; life += 1) {
    const db = await StemeDB.open(ports, config);
    await Promise.all(
      claims.flatMap((claim, index) => [db.submit(claim), db.vote(voteFor(claim, 1 + (index % 3), 2))]),
    );
    await settle(db);
    await db.close();
  }
  const db = await StemeDB.open(ports, config);
  await settle(db);
  const answers: unknown[] = [];
  for (const subject of subjects) {
    for (const lens of lenses.keys()) {
      const { resolution, audited } = await db.query({ subject, predicate: 'revenue', lens, maxStaleMs: 0 });
      answers.push({ resolution, audited });
    }
  }
  const tallies = [];
  for (const claim of claims) tallies.push(await db.tally(assertionHash(claim)));
  const { items } = await db.list({ subject: 'Tesla' });
  const quarantined = await db.quarantined();
  await db.close();
  return { answers, tallies, items, quarantined };
}

describe('sites of the engine', () => {
  it('are those of the catalogue, each in one place', () => {
    expect(asked()).toEqual(Object.keys(sites).toSorted());
  });

  it('change nothing that can be asked, though every one fires', async () => {
    let plain: unknown;
    await withPorts(async (ports) => void (plain = await story(ports)));
    for (const seed of ['1', '2', '3']) {
      const eager = new EagerSites();
      await withPorts(async (ports) => {
        expect(await story({ ...ports, sites: eager })).toEqual(plain);
      }, seed);
      const inside = /^(ingest|views|query|submit)\./;
      expect([...eager.fired].filter((site) => inside.test(site)).toSorted()).toEqual(
        Object.keys(sites)
          .filter((site) => inside.test(site))
          .toSorted(),
      );
    }
  });
});
