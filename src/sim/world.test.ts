import { describe, expect, it } from 'vitest';
import { nobleSignatures } from '../crypto/index.ts';
import type { FileHandle, Ports } from '../ports/index.ts';
import { crashProfile, Disk } from './disk/index.ts';
import { type Machine, ProcessGoneError } from './machine/index.ts';
import { World, type WorldOptions, type WorldOutcome } from './world.ts';

const options: WorldOptions = {
  choices: { kind: 'seed', seed: '1', record: true },
  strategy: 'random',
  choicesPerRun: 100,
  latency: { slow: 1, outOf: 4, microsMax: 1000 },
  stepsMax: 100_000,
  trace: true,
  signatures: nobleSignatures,
};

describe('World', () => {
  it('gives the same digest for the same seed, and another for another', async () => {
    const play = (seed: string): Promise<WorldOutcome> =>
      runWorld({ choices: { kind: 'seed', seed, record: false } }, async (world) => {
        const machine = world.machine('node', crashProfile('strict'));
        const process = machine.boot();
        await Promise.all(
          [1, 2, 3].map((nth) =>
            process.call(`write-${nth}`, () => writeFile(process.ports, `/file-${nth}`, nth)),
          ),
        );
      });
    const [one, again, other] = [await play('1'), await play('1'), await play('2')];
    expect(one.failure).toBeUndefined();
    expect(again.digest).toBe(one.digest);
    expect(other.digest).not.toBe(one.digest);
  });

  it('remembers the most bytes that were on a disk, those that went with it and those since deleted', async () => {
    const exchanged = await runWorld({}, async (world) => {
      const machine = world.machine('node', crashProfile('strict'));
      const process = machine.boot();
      await process.call('write', () => writeFile(process.ports, '/file', 7));
      machine.insert(new Disk());
    });
    expect(exchanged.diskBytesPeak).toBe(1);
    const deleted = await runWorld({}, async (world) => {
      const { fs, scheduler } = world.machine('node', crashProfile('strict')).boot().ports;
      const handle = await fs.open('/file', 'w');
      await handle.write(new Uint8Array(8000), 0, 8000, 0);
      for (let turn = 0; turn < 300; turn++) await scheduler.yield();
      await handle.truncate(10);
      await handle.close();
    });
    expect(deleted.diskBytesPeak).toBe(8000);
  });

  it('lets somebody look at it from outside every so many steps, and at the end', async () => {
    let looks = 0;
    const watch = { everySteps: 10, look: () => void looks++ };
    const watched = await runWorld({ watch }, busyWorld);
    expect(looks).toBe(Math.floor(watched.steps / 10) + 1);
    expect(watched.digest).toBe((await runWorld({}, busyWorld)).digest);
  });

  it('is unmoved by what else the event loop of the process is doing', async () => {
    const quiet = await runWorld({}, busyWorld);
    const ticking = setInterval(() => undefined, 0);
    const noisy = await runWorld({}, busyWorld);
    clearInterval(ticking);
    expect(noisy.digest).toBe(quiet.digest);
  });

  it('ends the run with what the root task threw', async () => {
    const outcome = await runWorld({}, async () => {
      throw new Error('no');
    });
    expect(outcome.failure).toMatchObject({ kind: 'thrown', error: { message: 'no' } });
  });

  it('reports a deadlock with what each task waits for', async () => {
    const outcome = await runWorld({}, (world) => world.scheduler.park('a letter').promise);
    expect(outcome.failure).toMatchObject({ kind: 'stuck', error: { code: 'SIM_DEADLOCK' } });
    expect(String((outcome.failure as { error: Error }).error.message)).toContain('waits for a letter');
  });

  it('names the task that died unseen rather than those who wait for it', async () => {
    const outcome = await runWorld({}, async (world) => {
      world.scheduler.spawn('doomed', async () => {
        throw new Error('died');
      });
      await world.scheduler.park('what will never come').promise;
    });
    expect(outcome.failure).toMatchObject({ kind: 'unhandled', error: { message: 'died' } });
  });

  it('reports a rejected promise that nobody handles', async () => {
    const outcome = await runWorld({}, async (world) => {
      void Promise.reject(new Error('dropped'));
      for (;;) await world.scheduler.yield();
    });
    expect(outcome.failure).toMatchObject({ kind: 'unhandled', error: { message: 'dropped' } });
  });

  it('reports a leak even when the code under test swallows the error', async () => {
    const outcome = await runWorld({}, async (world) => {
      try {
        Date.now();
      } catch {
        await world.scheduler.yield();
      }
    });
    expect(outcome.failure).toMatchObject({ kind: 'leak', error: { code: 'SIM_LEAK' } });
  });

  it('stands still after the step it was asked to, without a verdict', async () => {
    const outcome = await runWorld({ stepsUntil: 10 }, async (world) => {
      for (;;) await world.scheduler.yield();
    });
    expect(outcome.steps).toBe(10);
    expect(outcome.failure).toBeUndefined();
  });

  it('replays its tape strictly, and blames the tape when the code has changed', async () => {
    const recorded = await runWorld({}, busyWorld);
    const replayed = await runWorld(
      { choices: { kind: 'strict', seed: '1', tape: recorded.tape! } },
      busyWorld,
    );
    expect(replayed.failure).toBeUndefined();
    expect(replayed.digest).toBe(recorded.digest);
    const changed = await runWorld(
      { choices: { kind: 'strict', seed: '1', tape: recorded.tape! } },
      async (world) => {
        await busyWorld(world);
        await busyWorld(world);
      },
    );
    expect(changed.failure).toMatchObject({ kind: 'simulator', error: { code: 'SIM_TAPE_MISMATCH' } });
  });
});

