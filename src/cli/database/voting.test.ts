import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stemedb, stemedbHere } from './cli.test-support.ts';

let directory: string;
let data: string;
/** Hashes of the claims that the capital is Sucre, La Paz, and Sucre again. */
let hashes: [sucre: string, laPaz: string, sucreAgain: string];

let original: string;

beforeAll(async () => {
  original = await mkdtemp(join(tmpdir(), 'stemedb-voting-'));
  const claim = (object: string, timestamp: number, lifecycle: string): string =>
    JSON.stringify({
      subject: 'country/BO',
      predicate: 'capital',
      object,
      confidence: 0.9,
      timestamp,
      lifecycle,
    });
  const claims = [
    claim('Sucre', 1000, 'approved'),
    claim('La Paz', 3000, 'proposed'),
    claim('Sucre', 2000, 'proposed'),
  ];
  const { stdout } = await stemedb(['submit', '--data', join(original, 'db'), '-'], claims.join('\n'));
  hashes = acknowledged(stdout) as typeof hashes;
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stemedb-voting-'));
  data = join(directory, 'db');
  await cp(original, directory, { recursive: true });
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

afterAll(async () => {
  await rm(original, { recursive: true });
});

function acknowledged(stdout: string): string[] {
  return linesOf(stdout).map((line) => (JSON.parse(line) as { readonly hash: string }).hash);
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

async function query(
  ...args: string[]
): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
  return stemedb(['query', '--data', data, '--subject', 'country/BO', ...args]);
}

async function winner(...args: string[]): Promise<unknown> {
  const { stdout } = await query('--predicate', 'capital', '--json', ...args);
  const { winner } = JSON.parse(stdout) as { readonly winner?: { readonly object: unknown } };
  return winner?.object;
}

describe('stemedb vote', () => {
  it('casts a vote that counts once however often it is made, and one of another weight as well', async () => {
    const [, laPaz] = hashes;
    const vote = ['vote', '--data', data, '--agent', 'alice', laPaz];
    const first = await stemedb([...vote, '2.5', '--timestamp', '7']);
    expect([first.exitCode, first.stderr]).toEqual([
      0,
      expect.stringContaining('1 vote of agent "alice" is durable'),
    ]);
    const again = await stemedb([...vote, '2.5', '--timestamp', '7']);
    expect(acknowledged(again.stdout)).toEqual(acknowledged(first.stdout));
    await stemedb([...vote, '0.000001', '--timestamp', '7']);
    const { stdout } = await query('--json');
    const listed = linesOf(stdout).map((line) => JSON.parse(line) as { hash: string; votes: unknown });
    expect(listed.find(({ hash }) => hash === laPaz)?.votes).toEqual({ count: 2, weight: '2.500001' });
  });

  it('takes votes from a file, a line each, or none of them if one breaks a rule', async () => {
    const [sucre, laPaz] = hashes;
    const path = join(directory, 'votes.jsonl');
    const vote = (assertionHash: string, weight: number): string =>
      JSON.stringify({ assertionHash, weight, timestamp: 1 });
    await writeFile(path, [vote(sucre, 1), vote(laPaz, -1), '{"weight":1}', vote(laPaz, 3)].join('\n'));
    const refused = await stemedb(['vote', '--data', data, path]);
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('line 2, weight: must not be negative');
    expect(refused.stderr).toContain('line 3, assertionHash: is missing');
    expect(refused.stderr).toContain(`nothing was submitted: 2 lines of ${path} refused`);
    expect(await winner('--lens', 'vote-aware-consensus')).not.toBeUndefined();
    const taken = await stemedb(['vote', '--data', data, '--keep-going', path]);
    expect([taken.exitCode, linesOf(taken.stdout).length]).toEqual([1, 2]);
    expect(await winner('--lens', 'vote-aware-consensus')).toEqual({ text: 'La Paz' });
    expect((await stemedb(['verify', '--data', data])).stdout).toContain('2 votes');
    expect((await stemedb(['get', '--data', data, laPaz])).stdout).toMatch(/^votes +1 vote of weight 3$/m);
    const { stdout } = await stemedb(['inspect', '--data', data, '--records']);
    expect(stdout).toMatch(new RegExp(` data +[0-9a-f]{16}  vote of 3 on ${laPaz.slice(0, 16)}$`, 'm'));
  });

  it('says whose vote it is by the key, and takes no other word for it', async () => {
    const line = JSON.stringify({
      assertionHash: hashes[0],
      weight: 1,
      timestamp: 1,
      agentId: '00'.repeat(32),
    });
    const { exitCode, stderr } = await stemedb(['vote', '--data', data, '-'], line);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('line 1, agentId: is no field that is known here');
  });

  it.each([
    [(hash: string) => [hash], 'Say how much weight the vote has: stemedb vote ... HASH WEIGHT.'],
    [(hash: string) => [hash, '-1'], 'weight must not be negative'],
    [(hash: string) => [hash, 'much'], 'weight is not a number'],
    [() => ['abc', '1'], 'A hash has 64 hexadecimal digits, unlike "abc".'],
    [() => ['/nowhere'], 'There is no file "/nowhere".'],
  ])('refuses a mistake of usage (%#), and writes nothing', async (what, message) => {
    const { exitCode, stdout, stderr } = await stemedbHere(['vote', '--data', data, ...what(hashes[0])]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('makes no database where there is none', async () => {
    const none = join(directory, 'none');
    const { exitCode, stderr } = await stemedbHere(['vote', '--data', none, hashes[0], '1']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no such directory');
    expect(await readdir(directory)).toEqual(['db']);
  });
});

describe('stemedb query', () => {
  it('shows people who wins, why, and among what', async () => {
    await stemedb(['vote', '--data', data, hashes[1], '4']);
    const { exitCode, stdout } = await query('--predicate', 'capital', '--lens', 'vote-aware-consensus');
    expect(exitCode).toBe(0);
    const rows = stdout.split('\n').map((row) => row.trim().split(/ {2,}/));
    expect(rows.slice(0, 5)).toEqual([
      ['subject', 'country/BO'],
      ['predicate', 'capital'],
      ['lens', 'vote-aware-consensus'],
      ['winner', '"La Paz"'],
      ['confidence', '1.000'],
    ]);
    expect(rows[7]).toEqual(['OBJECT', 'SHARE', 'WEIGHT', 'CLAIMS', 'LIFECYCLE', 'WHEN', 'HASH']);
    expect(rows[8]).toEqual(['1', '"La Paz"', '1.000', '4', '1', 'proposed', '1970-01-01', hashes[1]]);
    expect(stdout).toMatch(/through offset \d+ of the log; query [0-9a-f]+$/m);
  });

  it('sees the same claims differently through other lenses, at other times, of other lifecycles', async () => {
    expect(await winner()).toEqual({ text: 'Sucre' });
    expect(await winner('--lens', 'recency')).toEqual({ text: 'La Paz' });
    expect(await winner('--lens', 'recency', '--as-of', '2500')).toEqual({ text: 'Sucre' });
    expect(await winner('--lens', 'recency', '--as-of', '1970-01-01T00:00:03Z')).toEqual({ text: 'La Paz' });
    expect(await winner('--lens', 'recency', '--lifecycle', 'approved')).toEqual({ text: 'Sucre' });
    expect(await winner('--lens', 'skeptic')).toBeUndefined();
    const stale = await query('--predicate', 'capital', '--max-stale', '0s', '--json');
    expect(JSON.parse(stale.stdout)).toMatchObject({ resolution: { candidatesCount: 3 }, audited: true });
  });

  it('lists what is claimed, with the votes, when it is not told what to ask', async () => {
    await stemedb(['vote', '--data', data, hashes[1], '4']);
    const { stdout } = await query();
    const rows = stdout.split('\n').map((row) => row.trim().split(/ {2,}/));
    expect(rows[0]).toEqual([
      'PREDICATE',
      'OBJECT',
      'WEIGHT',
      'VOTES',
      'LIFECYCLE',
      'CONFIDENCE',
      'WHEN',
      'HASH',
    ]);
    expect(rows[1]).toEqual(['capital', '"La Paz"', '4', '1', 'proposed', '0.9', '1970-01-01', hashes[1]]);
    expect(rows.slice(2, 4).map((row) => row.at(-1))).toEqual([hashes[0], hashes[2]].toSorted());
    const first = await stemedb([
      'query',
      '--data',
      data,
      '--subject',
      'country/BO',
      '--limit',
      '2',
      '--json',
    ]);
    const page = acknowledged(first.stdout);
    expect(page).toEqual(hashes.toSorted().slice(0, 2));
    expect(first.stderr).toBe(`stemedb: there are more: go on with --after ${page[1]}\n`);
    const { stdout: rest } = await query('--after', page[1]!, '--json');
    expect(acknowledged(rest)).toEqual(hashes.toSorted().slice(2));
  });

  it('says so when there is nothing about that, or no such lens', async () => {
    const nothing = await query('--predicate', 'colour');
    expect(nothing).toMatchObject({ exitCode: 1, stdout: '', stderr: 'stemedb: no claim about that\n' });
    const unknown = await query('--predicate', 'capital', '--lens', 'truth');
    expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('[STEME_LENS_UNKNOWN]') });
  });

  it.each([
    [['--predicate', 'capital', '--as-of', 'yesterday'], '--as-of takes milliseconds since 1970'],
    [['--predicate', 'capital', '--max-stale', 'soon'], '--max-stale takes a duration'],
    [['--predicate', 'capital', '--limit', '5'], '--limit and --after go with a list of claims'],
    [['--lens', 'recency'], '--lens and --max-stale resolve one --predicate'],
    [['--url', 'http://127.0.0.1:1'], 'either --data DIR or --url URL'],
    [['--key', 'steme_'], '--key goes with --url'],
  ])('refuses %j as a mistake of usage', async (args, message) => {
    const asked = ['query', '--data', data, '--subject', 'country/BO', ...args];
    const { exitCode, stderr } = await stemedbHere(asked);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
