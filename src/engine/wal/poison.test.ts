import { describe, expect, it } from 'vitest';
import { crashProfile, Disk, errno, type FileSystemCall } from '../../sim/disk/index.ts';
import { WalPoisonedError } from './index.ts';
import { bodyOf, boot, indexOf, readAll, type TestProcess } from './journal.test-support.ts';

/** A process whose calls fail while `fails` says so. */
function failing(disk: Disk, fails: (call: FileSystemCall) => boolean): TestProcess {
  return boot(disk, (call, effect) => {
    if (fails(call)) throw errno('EIO', call.operation, call.path);
    return effect();
  });
}

async function rejectionOf(promise: Promise<unknown>): Promise<WalPoisonedError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WalPoisonedError);
  return error as WalPoisonedError;
}

describe('a failed write or sync', () => {
  it.each(['write', 'fdatasync'])(
    'of %s fails whatever is in progress or queued as indeterminate',
    async (operation) => {
      let broken = false;
      const process = failing(new Disk(), (call) => broken && call.operation === operation);
      const journal = await process.open({ groupBytesMax: 600 });
      await journal.append(bodyOf(0));
      broken = true;
      const appends = [1, 2, 3, 4, 5].map((index) => rejectionOf(journal.append(bodyOf(index, 200))));
      appends.push(rejectionOf(journal.sync()));
      for (const error of await Promise.all(appends)) expect(error.indeterminate).toBe(true);
      expect(process.reached('wal.poisoned')).toBe(1);
      await rejectionOf(journal.close());
      expect(process.fs.openHandles()).toEqual([]);
    },
  );

  it('ends the journal: later calls have certainly done nothing, and no sync is ever tried again', async () => {
    let broken = false;
    let syncs = 0;
    const process = failing(new Disk(), (call) => {
      if (!broken || call.operation !== 'fdatasync') return false;
      syncs += 1;
      return syncs === 1;
    });
    const journal = await process.open();
    const { endOffset } = await journal.append(bodyOf(0));
    broken = true;
    await rejectionOf(journal.append(bodyOf(1)));
    expect((await rejectionOf(journal.append(bodyOf(2)))).indeterminate).toBe(false);
    expect((await rejectionOf(journal.sync())).indeterminate).toBe(false);
    await rejectionOf(journal.durableOffset.reach(endOffset + 1));
    expect((await readAll(journal)).map(({ body }) => indexOf(body))).toEqual([0]);
    await rejectionOf(journal.close());
    expect(syncs).toBe(1);
  });

  it('lets nothing in that is appended at the very moment it is told', async () => {
    let broken = false;
    const disk = new Disk();
    const process = failing(disk, (call) => broken && call.operation === 'fdatasync');
    const journal = await process.open();
    broken = true;
    const first = journal.append(bodyOf(0)).catch((error: unknown) => {
      broken = false;
      return Promise.all([error, rejectionOf(journal.append(bodyOf(1)))]);
    });
    await first;
    await rejectionOf(journal.close());
    const again = await boot(disk).open();
    expect((await readAll(again)).map(({ body }) => indexOf(body))).toEqual([0]);
    await again.close();
  });

  it('is survived by what was acknowledged, and settled by the next recovery for the rest', async () => {
    const disk = new Disk();
    let broken = false;
    const journal = await failing(disk, (call) => broken && call.operation === 'fdatasync').open();
    await journal.append(bodyOf(0));
    broken = true;
    await rejectionOf(journal.append(bodyOf(1)));
    const again = await boot(disk).open();
    const found = (await readAll(again)).map(({ body }) => indexOf(body));
    expect(found).toEqual([0, 1]);
    // It was shown, so it is durable now, whatever became of the pages that the failed sync left.
    const lost = disk.crashImage(strict, { at: () => ({ choose: () => 0 }) }, 'lose-all').disk;
    const third = await boot(lost).open();
    expect((await readAll(third)).map(({ body }) => indexOf(body))).toEqual(found);
    await Promise.all([again.close(), third.close()]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'at step %d of a rotation loses nothing that was acknowledged',
    async (step) => {
      const disk = new Disk();
      let calls = 0;
      let armed = false;
      const process = failing(disk, (call) => {
        if (!armed || call.operation === 'read') return false;
        calls += 1;
        return calls === step;
      });
      const journal = await process.open();
      const acknowledged: number[] = [];
      for (let index = 0; acknowledged.length === index; index += 1) {
        armed = journal.tailOffset > 5 * 1024;
        await journal.append(bodyOf(index, 100)).then(
          () => acknowledged.push(index),
          (error: unknown) => expect(error).toBeInstanceOf(WalPoisonedError),
        );
      }
      await rejectionOf(journal.close());
      const again = await boot(disk).open();
      const found = (await readAll(again)).map(({ body }) => indexOf(body));
      expect(found.slice(0, acknowledged.length)).toEqual(acknowledged);
      expect(found.length).toBeLessThanOrEqual(acknowledged.length + 1);
      await again.close();
    },
  );
});

const strict = crashProfile('strict');