describe('Machine', () => {
  it('loses the process and keeps the page cache when it is killed', async () => {
    await expectHeld(async (world) => {
      const machine = world.machine('node', crashProfile('strict'));
      const first = machine.boot();
      await first.call('write', () => writeFile(first.ports, '/file', 7));
      machine.kill();
      const second = machine.boot();
      expect(await second.call('read', () => readFile(second.ports, '/file'))).toBe(7);
    });
  });

  it('loses what was not synced when it loses power, and nothing that was', async () => {
    const survivors = new Set<number | undefined>();
    for (let seed = 0; seed < 30; seed++) {
      await expectHeld(async (world) => {
        const machine = world.machine('node', crashProfile('strict'));
        const before = machine.boot();
        await before.call('write', async () => {
          await writeFile(before.ports, '/synced', 1, true);
          await writeFile(before.ports, '/unsynced', 2);
        });
        machine.powerLoss();
        const after = machine.boot();
        expect(await after.call('read', () => readFile(after.ports, '/synced'))).toBe(1);
        survivors.add(
          await after.call('read', () => readFile(after.ports, '/unsynced').catch(() => undefined)),
        );
      }, String(seed));
    }
    expect(survivors.has(2)).toBe(true);
    expect(survivors.size).toBeGreaterThan(1);
  });

  it('takes a crash image without touching anything', async () => {
    await expectHeld(async (world) => {
      const machine = world.machine('node', crashProfile('strict'));
      const process = machine.boot();
      await process.call('write', () => writeFile(process.ports, '/file', 7));
      const before = machine.disk.digest();
      for (let image = 0; image < 20; image++) machine.crashImage();
      expect(machine.disk.digest()).toBe(before);
      expect(await process.call('read', () => readFile(process.ports, '/file'))).toBe(7);
    });
  });

  it('tells callers of a killed process that nobody knows, and runs nothing of it any more', async () => {
    let turns = 0;
    await expectHeld(async (world) => {
      const machine = world.machine('node', crashProfile('strict'));
      const process = machine.boot();
      const call = process.call('spin', async () => {
        for (;;) {
          turns++;
          await process.ports.scheduler.yield();
        }
      });
      world.kernel.afterSteps(40, 'kill', () => machine.kill());
      await expect(call).rejects.toBeInstanceOf(ProcessGoneError);
      const turnsThen = turns;
      for (let turn = 0; turn < 50; turn++) await world.scheduler.yield();
      expect(turns).toBe(turnsThen);
      await expect(process.call('late', async () => 1)).rejects.toBeInstanceOf(ProcessGoneError);
    });
    expect(turns).toBeGreaterThan(5);
  });

  it('counts the handles that a process has open', async () => {
    await expectHeld(async (world) => {
      const process = world.machine('node', crashProfile('strict')).boot();
      let handle: FileHandle | undefined;
      await process.call('open', async () => {
        handle = await process.ports.fs.open('/file', 'w');
      });
      expect(process.openHandles).toEqual(['/file']);
      await process.call('close', async () => handle?.close());
      expect(process.openHandles).toEqual([]);
    });
  });

  it('has a wall clock of its own, which can step, drift and freeze while monotonic time goes on', async () => {
    await expectHeld(async (world) => {
      const [one, other] = ['one', 'other'].map((name) => world.machine(name, crashProfile('strict'))) as [
        Machine,
        Machine,
      ];
      const begun = one.clock.wallMs();
      one.clock.step(-60_000);
      expect(one.clock.wallMs()).toBe(begun - 60_000);
      expect(other.clock.wallMs()).toBe(begun);
      one.clock.freeze();
      const monotonic = one.clock.monotonicMs();
      await one.clock.sleep(1000);
      expect(one.clock.wallMs()).toBe(begun - 60_000);
      expect(one.clock.monotonicMs()).toBeGreaterThanOrEqual(monotonic + 1000);
      one.clock.thaw();
      one.clock.drift(500_000);
      await one.clock.sleep(1000);
      expect(one.clock.wallMs()).toBe(begun - 60_000 + 1500);
      one.clock.drift(-500_000);
      await one.clock.sleep(1000);
      expect(one.clock.wallMs()).toBe(begun - 60_000 + 2000);
    });
  });

  it('lets one bit rot, and only one', async () => {
    await expectHeld(async (world) => {
      const machine = world.machine('node', crashProfile('strict'));
      const process = machine.boot();
      await process.call('write', async () => {
        await process.ports.fs.mkdir('/data');
        await writeFile(process.ports, '/data/file', 0);
      });
      const rotten = machine.rotOneBit('/data');
      expect(rotten).toMatchObject({ path: '/data/file', position: 0 });
      const byte = await process.call('read', () => readFile(process.ports, '/data/file'));
      expect(byte).toBe(1 << rotten!.bit);
    });
  });

  it('lets a bit rot in the first bytes of a sector, where that is aimed at', async () => {
    await expectHeld(async (world) => {
      const machine = world.machine('node', crashProfile('strict'));
      const file = machine.disk.open('/file', 'w');
      file.write(new Uint8Array(2000), 0, 2000, 0);
      file.close();
      const places = Array.from(
        { length: 40 },
        () => machine.rotOneBit('/', { atHeads: true })?.position ?? -1,
      );
      expect(places.every((position) => position % 512 < 16)).toBe(true);
      expect(new Set(places.map((position) => Math.floor(position / 512)))).toEqual(new Set([0, 1, 2, 3]));
    });
  });

  it('has no memory for a buffer that is too large to be honest', async () => {
    await expectHeld(async (world) => {
      const { ports } = world.machine('node', crashProfile('strict'), 1024).boot();
      const handle = await ports.fs.open('/file', 'w+');
      const large = new Uint8Array(1025);
      await expect(handle.write(large, 0, 1, 0)).rejects.toMatchObject({ code: 'ENOMEM' });
      await expect(handle.read(large, 0, 1, 0)).rejects.toMatchObject({ code: 'ENOMEM' });
      expect(await handle.write(new Uint8Array(1024), 0, 1024, 0)).toMatchObject({ bytesWritten: 1024 });
      await handle.close();
    });
  });
});

