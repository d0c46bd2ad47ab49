import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Running, startStemedb, stemedb, stemedbHere, until } from './cli.test-support.ts';

let directory: string;
let data: string;
const started: Running[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stemedb-serving-'));
  data = join(directory, 'db');
});

afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await rm(directory, { recursive: true });
});

interface Serving {
  readonly running: Running;
  readonly url: string;
}

async function serve(...args: string[]): Promise<Serving> {
  const running = startStemedb(['serve', '--data', data, '--port', '0', ...args]);
  started.push(running);
  await until(running, () => running.stdout().includes('\n'));
  const url = /^serving \S+ at (http:\S+)\n$/.exec(running.stdout())?.[1];
  if (url === undefined) throw new Error(`no address in ${running.stdout()}`);
  return { running, url };
}

/** The key that a new database is given, as the server shows it. */
function keyIn(text: string): string {
  const key = /steme_[0-9a-f]{64}/.exec(text)?.[0];
  if (key === undefined) throw new Error(`no key in ${text}`);
  return key;
}

async function stop({
  running,
}: Serving): Promise<{ readonly exitCode: number | null; readonly stderr: string }> {
  running.child.kill('SIGTERM');
  return running.ended;
}

/** A request whose head the server has, and whose body is still to come. */
class HalfAsked {
  readonly #socket: Socket;
  #answer = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8').on('data', (text: string) => {
      this.#answer += text;
    });
    // It is cut off, in one of the tests.
    socket.on('error', () => undefined);
  }

  static async begin(url: string, key: string): Promise<HalfAsked> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const asked = new HalfAsked(socket);
    const head = [
      'POST /v1/votes HTTP/1.1',
      'Host: here',
      'Content-Type: application/json',
      `Authorization: Bearer ${key}`,
    ];
    socket.write([...head, 'Content-Length: 2', 'Expect: 100-continue', '', ''].join('\r\n'));
    await once(socket, 'data');
    expect(asked.#answer).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    asked.#answer = '';
    return asked;
  }

  /** The answer, if there is one. */
  async finish(): Promise<string> {
    const closed = once(this.#socket, 'close');
    if (!this.#socket.closed) {
      this.#socket.write('{}');
      await closed;
    }
    return this.#answer;
  }
}

const claim = JSON.stringify({ subject: 'a', predicate: 'is', object: 'here', confidence: 1, timestamp: 1 });

describe('stemedb serve', () => {
  it('says where it serves once it is ready, and ends with 0 when it is stopped', async () => {
    const serving = await serve();
    const health = await fetch(`${serving.url}/v1/health`);
    expect([health.status, await health.json()]).toMatchObject([200, { status: 'ready' }]);
    const { exitCode, stderr } = await stop(serving);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('stopping');
    await expect(fetch(serving.url)).rejects.toThrow('fetch failed');
    expect((await stemedb(['verify', '--data', data])).exitCode).toBe(0);
  });

  it('answers what was asked before it was stopped', async () => {
    const serving = await serve('--stop-within', '1h');
    const { child, ended, stderr } = serving.running;
    const asked = await HalfAsked.begin(serving.url, keyIn(stderr()));
    child.kill('SIGTERM');
    await until(serving.running, () => stderr().includes('stopping'));
    expect(await asked.finish()).toMatch(/^HTTP\/1.1 422 .*^Connection: close/ims);
    expect(await ended).toMatchObject({ exitCode: 0 });
  });

  it('waits for nobody when it is told to stop a second time', async () => {
    const serving = await serve('--stop-within', '1h');
    const { child, ended, stderr } = serving.running;
    const asked = await HalfAsked.begin(serving.url, keyIn(stderr()));
    child.kill('SIGTERM');
    await until(serving.running, () => stderr().includes('stopping'));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
    expect(await asked.finish()).toBe('');
    expect((await stemedb(['verify', '--data', data])).exitCode).toBe(0);
  });

  it('gives a new database one key, shows it once, and keeps it nowhere in clear', async () => {
    const first = await serve();
    await until(first.running, () => first.running.stdout() !== '');
    const { stderr } = await stop(first);
    const key = keyIn(stderr);
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name), 'latin1');
      expect([entry.name, bytes.includes(key), bytes.includes(key.slice(6))]).toEqual([
        entry.name,
        false,
        false,
      ]);
    }
    const second = await serve();
    const answer = await fetch(`${second.url}/v1/keys`, { headers: { Authorization: `Bearer ${key}` } });
    expect(await answer.json()).toMatchObject({
      items: [{ name: 'first', roles: ['admin'], agents: 'any' }],
    });
    expect((await stop(second)).stderr).not.toContain('steme_');
  });

  it('refuses whoever has no key, and measures what it does for those who may look', async () => {
    const serving = await serve();
    expect((await fetch(`${serving.url}/v1/metrics`)).status).toBe(401);
    const key = keyIn((await stop(serving)).stderr);
    const again = await serve();
    const metrics = async (): Promise<string> =>
      (await fetch(`${again.url}/v1/metrics`, { headers: { Authorization: `Bearer ${key}` } })).text();
    await metrics();
    const text = await metrics();
    expect(text).toMatch(
      /^stemedb_http_server_request_seconds_count\{method="GET",operation="metrics",status="200"\} 1$/m,
    );
    expect(text).toMatch(/^stemedb_kv_cache_hits \d+$/m);
    expect(text).toMatch(/^stemedb_kv_cache_misses \d+$/m);
    expect(text).toMatch(/^stemedb_ingest_offset \d+$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  });

  it('refuses a directory that another one serves, and a port that is taken, before it touches anything', async () => {
    const serving = await serve();
    const second = await stemedb(['serve', '--data', data, '--port', '0']);
    expect(second).toMatchObject({ exitCode: 1, stdout: '' });
    expect(second.stderr).toMatch(/is in use by process \d+ on .*\[STEME_DIRECTORY_LOCKED\]\n$/);
    const other = join(directory, 'other');
    const { port } = new URL(serving.url);
    const third = await stemedb(['serve', '--data', other, '--port', port]);
    expect(third).toMatchObject({ exitCode: 1, stdout: '' });
    expect(third.stderr).toContain(`port ${port} is in use by another program`);
    expect(existsSync(join(other, 'wal'))).toBe(false);
    expect((await stop(serving)).exitCode).toBe(0);
  });

  it.each([
    [['--port', '70000'], '--port takes a number from 0 to 65535'],
    [['--port', '0', '--stop-within', 'soon'], '--stop-within takes a duration'],
  ])('refuses %j as a mistake of usage', async (args, message) => {
    const { exitCode, stderr } = await stemedbHere(['serve', '--data', data, ...args]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(data)).toBe(false);
  });
});

