import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../stemedb.ts';
import { startStemedb, stemedb, until } from './cli.test-support.ts';

const claims = fileURLToPath(new URL('../../../fixtures/claims/', import.meta.url));

let directory: string;
let data: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stemedb-cli-'));
  data = join(directory, 'db');
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

function claim(subject: string): string {
  return JSON.stringify({ subject, predicate: 'is', object: 'here', confidence: 1, timestamp: 1 });
}

async function file(...lines: readonly string[]): Promise<string> {
  const path = join(directory, 'claims.jsonl');
  await writeFile(path, lines.join('\n'));
  return path;
}

interface Acknowledgement {
  readonly line: number;
  readonly hash: string;
  readonly offset: number;
}

function parsedLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

describe('stemedb submit', () => {
  it('takes thousands of real claims, of which nothing is lost or changed when they are read back', async () => {
    const submitted: { readonly hash: string; readonly content: object }[] = [];
    for (const agent of ['countries-list', 'country-codes-list', 'country-json']) {
      const path = `${claims}countries-${agent}.jsonl`;
      const { exitCode, stdout, stderr } = await stemedb(['submit', '--data', data, '--agent', agent, path]);
      expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/claims of agent "[a-z-]+" are durable/)]);
      const lines = parsedLines<object>(await readFile(path, 'utf8'));
      const acknowledged = parsedLines<Acknowledgement>(stdout);
      expect(acknowledged.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1));
      for (const { line, hash } of acknowledged) submitted.push({ hash, content: lines[line - 1] ?? {} });
    }
    const { hostPorts } = await import('../../host/index.ts');
    const { assertionToJson, StemeDB } = await import('../../engine/index.ts');
    const { fromHex } = await import('../../crypto/index.ts');
    const db = await StemeDB.open(hostPorts(), { directory: data });
    for (const { hash, content } of submitted) {
      const assertion = await db.get(fromHex(hash)!);
      const { signatures, lifecycle, object, ...rest } = assertionToJson(assertion!);
      const written = content as { readonly object: unknown };
      const plain = typeof written.object === 'object' ? object : Object.values(object)[0];
      expect({ ...rest, object: plain }).toEqual(content);
      expect([signatures.length, lifecycle]).toEqual([1, 'proposed']);
    }
    await db.close();
    const verified = await stemedb(['verify', '--data', data]);
    expect(verified).toMatchObject({ exitCode: 0, stderr: '' });
    expect(verified.stdout).toContain('6,135 claims, 6,135 signatures, 12,270 index entries');
  });

  it('takes nothing of a file with a bad line, and does not even make the directory', async () => {
    const path = await file(claim('a'), '{"subject":"b",}', claim('c'), '{"subject":"d"}');
    const { exitCode, stdout, stderr } = await stemedb(['submit', '--data', data, path]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')).toEqual([
      'stemedb: line 2, column 16: expected a name in double quotes',
      'stemedb: line 4, predicate: is missing; it has no default [STEME_FIELD_MISSING]',
      `stemedb: nothing was submitted: 2 lines of ${path} refused. Mend what is listed above, or take the others with --keep-going.`,
      '',
    ]);
    expect(existsSync(data)).toBe(false);
  });

  it('takes the good lines when it is to keep going', async () => {
    const path = await file(claim('a'), 'nonsense', claim('c'));
    const { exitCode, stdout } = await stemedb(['submit', '--data', data, '--keep-going', path]);
    expect(exitCode).toBe(1);
    expect(parsedLines<Acknowledgement>(stdout).map(({ line }) => line)).toEqual([1, 3]);
  });

  it('shows twenty problems and counts the others', async () => {
    const path = await file(...Array.from({ length: 30 }, () => 'nonsense'));
    const { stderr } = await stemedb(['submit', '--data', data, path]);
    expect(stderr).toContain('line 20, column 1: expected a value\nstemedb: ... and 10 more\n');
    expect(stderr).not.toContain('line 21');
  });

  it('takes standard input line by line, up to the first that is bad', async () => {
    const input = [claim('a'), '', claim('b'), 'nonsense', claim('c')].join('\n');
    const { exitCode, stdout, stderr } = await stemedb(['submit', '--data', data, '-'], input);
    expect(exitCode).toBe(1);
    expect(parsedLines<Acknowledgement>(stdout).map(({ line }) => line)).toEqual([1, 3]);
    expect(stderr).toContain('line 4, column 1: expected a value');
    expect(stderr).toContain('stopped at the line that was refused; those before it were taken');
  });

  it('acknowledges what is durable while more is still to come', async () => {
    const running = startStemedb(['submit', '--data', data, '-'], 'open');
    running.child.stdin!.write(`${claim('a')}\n${claim('b')}\n`);
    await until(running, () => parsedLines(running.stdout()).length === 2);
    running.child.stdin!.end(claim('c'));
    const { exitCode, stdout } = await running.ended;
    expect([exitCode, parsedLines(stdout).length]).toEqual([0, 3]);
  });

  it('gives the same claim of the same agent the same hash, and keeps it once', async () => {
    const path = await file(claim('a'), claim('a'));
    const first = await stemedb(['submit', '--data', data, path]);
    const again = await stemedb(['submit', '--data', data, path]);
    const hashes = parsedLines<Acknowledgement>(first.stdout + again.stdout).map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(1);
    expect((await stemedb(['verify', '--data', data])).stdout).toContain(
      '1 claim, 1 signature, 2 index entries',
    );
  });

  it('ends in an orderly way when it is interrupted, and says how far it came', async () => {
    const running = startStemedb(['submit', '--data', data, '-'], 'open');
    running.child.stdin!.write(`${claim('a')}\n`);
    await until(running, () => running.stdout() !== '');
    running.child.kill('SIGINT');
    const { exitCode, signal, stderr } = await running.ended;
    expect([exitCode, signal]).toEqual([130, null]);
    expect(stderr).toContain('interrupted after line 1');
    expect((await stemedb(['verify', '--data', data])).exitCode).toBe(0);
  });

  it('stops when nobody reads its acknowledgements any more', async () => {
    const running = startStemedb(['submit', '--data', data, `${claims}countries-country-json.jsonl`]);
    running.child.stdout!.destroy();
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('standard output was closed after line');
    expect((await stemedb(['verify', '--data', data])).exitCode).toBe(0);
  });

  it('refuses a directory with other things in it', async () => {
    const { exitCode, stderr } = await stemedb(['submit', '--data', directory, await file(claim('a'))]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('holds other things ("claims.jsonl") and no database');
    expect(await readdir(directory)).toEqual(['claims.jsonl']);
  });

  it.each([
    [['submit', '--data', 'db'], 'An argument is missing. See "stemedb submit --help".'],
    [['submit', 'file'], 'Say which database: either --data DIR or --url URL.'],
    [['submit', '--data', 'db', '/nowhere'], 'There is no file "/nowhere".'],
    [['submit', '--data', 'db', '/'], '"/" is a directory; name a file of JSON lines.'],
    [['submit', '--data', 'db', '--agent', '../key', '-'], '--agent takes up to 64 letters'],
    [['sumbit'], 'Did you mean submit? See "stemedb --help".'],
    [
      ['get', '--data', '/nowhere', '--subject'],
      'Not enough arguments following: subject. See "stemedb get --help".',
    ],
    [['get', '--data', '/nowhere', '--subject', 'a'], 'there is no such directory'],
    [['get', '--data', '/tmp', 'abc'], 'A hash has 64 hexadecimal digits, unlike "abc".'],
  ])('%j is a mistake of usage, and is told what to type instead', async (args, message) => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      expect(await main(args)).toBe(2);
      expect(stderr.mock.calls).toEqual([[expect.stringMatching(/^stemedb: .*\n$/)]]);
      expect(stderr.mock.calls[0]?.[0]).toContain(message);
      expect(stdout.mock.calls).toEqual([]);
    } finally {
      stderr.mockRestore();
      stdout.mockRestore();
    }
  });
});

