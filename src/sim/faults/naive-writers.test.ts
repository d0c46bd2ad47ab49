import { describe, expect, it } from 'vitest';
import { nodeSignatures } from '../../crypto/index.ts';
import { profiles } from '../disk/index.ts';
import { World } from '../world.ts';
import {
  afterPowerLoss,
  bytesOf,
  contentOf,
  exercise,
  laboratory,
  type LaboratoryOptions,
  struck,
} from './faults.test-support.ts';
import {
  appendAgainAndAgain,
  appendAndShrug,
  appendInOneWrite,
  copyInOneRead,
  copyWhatIsReadTwice,
  forget,
  moveByCopying,
  recoverUpToFirstError,
  replaceByRemoving,
  rotate,
  save,
  saveAndLook,
  saveSyncingNameAgain,
  saveSyncingAgain,
} from './naive-writers.test-support.ts';
import type { DiskFaultKind, DiskFaults } from './rates.ts';

const path = '/data/f';
const once = { outOf: 1, max: 1 };
const long = 'x'.repeat(5000);

/** What a naive writer makes of `files` with and without the one fault. */
async function harm(
  faults: Partial<DiskFaults>,
  write: (lab: ReturnType<typeof laboratory>) => Promise<void>,
  options: LaboratoryOptions = {},
): Promise<{ readonly memory: (string | undefined)[]; readonly disk: (string | undefined)[] }> {
  const [calm, struckOnce] = [laboratory({}, options), laboratory(faults, options)];
  for (const lab of [calm, struckOnce]) await write(lab).catch(() => undefined);
  for (const kind of Object.keys(faults)) expect(struck(struckOnce, kind as DiskFaultKind)).toBe(1);
  return {
    memory: [contentOf(calm.disk, path), contentOf(struckOnce.disk, path)],
    disk: [afterPowerLoss(calm.disk, path), afterPowerLoss(struckOnce.disk, path)],
  };
}

const old = { files: { [path]: bytesOf(long) } };

