import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Served } from './soak/served.ts';
import { checkPromises, clientOf, soak } from './soak/soak.ts';

const root = new URL('../', import.meta.url);
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stemedb-soak-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

it('loses nothing that was acknowledged over HTTP when the server is killed again and again', async () => {
  const { kills, claims, votes, complaints } = await soak({
    root,
    directory,
    users: 16,
    durationMs: 5000,
    lifeMsMax: 2500,
    seed: '1',
  });
  expect(complaints).toEqual([]);
  expect(kills).toBeGreaterThan(1);
  expect(claims).toBeGreaterThan(16);
  expect(votes).toBeGreaterThan(0);
});

it('would notice a claim that is lost, and votes that are', async () => {
  const server = new Served(fileURLToPath(new URL('bin/stemedb', root)), directory, 0);
  const client = clientOf(await server.ready(), server.firstKey ?? '');
  const hash = '00'.repeat(32);
  const complaints: string[] = [];
  const promised = { claims: new Set([hash]), votes: new Map([[hash, { acknowledged: 2, sent: 3 }]]) };
  await checkPromises(client, promised, { reads: 0, unanswered: 0, complaints });
  expect(complaints).toEqual([
    `1 acknowledged claims are lost, the first is ${hash}`,
    `claim ${hash} has 0 votes of weight 0; 2 were acknowledged, 3 sent`,
  ]);
  expect(await server.stop()).toBe(0);
});