async function runWorld(
  changes: Partial<WorldOptions>,
  body: (world: World) => Promise<void>,
): Promise<WorldOutcome> {
  const world = new World({ ...options, ...changes });
  return world.run(() => body(world));
}

/** Expectations inside of the body reach the test through the outcome. */
async function expectHeld(body: (world: World) => Promise<void>, seed = '1'): Promise<void> {
  const { failure } = await runWorld({ choices: { kind: 'seed', seed, record: false } }, body);
  if (failure !== undefined) throw failure.error;
}

async function busyWorld(world: World): Promise<void> {
  const process = world.machine('node', crashProfile('strict')).boot();
  const writers = ['a', 'b', 'c'].map((name) =>
    process.spawn(name, () => writeFile(process.ports, `/${name}`, name.charCodeAt(0))),
  );
  for (const writer of writers) await writer.join();
}

async function writeFile({ fs }: Ports, path: string, byte: number, durably = false): Promise<void> {
  const handle = await fs.open(path, 'w');
  await handle.write(new Uint8Array([byte]), 0, 1, 0);
  if (durably) {
    await handle.sync();
    const directory = await fs.open('/', 'r');
    await directory.sync();
    await directory.close();
  }
  await handle.close();
}

async function readFile({ fs }: Ports, path: string): Promise<number | undefined> {
  const handle = await fs.open(path, 'r');
  const buffer = new Uint8Array(1);
  const { bytesRead } = await handle.read(buffer, 0, 1, 0);
  await handle.close();
  return bytesRead === 1 ? buffer[0] : undefined;
}