describe('a naive writer', () => {
  it('cuts its log at a sector that cannot be read (readError)', async () => {
    const { memory } = await harm({ readError: once }, ({ fs }) => recoverUpToFirstError(fs, path), old);
    expect(memory).toEqual([long, '']);
  });

  it('copies half of a file (shortRead)', async () => {
    const copy = { files: { '/data/from': bytesOf(long) } };
    const { memory } = await harm(
      { shortRead: once },
      ({ fs }) => copyInOneRead(fs, '/data/from', path),
      copy,
    );
    expect(memory[0]).toBe(long);
    expect(memory[1]?.length).toBeLessThan(long.length);
  });

  it('acknowledges half of a record (shortWrite)', async () => {
    const { disk } = await harm({ shortWrite: once }, ({ fs }) => appendInOneWrite(fs, path, 'more'), old);
    expect(disk[0]).toBe(`${long}more`);
    expect(disk[1]?.length).toBeLessThan(long.length + 4);
  });

  it('loses a record to a signal (interrupted)', async () => {
    const { disk } = await harm({ interrupted: once }, ({ fs }) => appendAndShrug(fs, path, 'more'), old);
    expect(disk).toEqual([`${long}more`, long]);
  });

  it('has removed the old file when it can have no new one (noHandles)', async () => {
    const { memory } = await harm({ noHandles: once }, ({ fs }) => replaceByRemoving(fs, path, 'new'), old);
    expect(memory).toEqual(['new', undefined]);
  });

  it.each(['noSpace', 'quota'] as const)(
    'has emptied the file that it has no room to write (%s)',
    async (kind) => {
      const full = { [kind]: { ...once, leftBytesMax: 0, microsMax: 1e6 } };
      const { disk } = await harm(full, ({ fs }) => save(fs, path, long), old);
      expect(disk[0]).toBe(long);
      // The truncation is not durable: what is gone is gone from memory.
      const { memory } = await harm(full, ({ fs }) => save(fs, path, long), old);
      expect(memory).toEqual([long, '']);
    },
  );

  it.each(['lateNoSpace', 'lateQuota'] as const)(
    'takes the second sync for the first, for which there was no room (%s)',
    async (kind) => {
      const text = `${long}and more than fits into two pages${long}`;
      const { memory, disk } = await harm(
        { [kind]: once },
        ({ fs }) => saveSyncingAgain(fs, path, text),
        old,
      );
      expect([...memory, disk[0]]).toEqual([text, text, text]);
      expect(disk[1]).not.toBe(text);
    },
  );

  it.each(['lateNoSpace', 'lateQuota'] as const)(
    'has removed what it copied when the close says that there was no room (%s)',
    async (kind) => {
      const { memory } = await harm({ [kind]: once }, ({ fs }) => moveByCopying(fs, '/data/from', path), {
        files: { '/data/from': bytesOf(long) },
        failedSync: ['revert'],
      });
      expect(memory).toEqual([long, '']);
    },
  );

  it.each(['noSpaceForNames', 'quotaForNames'] as const)(
    'writes over the log that it could not put aside, and keeps what it was to forget (%s)',
    async (kind) => {
      const full = { [kind]: { ...once, microsMax: 1e6 } };
      const rotated = await harm(full, ({ fs }) => rotate(fs, path, 'new'), old);
      expect(rotated.disk).toEqual(['new', 'new']);
      const aside = laboratory(full, old);
      await rotate(aside.fs, path, 'new');
      expect(afterPowerLoss(aside.disk, `${path}.old`)).toBeUndefined();
      const forgotten = await harm(full, ({ fs }) => forget(fs, path), old);
      expect(forgotten.memory).toEqual([undefined, long]);
    },
  );

  it('writes the beginning of a record twice (writeError)', async () => {
    const faults = { writeError: once };
    const { disk } = await harm(faults, ({ fs }) => appendAgainAndAgain(fs, path, 'record'), {
      seed: '3',
      ...old,
    });
    expect(disk[0]).toBe(`${long}record`);
    expect(disk[1]?.slice(long.length)).toMatch(/^r(e(c(o(r(d)?)?)?)?)?record$/);
  });

  it('takes the second sync for the first, and loses all to a power loss (syncError, keep)', async () => {
    const { memory, disk } = await harm(
      { syncError: once },
      ({ fs }) => saveSyncingAgain(fs, path, 'new'),
      old,
    );
    const now = `new${long.slice(3)}`;
    expect(memory).toEqual([now, now]);
    expect(disk).toEqual([now, long]);
  });

  it('takes the second sync for the first, and has lost it at once (syncError, revert)', async () => {
    const options = { failedSync: ['revert'] as const, ...old };
    const { memory } = await harm(
      { syncError: once },
      ({ fs }) => saveSyncingAgain(fs, path, 'new'),
      options,
    );
    expect(memory).toEqual([`new${long.slice(3)}`, long]);
  });

  it('has acknowledged what it is told of at the next sync (unreportedSyncError)', async () => {
    const { memory, disk } = await harm({ unreportedSyncError: once }, ({ fs }) => save(fs, path, 'new'));
    expect(memory).toEqual(['new', 'new']);
    expect(disk).toEqual(['new', '\0\0\0']);
  });

  it('takes the second sync of a directory for the first, and loses the file (directorySyncError)', async () => {
    const { memory, disk } = await harm({ directorySyncError: once }, ({ fs }) =>
      saveSyncingNameAgain(fs, path, 'new'),
    );
    expect(memory).toEqual(['new', 'new']);
    expect(disk).toEqual(['new', undefined]);
  });

  it('copies what is wrong each time that it looks (bitRot)', async () => {
    const { disk } = await harm({ bitRot: once }, ({ fs }) => copyWhatIsReadTwice(fs, '/data/from', path), {
      files: { '/data/from': bytesOf(long) },
    });
    expect(disk[0]).toBe(long);
    expect(disk[1]).not.toBe(long);
  });

  it('believes its eyes until memory is needed for something else (eviction)', async () => {
    const lab = laboratory({ syncError: once, eviction: { ...once, under: 'nowhere' } }, old);
    const fresh = `new${long.slice(3)}`;
    expect(await saveAndLook(lab.fs, path, fresh)).toBe(true);
    expect(contentOf(lab.disk, path)).toBe(fresh);

    const evicting = laboratory({ syncError: once, eviction: once }, old);
    expect(await saveAndLook(evicting.fs, path, fresh)).toBe(false);
    expect(contentOf(evicting.disk, path)).toBe(long);
  });

  it('shrugs at a file system that is read-only (readOnly)', async () => {
    const faults = { readOnly: { ...once, microsMax: 1000 } };
    const { disk } = await harm(faults, ({ fs }) => appendAndShrug(fs, path, 'more'), old);
    expect(disk).toEqual([`${long}more`, long]);
  });

  it.each(['slow', 'stall'] as const)(
    'acknowledges by the clock what a power loss takes (%s)',
    async (kind) => {
      expect(await acknowledgedByTheClock({})).toBe('acknowledged');
      const late = { [kind]: { outOf: 1, max: 10, microsMax: 1_000_000 } };
      expect(await acknowledgedByTheClock(late)).toBe('');
    },
  );

  it('without checksums, serves what a sync left behind (lostWrite)', async () => {
    const { memory, disk } = await harm({ lostWrite: once }, ({ fs }) => save(fs, path, 'new'));
    expect(memory).toEqual(['new', 'new']);
    expect(disk).toEqual(['new', '\0\0\0']);
  });

  it('without identities, serves well-formed bytes of another file (misdirectedWrite)', async () => {
    const lab = laboratory({ misdirectedWrite: once });
    await save(lab.fs, path, 'new'.repeat(3000));
    expect(struck(lab, 'misdirectedWrite')).toBe(1);
    expect(contentOf(lab.disk, '/data/bystander')).toBe('\u0001'.repeat(9000));
    expect(afterPowerLoss(lab.disk, path)).toContain('\0');
    expect(afterPowerLoss(lab.disk, '/data/bystander')).toContain('new');
  });
});

