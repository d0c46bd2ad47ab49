import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileLoss } from '../../trace/index.ts';
import { crashProfile, Disk, type CrashMode } from '../index.ts';
import { Choices } from '../../choices/index.ts';

const path = '/file';

describe('what a power loss did to a file', () => {
  it('names by offset what was durable, and what was lost with the sync that did not come', () => {
    expect(lossOf('lose-all')).toEqual({
      path,
      sizeBefore: 900,
      sizeAfter: 700,
      ranges: [
        { from: 0, to: 700, fate: 'durable' },
        { from: 700, to: 900, fate: 'lost' },
      ],
    });
  });

  it('names what was kept though nobody had synced it', () => {
    expect(lossOf('keep-all')?.ranges).toEqual([
      { from: 0, to: 700, fate: 'durable' },
      { from: 700, to: 900, fate: 'kept' },
    ]);
  });

  it('leaves out a file with nothing pending', () => {
    const disk = written();
    disk.open(path, 'r+').sync();
    expect(crashed(disk, 'lose-all', '1').losses).toEqual([]);
    expect(disk.unsyncedBytes).toBe(0);
  });

  it('covers every byte once, and says of each what comparing the two disks says', () => {
    const write = fc.record({
      at: fc.nat(3000),
      length: fc.integer({ min: 1, max: 1500 }),
      sync: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(write, { minLength: 1, maxLength: 8 }), fc.string(), (writes, seed) => {
        const disk = new Disk();
        const file = disk.open(path, 'w+');
        file.sync();
        writes.forEach(({ at, length, sync }, index) => {
          file.write(new Uint8Array(length).fill(index + 1), 0, length, at);
          if (sync) file.sync();
        });
        const before = contentOf(disk);
        const { image, losses } = crashed(disk, undefined, seed);
        for (const { ranges, sizeBefore, sizeAfter } of losses) {
          if (sizeAfter === null) continue;
          const after = contentOf(image);
          let reached = 0;
          for (const { from, to, fate } of ranges) {
            expect(from).toBe(reached);
            reached = to;
            const isSame = Buffer.compare(before.subarray(from, to), after.subarray(from, to)) === 0;
            if (fate === 'durable' || fate === 'kept') expect(isSame).toBe(true);
            else expect(isSame && sizeAfter >= to).toBe(false);
          }
          expect(reached).toBe(Math.max(sizeBefore, sizeAfter));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** 700 bytes that are durable, and 200 that are not. */
function written(): Disk {
  const disk = new Disk();
  const file = disk.open(path, 'w+');
  file.write(new Uint8Array(700).fill(1), 0, 700, 0);
  file.sync();
  disk.open('/', 'r').sync();
  file.write(new Uint8Array(200).fill(2), 0, 200, 700);
  return disk;
}

function lossOf(mode: CrashMode): FileLoss | undefined {
  const disk = written();
  expect(disk.unsyncedBytes).toBe(200);
  return crashed(disk, mode, '1').losses[0];
}

function crashed(
  disk: Disk,
  mode: CrashMode | undefined,
  seed: string,
): { image: Disk; losses: readonly FileLoss[] } {
  const choices = new Choices({ kind: 'seed', seed, record: false }, (error) => {
    throw error;
  });
  const draws = { at: (site: string) => choices.stream('fault', site) };
  const { disk: image } = disk.crashImage(crashProfile('strict'), draws, mode);
  return { image, losses: disk.lossesIn(image) };
}

function contentOf(disk: Disk): Uint8Array {
  if (!disk.has(path)) return new Uint8Array();
  const bytes = new Uint8Array(disk.stat(path).size);
  disk.open(path, 'r').read(bytes, 0, bytes.length, 0);
  return bytes;
}
