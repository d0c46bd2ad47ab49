import { mkdtempSync, rmSync } from 'node:fs';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeSignatures } from '../../crypto/index.ts';
import { crashProfile, type Disk } from '../disk/index.ts';
import { World } from '../world.ts';
import { nodeFs, type NodeFs } from './node-fs.ts';

type Promises = typeof fs.promises;
type Callbacks = Record<string, (...args: unknown[]) => void>;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stemedb-node-fs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What `work` comes to on a simulated machine. */
async function simulated<T>(
  work: (node: NodeFs) => Promise<T>,
  seed = '1',
  afterPowerLoss?: (disk: Disk) => void,
): Promise<T> {
  const world = new World({
    choices: { kind: 'seed', seed, record: false, scheduleSeed: seed },
    strategy: 'random',
    choicesPerRun: 100,
    latency: { slow: 0, outOf: 1, microsMax: 0 },
    stepsMax: 100_000,
    trace: false,
    signatures: nodeSignatures,
  });
  let result: { readonly value: T } | undefined;
  const { failure } = await world.run(async () => {
    const machine = world.machine('node-1', crashProfile('xfs'));
    const process = machine.boot();
    result = { value: await process.call('work', () => work(nodeFs(process.ports))) };
    if (afterPowerLoss !== undefined) {
      machine.powerLoss();
      afterPowerLoss(machine.disk);
    }
  });
  if (failure !== undefined) throw failure.error;
  return result!.value;
}

/** What calls come to: on a simulated machine, and on this one. */
async function bothWays(
  work: (promises: Promises, callbacks: Callbacks, at: string) => Promise<unknown>,
): Promise<{ readonly ours: string[]; readonly real: string[] }> {
  const real = await outcomes(
    (note) => work(noting(fs.promises, note), fs as unknown as Callbacks, folder),
    folder,
  );
  const ours = await simulated(async (node) => {
    await node.promises.mkdir('/data', { recursive: true });
    const promises = node.promises as unknown as Promises;
    return outcomes((note) => work(noting(promises, note), node as unknown as Callbacks, '/data'), '/data');
  });
  return { ours, real };
}

type Note = (outcome: string) => void;

async function outcomes(work: (note: Note) => Promise<unknown>, at: string): Promise<string[]> {
  const noted: string[] = [];
  const result = await work((outcome) => noted.push(outcome));
  return [...noted, `result ${JSON.stringify(result)}`].map((line) => line.replaceAll(at, '@'));
}

/** Notes what each call of the promise API comes to. */
function noting(promises: Promises, note: Note): Promises {
  return new Proxy(promises, {
    get:
      (target, name) =>
      async (...args: unknown[]) => {
        const call = target[name as keyof Promises] as (...given: unknown[]) => Promise<unknown>;
        try {
          const result = await call.apply(target, args);
          const told =
            typeof result === 'object' && !Buffer.isBuffer(result) && !Array.isArray(result)
              ? typeof result
              : result;
          note(`${String(name)} ${JSON.stringify(told)}`);
          return result;
        } catch (error) {
          note(`${String(name)} fails with ${(error as Error).message}`);
          return undefined;
        }
      },
  });
}