describe('a served database', () => {
  it('takes claims, votes and questions from elsewhere, of those who have a key for them', async () => {
    const admin = (await stemedb(['keys', 'create', 'ops', '--data', data, '--role', 'admin'])).stdout.trim();
    const keys = join(directory, 'keys');
    const serving = await serve();
    const asked = (...args: string[]) => stemedb([...args, '--url', serving.url]);
    const made = await asked(
      'keys',
      'create',
      'alice',
      '--role',
      'writer',
      '--agent',
      'alice',
      '--keys',
      keys,
      '--key',
      admin,
    );
    expect(made.exitCode).toBe(0);
    const alice = made.stdout.trim();

    const path = ['--keys', keys, '--key', alice];
    const submitted = await stemedb(
      ['submit', '--url', serving.url, '--agent', 'alice', ...path, '-'],
      claim,
    );
    expect(submitted).toMatchObject({ exitCode: 0 });
    const { hash } = JSON.parse(submitted.stdout) as { readonly hash: string };
    expect(await asked('vote', hash, '2.5', '--agent', 'alice', ...path)).toMatchObject({ exitCode: 0 });
    const foreign = await asked('vote', hash, '9', '--agent', 'mallory', ...path);
    expect(foreign).toMatchObject({ exitCode: 1, stdout: '' });
    expect(foreign.stderr).toContain('were not all taken');
    expect(foreign.stderr).toContain('[STEME_FORBIDDEN_AGENT]');

    const question = ['query', '--subject', 'a', '--predicate', 'is', '--lens', 'vote-aware-consensus'];
    const answer = await asked(...question, '--key', alice);
    expect(answer.stdout).toMatch(/^winner +"here"$/m);
    expect(answer.stdout).toMatch(/ 2\.5 +1 +proposed /);
    const listed = await asked('query', '--subject', 'a', '--json', '--key', alice);
    expect(JSON.parse(listed.stdout)).toMatchObject({ hash, votes: { count: 1, weight: '2.5' } });
    expect((await asked(...question)).stderr).toContain('[STEME_UNAUTHENTICATED]');
    expect((await stop(serving)).exitCode).toBe(0);
    const verified = await stemedb(['verify', '--data', data]);
    expect(verified).toMatchObject({ exitCode: 0 });
    expect(verified.stdout).toContain('1 vote');
  });
});

describe('stemedb keys', () => {
  it('makes, lists and revokes keys, and shows a key only when it is made', async () => {
    const created = await stemedb([
      'keys',
      'create',
      'ops',
      '--data',
      data,
      '--role',
      'reader',
      'auditor',
      '--json',
    ]);
    const { key, record } = JSON.parse(created.stdout) as { key: string; record: { id: string } };
    await stemedb([
      'keys',
      'create',
      'al ice',
      '--data',
      data,
      '--role',
      'writer',
      '--agent',
      'alice',
      '--quota',
      '50',
    ]);
    expect(await readdir(`${data}/keys`)).toEqual(['alice.key']);
    const revoked = await stemedb(['keys', 'revoke', record.id, '--data', data]);
    expect(revoked).toMatchObject({ exitCode: 0, stderr: `stemedb: key ${record.id} is revoked\n` });
    const { stdout } = await stemedb(['keys', 'list', '--data', data]);
    expect(stdout).not.toContain(key.slice(6));
    const rows = stdout.split('\n').map((row) => row.split(/ {2,}/));
    expect(rows[0]).toEqual(['ID', 'NAME', 'ROLES', 'AGENTS', 'QUOTA', 'MADE', 'REVOKED']);
    const ops = rows.find(([id]) => id === record.id);
    expect([ops?.[1], ops?.[2], ops?.at(-1)]).toEqual([
      'ops',
      'reader auditor',
      expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/),
    ]);
    expect(rows.find(([, name]) => name === '"al ice"')?.slice(2, 5)).toEqual([
      'writer',
      expect.stringMatching(/^[0-9a-f]{8}$/),
      '50',
    ]);
    expect(await stemedb(['keys', 'revoke', '0123456789abcdef', '--data', data])).toMatchObject({
      exitCode: 1,
    });
  });

  it('tells where to ask while the database is served', async () => {
    const serving = await serve();
    const { exitCode, stderr } = await stemedb(['keys', 'list', '--data', data]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('POST, GET and DELETE /v1/keys');
    expect(stderr).toContain('--url and --key in place of --data');
    await stop(serving);
  });

  it('makes nothing where other things are', async () => {
    await stemedb(['submit', '--data', data, '-'], claim);
    const { exitCode, stderr } = await stemedb([
      'keys',
      'create',
      'x',
      '--data',
      directory,
      '--role',
      'writer',
      '--agent',
      'alice',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('holds other things');
    expect(await readdir(directory)).toEqual(['db']);
  });
});
