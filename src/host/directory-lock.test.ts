import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DirectoryLock } from './directory-lock.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stemedb-lock-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

describe('the lock on a directory', () => {
  it('is refused to a second taker, even in the same process, who learns whom to stop', async () => {
    const lock = await DirectoryLock.acquire(directory);
    await expect(DirectoryLock.acquire(directory)).rejects.toMatchObject({
      code: 'STEME_DIRECTORY_LOCKED',
      holder: expect.stringContaining(`process ${process.pid} on `) as string,
      message: expect.stringContaining(`${directory} is in use by process ${process.pid} on `) as string,
    });
    lock.release();
  });

  it('can be taken again once it is given back', async () => {
    const first = await DirectoryLock.acquire(directory);
    first.release();
    first.release();
    expect(await readFile(`${directory}/lock`, 'utf8')).toBe('');
    (await DirectoryLock.acquire(directory)).release();
  });

  it('goes to exactly one of many who want it at once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => DirectoryLock.acquire(directory)),
    );
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(winners).toHaveLength(1);
    winners[0]?.release();
  });

  it('is that of flock(2): held by any program, and gone when it is killed', async () => {
    const holder = await holdElsewhere();
    await expect(DirectoryLock.acquire(directory)).rejects.toMatchObject({ code: 'STEME_DIRECTORY_LOCKED' });
    await kill(holder);
    (await DirectoryLock.acquire(directory)).release();
  });

  it('does not mind what a process that was killed has left in the file', async () => {
    await writeFile(`${directory}/lock`, `process ${process.pid} on elsewhere\n`);
    const lock = await DirectoryLock.acquire(directory);
    expect(await readFile(`${directory}/lock`, 'utf8')).toMatch(
      new RegExp(`^process ${process.pid} on \\S+\n$`),
    );
    lock.release();
  });

  it('does not name a process of this machine that is gone', async () => {
    const { pid } = await holdElsewhere().then(async (child) => {
      await kill(child);
      return child;
    });
    await writeFile(`${directory}/lock`, `process ${pid} on ${hostname()}\n`);
    expect(DirectoryLock.holderOf(directory)).toBeUndefined();
    await writeFile(`${directory}/lock`, `process ${pid} on elsewhere.example\n`);
    expect(DirectoryLock.holderOf(directory)).toBe(`process ${pid} on elsewhere.example`);
    expect(DirectoryLock.holderOf(`${directory}/missing`)).toBeUndefined();
  });

  it('names nobody when the holder has not said who it is', async () => {
    const holder = await holdElsewhere();
    await writeFile(`${directory}/lock`, 'no such line');
    await expect(DirectoryLock.acquire(directory)).rejects.toMatchObject({ holder: undefined });
    await kill(holder);
  });

  it('says what to install where there is no flock', async () => {
    vi.stubEnv('PATH', directory);
    await expect(DirectoryLock.acquire(directory)).rejects.toMatchObject({
      code: 'STEME_DIRECTORY_LOCK',
      message: expect.stringContaining('install util-linux') as string,
    });
  });

  it('keeps writers out for a reader, who leaves no trace', async () => {
    expect(await DirectoryLock.acquireToRead(directory)).toBeUndefined();
    expect(await readdir(directory)).toEqual([]);
    const writer = await DirectoryLock.acquire(directory);
    await expect(DirectoryLock.acquireToRead(directory)).rejects.toMatchObject({
      holder: expect.stringContaining(String(process.pid)) as string,
    });
    writer.release();
    const reader = await DirectoryLock.acquireToRead(directory);
    expect(await readFile(`${directory}/lock`, 'utf8')).toBe('');
    await expect(DirectoryLock.acquire(directory)).rejects.toMatchObject({ code: 'STEME_DIRECTORY_LOCKED' });
    reader?.release();
    (await DirectoryLock.acquire(directory)).release();
  });

  it('needs the directory to be there', async () => {
    await expect(DirectoryLock.acquire(`${directory}/missing`)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

/** A process of another program that holds the lock until it is killed. */
async function holdElsewhere(): Promise<ChildProcess> {
  const script = `exec 3>>"${directory}/lock"; flock -x 3; echo held; exec sleep 1000`;
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}
