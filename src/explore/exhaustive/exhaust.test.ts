import { describe, expect, it } from 'vitest';
import { isErrno, type Ports } from '../../ports/index.ts';
import type { ChoicePoint } from './choice-log.ts';
import { walkSchedules } from './delayed-schedules.ts';
import { exhaust } from './exhaust.ts';
import { claimOf, type ExhaustiveLimits, type SmallWorkload } from './small-workload.ts';

const limits: ExhaustiveLimits = { delaysMax: 0, schedulesMax: 1000, imagesPerPointMax: 1000 };

async function put(ports: Ports, path: string, isSynced: boolean): Promise<void> {
  const handle = await ports.fs.open(path, 'r+');
  await handle.write(Uint8Array.of(1), 0, 1, 0);
  if (isSynced) await handle.sync();
  await handle.close();
}

async function isPut(ports: Ports, path: string): Promise<boolean> {
  try {
    const handle = await ports.fs.open(path, 'r');
    const buffer = new Uint8Array(1);
    const { bytesRead } = await handle.read(buffer, 0, 1, 0);
    await handle.close();
    return bytesRead === 1 && buffer[0] === 1;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/** A log and the mark that it counts: the log must be on the disk before the mark may be. */
function writeAhead(isLogSynced: boolean): { workload: SmallWorkload; seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    workload: {
      crashProfile: 'ext4-ordered',
      async work(ports, promise) {
        for (const path of ['/log', '/mark']) await (await ports.fs.open(path, 'wx')).close();
        const root = await ports.fs.open('/', 'r');
        await root.sync();
        await root.close();
        await put(ports, '/log', isLogSynced);
        await put(ports, '/mark', true);
        promise('committed');
      },
      async recover(ports, promised) {
        const [log, mark] = [await isPut(ports, '/log'), await isPut(ports, '/mark')];
        seen.push(`${log ? 'log' : ''}+${mark ? 'mark' : ''} ${promised.join()}`.trim());
        if (mark && !log) throw new Error('the mark counts a log that is not there');
        if (promised.length > 0 && !mark) throw new Error('what was promised is gone');
      },
    },
  };
}

describe('exhaust', () => {
  it('proves a write-ahead log right, and says up to what', async () => {
    const { workload, seen } = writeAhead(true);
    const coverage = await exhaust(workload, limits);
    expect(coverage).toMatchObject({ schedules: 1, delaysProved: 0, isEveryImage: true, failures: [] });
    expect(coverage.recoveries).toBe(seen.length);
    // Never the mark without the log; neither file, the log's name alone, and both names, all with nothing in them.
    expect(seen.toSorted()).toEqual(['+', '+', '+', 'log+', 'log+mark', 'log+mark committed']);
    expect(claimOf(coverage)).toBe(
      `proved up to: every schedule of at most 0 delays (1 played), a power loss before every step ` +
        `(${coverage.crashPoints}), every legal image (${coverage.images}, 6 recoveries)`,
    );
  });

  it('finds the one subset that breaks it when the log is not synced first', async () => {
    const { workload, seen } = writeAhead(false);
    const { failures } = await exhaust(workload, limits);
    expect(failures.map(({ error }) => (error as Error).message)).toEqual([
      'the mark counts a log that is not there',
      // Nothing syncs the log later either: the same disk once the promise was given.
      'the mark counts a log that is not there',
    ]);
    expect(seen.filter((state) => state === '+mark')).toHaveLength(1);
    expect(failures[0]?.crashBeforeStep).toBeGreaterThan(1);
  });

  it('counts a crash point before every step, and one at the end', async () => {
    const steps: number[] = [];
    for (const operations of [0, 1, 5]) {
      const { crashPoints } = await exhaust(
        {
          crashProfile: 'strict',
          work: async ({ scheduler }) => {
            for (let nth = 0; nth < operations; nth++) await scheduler.yield();
          },
          recover: async () => undefined,
        },
        limits,
      );
      steps.push(crashPoints);
    }
    expect([steps[1]! - steps[0]!, steps[2]! - steps[0]!]).toEqual([1, 5]);
  });

  it('does not claim every image where it made only some', async () => {
    const coverage = await exhaust(writeAhead(true).workload, { ...limits, imagesPerPointMax: 2 });
    expect(coverage.isEveryImage).toBe(false);
    expect(claimOf(coverage)).toContain('some of the legal images');
  });

  it('finds what only a delay brings about, and says that without delays all is well', async () => {
    const usedTooEarly: SmallWorkload = {
      crashProfile: 'kill',
      async work({ scheduler }) {
        let [isThere, isMissed] = [false, false];
        const tasks = [
          scheduler.spawn('maker', async () => {
            await scheduler.yield();
            isThere = true;
          }),
          scheduler.spawn('user', async () => {
            await scheduler.yield();
            isMissed = !isThere;
          }),
        ];
        for (const task of tasks) await task.join();
        if (isMissed) throw new Error('used before it was there');
      },
      recover: async () => undefined,
    };
    const inOrder = await exhaust(usedTooEarly, limits);
    expect(inOrder).toMatchObject({ schedules: 1, delaysProved: 0, failures: [] });
    const delayed = await exhaust(usedTooEarly, { ...limits, delaysMax: 1 });
    expect(delayed.delaysProved).toBe(1);
    expect(delayed.failures.length).toBeGreaterThan(0);
    expect(delayed.failures.length).toBeLessThan(delayed.schedules);
    expect(delayed.failures.every(({ delays }) => delays.length === 1)).toBe(true);
    expect(claimOf(delayed)).toContain('broken');
  });
});

describe('walkSchedules', () => {
  /** Every schedule has choices among 2, 3 and 2 at steps 1, 2 and 3. */
  const points: ChoicePoint[] = [
    { step: 1, width: 2 },
    { step: 2, width: 3 },
    { step: 3, width: 2 },
  ];

  const walk = async (delaysMax: number, schedulesMax = Infinity) => {
    const played: string[] = [];
    const coverage = await walkSchedules({
      delaysMax,
      schedulesMax,
      play: async (delays) => {
        played.push(delays.join());
        return points;
      },
    });
    return { played, coverage };
  };

  it('plays each set of delays once: at a choice of n, at most n - 1', async () => {
    const { played, coverage } = await walk(2);
    // None, 3 with one, and of two delays 1+2 1+3 2+2 2+3: for 1+1 and 3+3 there are too few to delay.
    expect(played).toEqual(['', '1', '2', '3', '1,2', '1,3', '2,2', '2,3']);
    expect(coverage).toEqual({ schedules: 8, delaysProved: 2 });
  });

  it('claims only the number of delays of which it has played every schedule', async () => {
    expect((await walk(2, 7)).coverage).toEqual({ schedules: 7, delaysProved: 1 });
    expect((await walk(2, 3)).coverage).toEqual({ schedules: 3, delaysProved: 0 });
    expect((await walk(2, 0)).coverage).toEqual({ schedules: 0, delaysProved: -1 });
  });
});
