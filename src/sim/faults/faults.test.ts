import { describe, expect, it } from 'vitest';
import { describeFileSystemConformance } from '../../ports/file-system.conformance.ts';
import { faultModel } from './fault-model.ts';
import { exercise, laboratory, struck } from './faults.test-support.ts';
import type { DiskFaultEvent, DiskFaultKind, DiskFaultRate, DiskFaults } from './rates.ts';

const kinds = [...new Set<DiskFaultKind>(Object.values(faultModel).flat())];
const often = 1e9;

/** Only `kind`, and what it cannot be without; what lasts is over at once. */
function only(kind: DiskFaultKind, rate: DiskFaultRate): Partial<DiskFaults> {
  const needed = kind === 'eviction' ? { syncError: { outOf: 1, max: often } } : {};
  return { ...needed, [kind]: { leftBytesMax: 0, microsMax: 1, ...rate } };
}

describe('the fault model', () => {
  it('has every kind of fault on some method of the port', () => {
    const all: Record<DiskFaultKind, true> = {
      readError: true,
      shortRead: true,
      shortWrite: true,
      interrupted: true,
      noHandles: true,
      noSpace: true,
      quota: true,
      lateNoSpace: true,
      lateQuota: true,
      noSpaceForNames: true,
      quotaForNames: true,
      writeError: true,
      syncError: true,
      unreportedSyncError: true,
      directorySyncError: true,
      eviction: true,
      readOnly: true,
      slow: true,
      stall: true,
      lostWrite: true,
      misdirectedWrite: true,
      bitRot: true,
    };
    expect(kinds.toSorted()).toEqual(Object.keys(all).toSorted());
  });
});

describe.each(kinds)('%s', (kind) => {
  it('fires and is counted, wherever it may strike', async () => {
    const lab = laboratory(only(kind, { outOf: 1, max: often }));
    await exercise(lab, 20);
    expect(struck(lab, kind)).toBeGreaterThan(5);
    expect(struck(lab, kind)).toBe(lab.events.filter(({ event }) => event === kind).length);
  });

  it('strikes one in so many of the calls that it could strike', async () => {
    // No fault draws anything else from a domain of 11 here.
    const outOf = 11;
    const lab = laboratory(only(kind, { outOf, max: often }));
    await exercise(lab, 400);
    let couldStrike = 0;
    for (const [site, draws] of Object.entries(lab.choices.tape?.fault ?? {})) {
      if (!site.endsWith(`:${kind}`)) continue;
      for (let at = 0; at < draws.length; at += 2) if (draws[at] === outOf) couldStrike++;
    }
    const expected = couldStrike / outOf;
    expect(expected).toBeGreaterThan(20);
    expect(Math.abs(struck(lab, kind) - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  it('keeps to its budget', async () => {
    const lab = laboratory(only(kind, { outOf: 2, max: 3 }));
    await exercise(lab, 60);
    expect(struck(lab, kind)).toBe(3);
  });

  it('strikes only the paths that it is for', async () => {
    const lab = laboratory(only(kind, { outOf: 1, max: often, under: '/data/b' }));
    await exercise(lab, 20);
    const paths = lab.events.filter(({ event }) => event === kind).map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !path.startsWith('/data/b'))).toEqual([]);
  });

  it('waits until the database serves, when it is told to', async () => {
    const lab = laboratory(only(kind, { outOf: 1, max: often, during: 'serving' }));
    lab.injector.setServing(false);
    await exercise(lab, 10);
    expect(struck(lab, kind)).toBe(0);
    lab.injector.setServing(true);
    await exercise(lab, 20);
    expect(struck(lab, kind)).toBeGreaterThan(0);
  });

  it('strikes the same calls again from the same seed, and others from another', async () => {
    const run = async (seed: string): Promise<readonly { event: DiskFaultEvent; path: string }[]> => {
      const lab = laboratory(only(kind, { outOf: 4, max: often }), { seed });
      await exercise(lab, 60);
      return lab.events;
    };
    const one = await run('1');
    expect(await run('1')).toEqual(one);
    expect(await run('2')).not.toEqual(one);
  });

  it('draws nothing when it is off, used up, elsewhere or stopped', async () => {
    const rates: readonly DiskFaultRate[] = [
      { outOf: 0, max: often },
      { outOf: 2, max: 0 },
      { outOf: 2, max: often, under: '/nowhere/' },
    ];
    const drawn = ({ choices }: ReturnType<typeof laboratory>): string[] =>
      Object.keys(choices.tape?.fault ?? {}).filter((site) => site.endsWith(`:${kind}`));
    for (const rate of rates) {
      const lab = laboratory(only(kind, rate));
      await exercise(lab, 10);
      expect(drawn(lab)).toEqual([]);
    }
    const stopped = laboratory(only(kind, { outOf: 2, max: often }));
    stopped.injector.stop();
    await exercise(stopped, 10);
    expect(drawn(stopped)).toEqual([]);
    expect(stopped.events).toEqual([]);
  });

  it('has streams of its own, by machine and method: another fault shifts nothing', async () => {
    const drawsOf = async (faults: Partial<DiskFaults>): Promise<unknown> => {
      const lab = laboratory(faults);
      await exercise(lab, 3);
      const sites = Object.entries(lab.choices.tape?.fault ?? {});
      return sites.filter(([site]) => site.endsWith(`:${kind}`));
    };
    // A delay changes neither which calls are made nor what they do.
    const other: DiskFaultKind = kind === 'slow' ? 'stall' : 'slow';
    const alone = only(kind, { outOf: 1000, max: often });
    const both = { ...alone, ...only(other, { outOf: 3, max: often }) };
    const draws = await drawsOf(alone);
    expect(draws).not.toEqual([]);
    if (kind !== 'stall') expect(await drawsOf(both)).toEqual(draws);
  });
});

describeFileSystemConformance({
  name: 'SimFileSystem with every fault armed and none allowed',
  create: async () => {
    const off = Object.fromEntries(
      kinds.map((kind) => [kind, { outOf: 2, max: 0, leftBytesMax: 0, microsMax: 1 }]),
    );
    const { fs } = laboratory(off);
    await fs.mkdir('/data/root');
    return { fs, root: '/data/root', dispose: async () => {} };
  },
});