describe('nodeFs', () => {
  it('does with files what node:fs/promises does', async () => {
    const { ours, real } = await bothWays(async (promises, _, at) => {
      const file = `${at}/a`;
      await promises.readFile(file);
      await promises.writeFile(file, 'hello wörld');
      await promises.appendFile(file, new Uint8Array([33, 10]));
      await promises.readFile(file);
      await promises.readFile(file, 'utf8');
      await promises.readFile(file, { encoding: 'hex' });
      await promises.writeFile(file, 'x', { flag: 'wx' });
      await promises.truncate(file, 5);
      await promises.copyFile(file, `${at}/b`);
      await promises.rename(`${at}/b`, `${at}/c`);
      await promises.rename(`${at}/b`, `${at}/d`);
      await promises.mkdir(`${at}/deep/er`, { recursive: true });
      await promises.mkdir(`${at}/deep`);
      await promises.writeFile(`${at}/deep/er/file`, 'x');
      await promises.rmdir(`${at}/deep`);
      await promises.rm(`${at}/deep`, { recursive: true });
      await promises.rm(`${at}/deep`);
      await promises.rm(`${at}/deep`, { recursive: true, force: true });
      await promises.access(`${at}/c`);
      await promises.access(`${at}/none`);
      await promises.unlink(`${at}/none`);
      await promises.chmod(`${at}/c`, 0o600);
      await promises.realpath(`${at}/../${path.basename(at)}/c`);
      const entries = await promises.readdir(at, { withFileTypes: true });
      return entries.map((entry) => [entry.name, entry.isFile(), entry.isDirectory()]).toSorted();
    });
    expect(ours).toEqual(real);
  });

  it('has handles with a position of their own', async () => {
    const { ours, real } = await bothWays(async (promises, _, at) => {
      const handle = await promises.open(`${at}/handle`, 'w+');
      const told: unknown[] = [];
      told.push((await handle.write('hello ')).bytesWritten);
      told.push((await handle.write(Buffer.from('..world..'), 2, 5)).bytesWritten);
      told.push((await handle.write('J', 0, 'latin1')).bytesWritten);
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 3);
      told.push(bytesRead, buffer.toString());
      told.push((await handle.read({ buffer: Buffer.alloc(4) })).bytesRead);
      await handle.writeFile('!!');
      await handle.sync();
      await handle.truncate(12);
      told.push((await handle.stat()).size);
      await handle.close();
      told.push(await promises.readFile(`${at}/handle`, 'utf8'));
      const appending = await promises.open(`${at}/handle`, 'a');
      await appending.appendFile('end');
      await appending.close();
      told.push(await promises.readFile(`${at}/handle`, 'utf8'));
      return told;
    });
    expect(ours).toEqual(real);
  });

  it('has the functions with callbacks, by descriptor and by path', async () => {
    const { ours, real } = await bothWays(async (promises, callbacks, at) => {
      const outcome = (name: string, ...args: unknown[]): Promise<unknown> => {
        const under = callbacks[name];
        if (under === undefined) throw new TypeError(`No ${name}.`);
        const call = promisify(under) as (...given: unknown[]) => Promise<unknown>;
        return call(...args).catch((error: Error) => error.message);
      };
      const told: unknown[] = [];
      const fd = await outcome('open', `${at}/callback`, 'w+');
      await outcome('write', fd, 'hello', null, 'utf8');
      await outcome('writeFile', fd, ' world');
      await outcome('fsync', fd);
      told.push(((await outcome('fstat', fd)) as fs.Stats).size);
      await outcome('close', fd);
      told.push(await outcome('open', `${at}/none/file`, 'r'));
      told.push(await outcome('readFile', `${at}/callback`, 'utf8'));
      told.push(await new Promise((resolve) => callbacks['exists']?.('/', resolve)));
      for (const name of ['one', 'two', 'three']) await promises.writeFile(`${at}/${name}`, name);
      return told;
    });
    expect(ours).toEqual(real);
  });

  it('gives the lowest free descriptor, as Linux does', async () => {
    const numbers = await simulated(async ({ promises }) => {
      const [one, two] = [await promises.open('/1', 'w'), await promises.open('/2', 'w')];
      await one.close();
      const three = await promises.open('/3', 'w');
      return [one.fd, two.fd, three.fd];
    });
    expect(numbers).toEqual([3, 4, 3]);
  });

  it('is no more durable than Node: of two files a power loss keeps the one that was synced', async () => {
    const sizes: Record<string, number[]> = { plain: [], synced: [] };
    for (let seed = 1; seed <= 20; seed++) {
      await simulated(
        async ({ promises }) => {
          for (const name of ['plain', 'synced']) {
            const handle = await promises.open(`/${name}`, 'w');
            await handle.writeFile('x'.repeat(5000));
            if (name === 'synced') await handle.sync();
            await handle.close();
          }
          const root = await promises.open('/', 'r');
          await root.sync();
          await root.close();
        },
        `${seed}`,
        (disk) => {
          for (const [name, found] of Object.entries(sizes)) found.push(disk.stat(`/${name}`).size);
        },
      );
    }
    expect(new Set(sizes['synced'])).toEqual(new Set([5000]));
    expect(sizes['plain']).toContain(0);
  });
});