/** Of a record that was acknowledged when 10 ms had passed, whatever its sync said: what a power loss leaves. */
async function acknowledgedByTheClock(faults: Partial<DiskFaults>): Promise<string | undefined> {
  const world = new World({
    choices: { kind: 'seed', seed: '2', record: false },
    strategy: 'in-order',
    choicesPerRun: 100,
    latency: { slow: 0, outOf: 1, microsMax: 0 },
    stepsMax: 100_000,
    trace: false,
    signatures: nodeSignatures,
  });
  let left: string | undefined;
  const { failure } = await world.run(async () => {
    const machine = world.machine('node-1', profiles.strict);
    machine.disk.open('/f', 'w').close();
    machine.disk.open('/', 'r').sync();
    machine.armFaults(faults);
    const { ports } = machine.boot();
    const file = await ports.fs.open('/f', 'r+');
    const text = bytesOf('acknowledged');
    ports.scheduler.spawn('write', async () => {
      await file.write(text, 0, text.length, 0);
      await file.sync();
    });
    await ports.clock.sleep(10);
    left = afterPowerLoss(machine.disk, '/f');
  });
  if (failure !== undefined) throw failure.error;
  return left;
}

describe('faults that are stopped', () => {
  it('are over at once: space is back, sectors can be read, the file system can be written', async () => {
    const lasting = { outOf: 1, max: 1, microsMax: 1e9 };
    const lab = laboratory(
      {
        readError: { ...once, lastingOutOf: 1 },
        noSpace: { ...lasting, leftBytesMax: 0 },
        readOnly: { ...lasting, under: 'read-only' },
      },
      old,
    );
    const { fs, injector } = lab;
    const file = await fs.open(path, 'r');
    const read = (): Promise<unknown> => file.read(new Uint8Array(8), 0, 8, 0);
    for (const code of ['EIO', 'EIO']) await expect(read()).rejects.toMatchObject({ code });
    for (let nth = 0; nth < 2; nth++) {
      await expect(fs.open('/data/new', 'w')).rejects.toMatchObject({ code: 'ENOSPC' });
      await expect(fs.mkdir('/data/read-only')).rejects.toMatchObject({ code: 'EROFS' });
    }
    injector.stop();
    await expect(read()).resolves.toEqual({ bytesRead: 8 });
    await (await fs.open('/data/new', 'w')).close();
    await fs.mkdir('/data/read-only');
    const { length } = lab.events;
    await exercise(lab, 5);
    expect(lab.events.length).toBe(length);
  });
});
