import nodeFs from 'node:fs';
import nodePromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Call, calls } from './differential-calls.test-support.ts';
import { type DiskLike, runOnDisk, runOnPort } from './differential-runs.test-support.ts';
import { Disk } from './disk.ts';
import { ImmediateDevice } from './immediate-device.test-support.ts';
import { SimFileSystem } from './sim-file-system.ts';

const scratch = nodeFs.mkdtempSync(
  join(nodeFs.existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'stemedb-differential-'),
);
afterAll(() => nodeFs.rmSync(scratch, { recursive: true }));

/** Each sequence gets a directory of its own, two levels deep, so that `..` stays inside. */
let sequences = 0;

describe('the simulated disk against the kernel of this machine', { timeout: 300_000 }, () => {
  it('gives the same results, errors, contents and listings', () => {
    const property = fc.property(calls, (sequence) => {
      const directory = join(scratch, `${sequences++}`);
      nodeFs.mkdirSync(join(directory, 'root'), { recursive: true });
      const wanted = runOnDisk(kernelDisk, directory, sequence);
      nodeFs.rmSync(directory, { recursive: true });
      const found = runOnDisk(emptyDisk(), '/s', sequence);
      expect(firstDifference(sequence, found, wanted)).toBeUndefined();
    });
    fc.assert(property, { numRuns: 10_000 });
  });

  it('does so through the port too', async () => {
    const property = fc.asyncProperty(calls, async (sequence) => {
      const directory = join(scratch, `${sequences++}`);
      nodeFs.mkdirSync(join(directory, 'root'), { recursive: true });
      const wanted = await runOnPort(nodePromises, directory, sequence);
      nodeFs.rmSync(directory, { recursive: true });
      const simulated = new SimFileSystem(emptyDisk(), new ImmediateDevice());
      const found = await runOnPort(simulated, '/s', sequence);
      expect(firstDifference(sequence, found, wanted)).toBeUndefined();
      expect(simulated.openHandles()).toEqual([]);
    });
    await fc.assert(property, { numRuns: 1_000 });
  });
});

interface Difference {
  readonly call: Call | 'the tree in the end';
  readonly found: string | undefined;
  readonly wanted: string | undefined;
}

function firstDifference(
  sequence: readonly Call[],
  found: readonly string[],
  wanted: readonly string[],
): Difference | undefined {
  const length = Math.max(found.length, wanted.length);
  for (let at = 0; at < length; at++) {
    if (found[at] === wanted[at]) continue;
    return { call: sequence[at] ?? 'the tree in the end', found: found[at], wanted: wanted[at] };
  }
  return undefined;
}

function emptyDisk(): Disk {
  const disk = new Disk();
  disk.mkdir('/s');
  disk.mkdir('/s/root');
  return disk;
}

/** Node's synchronous calls in the shape of `Disk`. */
const kernelDisk: DiskLike = {
  open: (path, flags) => {
    const fd = nodeFs.openSync(path, flags);
    return {
      read: (buffer, offset, length, position) => nodeFs.readSync(fd, buffer, offset, length, position),
      write: (buffer, offset, length, position) => nodeFs.writeSync(fd, buffer, offset, length, position),
      truncate: (length) => nodeFs.ftruncateSync(fd, length),
      sync: () => nodeFs.fsyncSync(fd),
      datasync: () => nodeFs.fdatasyncSync(fd),
      stat: () => nodeFs.fstatSync(fd),
      close: () => nodeFs.closeSync(fd),
    };
  },
  readdir: (path) => nodeFs.readdirSync(path),
  mkdir: (path, options) => nodeFs.mkdirSync(path, options),
  rename: (from, to) => nodeFs.renameSync(from, to),
  unlink: (path) => nodeFs.unlinkSync(path),
  rmdir: (path) => nodeFs.rmdirSync(path),
  stat: (path) => nodeFs.statSync(path),
};