describe('the directory of a database', () => {
  it('belongs to one process at a time, and is free again when that is killed', async () => {
    const running = startStemedb(['submit', '--data', data, '-'], 'open');
    running.child.stdin!.write(`${claim('a')}\n`);
    await until(running, () => running.stdout() !== '');
    const second = await stemedb(['submit', '--data', data, '-'], claim('b'));
    expect(second).toMatchObject({ exitCode: 1, stdout: '' });
    expect(second.stderr).toMatch(
      new RegExp(
        `^stemedb: ${data} is in use by process ${running.child.pid} on .*\\[STEME_DIRECTORY_LOCKED\\]\n$`,
      ),
    );
    running.child.kill('SIGKILL');
    await running.ended;
    expect(await stemedb(['submit', '--data', data, '-'], claim('b'))).toMatchObject({ exitCode: 0 });
  });
});

describe('stemedb get', () => {
  it('finds by hash, by subject, and by subject and predicate', async () => {
    const path = await file(
      '{"subject":"country/BO","predicate":"capital","object":"Sucre","confidence":0.9,"timestamp":1000}',
      '{"subject":"country/BO","predicate":"capital","object":"La Paz","confidence":0.8,"timestamp":2000}',
      '{"subject":"country/BO","predicate":"continent","object":{"reference":"continent/South America"},"confidence":1,"timestamp":3000}',
      '{"subject":"country/PE","predicate":"capital","object":"Lima","confidence":1,"timestamp":3000}',
    );
    const { stdout } = await stemedb(['submit', '--data', data, path]);
    const [sucre, laPaz, continent] = parsedLines<Acknowledgement>(stdout).map(({ hash }) => hash);
    const agent = async (...query: string[]): Promise<string> =>
      (await stemedb(['get', '--data', data, ...query])).stdout;

    expect((await agent(sucre!)).split('\n').slice(0, 7)).toEqual([
      `hash        ${sucre}`,
      'subject     country/BO',
      'predicate   capital',
      'object      "Sucre"',
      'lifecycle   proposed',
      'confidence  0.9',
      'when        1970-01-01T00:00:01.000Z',
    ]);
    const rows = (await agent('--subject', 'country/BO')).split('\n').map((row) => row.split(/ {2,}/));
    expect(rows.map((row) => [row[0], row[1], row.at(-1)])).toEqual([
      ['PREDICATE', 'OBJECT', 'HASH'],
      ['capital', '"La Paz"', laPaz],
      ['capital', '"Sucre"', sucre],
      ['continent', '-> "continent/South America"', continent],
      ['', undefined, ''],
    ]);
    const json = parsedLines<{ readonly hash: string }>(
      await agent('--subject', 'country/BO', '--predicate', 'capital', '--json'),
    );
    expect(json.map(({ hash }) => hash)).toEqual([sucre, laPaz].toSorted());
    const nothing = await stemedb(['get', '--data', data, '--subject', 'country/XX']);
    expect(nothing).toMatchObject({ exitCode: 1, stdout: '', stderr: 'stemedb: no claim about that\n' });
  });

  it('shows no text that would command the terminal', async () => {
    const evil = '\u001b[2J\u009b31m\u202egnp.exe\u0000';
    const path = await file(
      JSON.stringify({ subject: 'a', predicate: evil, object: evil, confidence: 1, timestamp: 8.7e15 }),
    );
    await stemedb(['submit', '--data', data, path]);
    const { stdout } = await stemedb(['get', '--data', data, '--subject', 'a']);
    expect(stdout).toContain('"\\u001b[2J\\u009b31m\\u202egnp.exe\\u0000"');
    // eslint-disable-next-line no-control-regex
    expect(/[\p{Cc}\p{Cf}]/u.test(stdout.replaceAll('\n', ''))).toBe(false);
  });
});

