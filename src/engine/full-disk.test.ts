import { describe, expect, it } from 'vitest';
import type { FileHandle, FileSystem, Ports } from '../ports/index.ts';
import { StemeDB } from './stemedb.ts';
import { claimOf, settle, smallConfig, withPorts } from './stemedb.test-support.ts';

const question = { subject: 'Tesla', predicate: 'revenue', lens: 'recency' };

describe('a disk that is full', () => {
  it('ends writing and not reading, and once there is room again all that was acknowledged is there', async () => {
    await withPorts(async (ports) => {
      const disk = { isFull: false };
      const db = await StemeDB.open(withFullDisk(ports, disk), smallConfig);
      await db.submit(claimOf({ timestamp: 1 }));
      await settle(db);

      disk.isFull = true;
      const open = { code: 'STEME_WAL_POISONED', indeterminate: true };
      await expect(db.submit(claimOf({ timestamp: 2 }))).rejects.toMatchObject(open);
      const refused = { code: 'STEME_WAL_POISONED', indeterminate: false };
      await expect(db.submit(claimOf({ timestamp: 3 }))).rejects.toMatchObject(refused);
      const { winner, audited } = await db.query(question);
      expect([winner?.timestamp, audited]).toEqual([1, false]);
      await expect(db.close()).rejects.toMatchObject({ code: 'STEME_WAL_POISONED' });

      disk.isFull = false;
      const again = await StemeDB.open(ports, smallConfig);
      await settle(again);
      const timestamps = (await again.list({ subject: 'Tesla' })).items.map(
        (item) => item.assertion.timestamp,
      );
      expect([[1], [1, 2]]).toContainEqual(timestamps.toSorted());
      await again.close();
    });
  });
});

/** The ports on a disk that has room for nothing more while it `isFull`. */
function withFullDisk(ports: Ports, disk: { readonly isFull: boolean }): Ports {
  const write = async (handle: FileHandle, args: Parameters<FileHandle['write']>) => {
    if (disk.isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    return handle.write(...args);
  };
  const fs = instead(ports.fs, {
    open: async (...args: Parameters<FileSystem['open']>) => {
      const handle = await ports.fs.open(...args);
      return instead(handle, { write: (...bytes: Parameters<FileHandle['write']>) => write(handle, bytes) });
    },
  });
  return { ...ports, fs };
}

/** `target`, with some of its methods replaced. */
function instead<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_, name) {
      const method: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}