describe('stemedb inspect', () => {
  it('shows the files of a database that is in use, to people and to programs', async () => {
    const running = startStemedb(['submit', '--data', data, '-'], 'open');
    running.child.stdin!.write(`${claim('a')}\n${claim('b')}\n`);
    await until(running, () => parsedLines(running.stdout()).length === 2);
    const people = await stemedb(['inspect', '--data', data]);
    expect(people.exitCode).toBe(0);
    expect(people.stdout).toContain(`in use by process ${running.child.pid} on `);
    expect(people.stdout).toMatch(/^ {2}000000000001-[0-9a-f]{16}\.seg +chain +/m);
    const { stdout } = await stemedb(['inspect', '--data', data, '--json', '--records']);
    const [database, ...records] = parsedLines<Readonly<Record<string, unknown>>>(stdout);
    expect(database).toMatchObject({ type: 'database', directory: data, store: { manifest: { number: 1 } } });
    expect(records.slice(0, 2)).toMatchObject([
      { type: 'record', kind: 'data', lsn: 1, offset: 0, predicate: 'is' },
      { type: 'record', kind: 'data', lsn: 2, predicate: 'is' },
    ]);
    // Both were verified at once, on whichever thread was free: either may have come to the log first.
    expect(
      records
        .slice(0, 2)
        .map(({ subject }) => String(subject))
        .toSorted(),
    ).toEqual(['a', 'b']);
    running.child.stdin!.end();
    expect((await running.ended).exitCode).toBe(0);
    expect((await stemedb(['inspect', '--data', data])).stdout).toContain('not in use');
  });
});

describe('stemedb verify', () => {
  it('names the file, the byte and the reason of what is damaged, and changes nothing', async () => {
    await stemedb(['submit', '--data', data, `${claims}countries-countries-list.jsonl`]);
    const [name] = await readdir(`${data}/wal`);
    const path = `${data}/wal/${name}`;
    const bytes = await readFile(path);
    bytes[100_000]! ^= 1;
    await writeFile(path, bytes);
    const { exitCode, stdout } = await stemedb(['verify', '--data', data]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      new RegExp(
        `✗ wal/${name} at byte \\d+: \\d+ bytes hold no intact record \\(a wrong (hash|checksum)\\)`,
      ),
    );
    expect(stdout).toContain('copy the directory before anything else');
    expect(await readFile(path)).toEqual(bytes);
    const refused = await stemedb(['get', '--data', data, '--subject', 'country/NO']);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('[STEME_WAL_CORRUPT]');
  });
});
