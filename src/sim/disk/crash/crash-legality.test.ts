import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Choices, type DrawSource } from '../../choices/index.ts';
import { Disk } from '../disk.ts';
import type { DiskState } from '../disk-state.ts';
import { crashState } from './crash-image.ts';
import { enumerateCrashImages } from './enumerate.ts';
import { breachesOfExt4, breachesOfStrict, defectsOf } from './legality.test-support.ts';
import { type CrashProfile, profiles } from './profiles.ts';
import { type Deed, deeds, Witness } from './witness.test-support.ts';

const others = Object.values(profiles).filter(({ name }) => name !== 'strict');

/** What no file system may do: let a file end within a sector where it never ended. */
const wrongProfiles: readonly CrashProfile[] = [
  { ...profiles.xfs, name: 'xfs that grows by 100 bytes', growthStepBytes: 100 },
  { ...profiles.strict, name: 'strict that grows by half a sector', growthStepBytes: 256 },
];

describe('crash images of random histories', { timeout: 300_000 }, () => {
  it('strict loses nothing that was synced and not touched since, and invents nothing elsewhere', () => {
    forEachImage(fc.constant(profiles.strict), 1500, (witness, image) => {
      expect(breachesOfStrict(witness, image)).toEqual([]);
    });
  });

  it.each(others)('$name leaves only states that strict allows', (profile) => {
    forEachImage(fc.constant(profile), 300, (witness, image) => {
      expect(breachesOfStrict(witness, image)).toEqual([]);
    });
  });

  it.each(wrongProfiles)('a profile that goes beyond strict is seen through: $name', (profile) => {
    expect(() =>
      forEachImage(fc.constant(profile), 300, (witness, image) => {
        expect(breachesOfStrict(witness, image)).toEqual([]);
      }),
    ).toThrow('Property failed');
  });

  it('any other profile, of whatever parameters, leaves only states that strict allows', () => {
    forEachImage(anyProfile, 1500, (witness, image) => {
      expect(breachesOfStrict(witness, image)).toEqual([]);
    });
  });

  it('every image is in order inside, whatever the parameters', () => {
    forEachImage(anyProfile, 1000, (_witness, image) => {
      expect(defectsOf(image)).toEqual([]);
    });
  });

  it('ext4-ordered keeps one prefix of all names, invents no byte, and no size outruns its data', () => {
    forEachImage(fc.constant(profiles['ext4-ordered']), 1500, (witness, image) => {
      expect([...breachesOfStrict(witness, image), ...breachesOfExt4(witness, image)]).toEqual([]);
    });
  });

  it('kill loses nothing', () => {
    forEachImage(fc.constant(profiles.kill), 300, (witness, image) => {
      expect(new Disk(image).digest()).toBe(witness.disk.digest());
    });
  });

  it('every draw at 0 loses nothing, under every profile', () => {
    fc.assert(
      fc.property(deeds, anyProfile, (history, profile) => {
        fc.pre(profile.data === 'any');
        const { disk } = witnessOf(history);
        expect(disk.crashImage(profile, calm).disk.digest()).toBe(disk.digest());
      }),
      { numRuns: 300 },
    );
  });

  it('equal draws give equal images and reports, and the disk goes on as if nothing had been', () => {
    fc.assert(
      fc.property(deeds, deeds, fc.nat(), (history, future, seed) => {
        const crashed = witnessOf(history);
        const first = crashed.disk.crashImage(profiles.strict, seeded(seed));
        const again = crashed.disk.crashImage(profiles.strict, seeded(seed));
        expect(again.report).toEqual(first.report);
        expect(again.disk.digest()).toBe(first.disk.digest());

        for (const deed of future) crashed.do(deed);
        const untouched = witnessOf([...history, ...future]);
        expect(crashed.disk.digest()).toBe(untouched.disk.digest());
        expect(again.disk.digest()).toBe(first.disk.digest());
        const late = crashed.disk.crashImage(profiles.strict, seeded(seed));
        const wanted = untouched.disk.crashImage(profiles.strict, seeded(seed));
        expect(late.report).toEqual(wanted.report);
        expect(late.disk.digest()).toBe(wanted.disk.digest());
      }),
      { numRuns: 300 },
    );
  });

  it('a crash image is all durable: it loses nothing more', () => {
    forEachImage(fc.constant(profiles.strict), 300, (_witness, image) => {
      const disk = new Disk(image);
      const { disk: next, report } = disk.crashImage(profiles.strict, seeded(1), 'lose-all');
      expect(next.digest()).toBe(disk.digest());
      expect(report.names).toEqual([]);
      expect(report.files).toEqual([]);
    });
  });
});

describe('enumerated crash images of short histories', { timeout: 300_000 }, () => {
  it('those of every profile are among those of strict, after a failed sync too', () => {
    const compared = new Map<string, number>();
    forEachSmallDisk(1000, (disk, hasFailed) => {
      const strict = digestsOf(disk, withoutTears(profiles.strict));
      if (strict === undefined || strict.size < 3) return;
      for (const profile of others) {
        // Memory that survives a kill shows what no power loss can bring back.
        if (hasFailed && profile.pageCache === 'survives') continue;
        const states = digestsOf(disk, withoutTears(profile));
        if (states === undefined) continue;
        compared.set(profile.name, (compared.get(profile.name) ?? 0) + 1);
        const beyond = [...states].filter((digest) => !strict.has(digest));
        expect({ profile: profile.name, beyond }).toEqual({ profile: profile.name, beyond: [] });
      }
    });
    for (const { name } of others) expect([name, (compared.get(name) ?? 0) > 100]).toEqual([name, true]);
  });

  it.each(wrongProfiles)('a profile that goes beyond strict is found: $name', (profile) => {
    let beyond = 0;
    forEachSmallDisk(300, (disk) => {
      const strict = digestsOf(disk, withoutTears(profiles.strict));
      const states = digestsOf(disk, withoutTears(profile));
      if (strict === undefined || states === undefined) return;
      for (const digest of states) if (!strict.has(digest)) beyond += 1;
    });
    expect(beyond).toBeGreaterThan(0);
  });

  it('torn sectors of every profile are among those of strict, and a failed sync leaves what strict may', () => {
    for (const profile of others) {
      for (const field of ['tears', 'fills', 'exposed', 'failedSync'] as const) {
        const allowed: readonly string[] = profiles.strict[field];
        expect([profile.name, profile[field].filter((value) => !allowed.includes(value))]).toEqual([
          profile.name,
          [],
        ]);
      }
    }
  });

  it('every image that a seed makes is among them', () => {
    const profile: CrashProfile = { ...profiles.strict, tears: [], exposed: ['zero'] };
    fc.assert(
      fc.property(fc.array(smallDeed, { maxLength: 7, size: 'max' }), fc.nat(), (history, seed) => {
        const { disk } = witnessOf(history);
        const all = digestsOf(disk, profile);
        const draws = seeded(seed);
        if (all === undefined) return;
        for (let nth = 0; nth < 10; nth++) {
          expect(all.has(disk.crashImage(profile, draws).disk.digest())).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

const calm: DrawSource = { at: () => ({ choose: () => 0 }) };

function seeded(seed: number): DrawSource {
  return new Choices({ kind: 'seed', seed: `${seed}`, record: false }).lane('fault');
}

const anyProfile: fc.Arbitrary<CrashProfile> = fc.record({
  name: fc.constant('any'),
  pageCache: fc.constant('lost' as const),
  names: fc.constantFrom('any' as const, 'journal' as const, 'all' as const),
  data: fc.constantFrom('any' as const, 'none' as const),
  dataBeforeSize: fc.boolean(),
  renameReplaceBarrier: fc.boolean(),
  growthStepBytes: fc.constantFrom(512, 4096),
  tears: fc.subarray(['left', 'right', 'bad'] as const),
  fills: fc.constantFrom(['old'] as const, ['old', 'zero', 'garbage', 'stale'] as const),
  powerSafeOverwrite: fc.boolean(),
  exposed: fc.constantFrom(['zero'] as const, ['zero', 'garbage', 'stale'] as const),
  failedSync: fc.constant(['keep'] as const),
});

const smallPath = fc.constantFrom('/a', '/b');

const smallDeed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    deed: fc.constantFrom('create' as const, 'sync' as const, 'unlink' as const),
    path: smallPath,
  }),
  fc.record({ deed: fc.constant('sync' as const), path: fc.constantFrom('/a', '/') }),
  fc.record({ deed: fc.constant('rename' as const), path: smallPath, to: smallPath }),
  fc.record({
    deed: fc.constant('truncate' as const),
    path: smallPath,
    length: fc.constantFrom(0, 100, 512, 700),
  }),
  fc.record({
    deed: fc.constant('write' as const),
    path: smallPath,
    position: fc.constantFrom(0, 100, 512),
    length: fc.constantFrom(1, 500, 600),
    byte: fc.constantFrom(1, 2, 3),
  }),
);

/** Without tears, and with one kind of harm where data is missing, the states are few enough to have them all. */
function withoutTears(profile: CrashProfile): CrashProfile {
  return { ...profile, tears: [], exposed: profile.exposed.filter((kind) => kind !== 'garbage') };
}

const prelude: readonly Deed[] = [
  { deed: 'create', path: '/a' },
  { deed: 'write', path: '/a', position: 0, length: 600, byte: 9 },
  { deed: 'sync', path: '/a' },
  { deed: 'sync', path: '/' },
];

/** After a short history in which a sync may have failed, and kept its pages in memory or reverted them. */
function forEachSmallDisk(numRuns: number, check: (disk: Disk, hasFailed: boolean) => void): void {
  const history = fc.array(smallDeed, { maxLength: 6, size: 'max' });
  const failure = fc.constantFrom('none', 'none', 'keep', 'revert');
  const later = fc.array(smallDeed, { maxLength: 2 });
  const property = fc.property(history, failure, later, (before, failed, after) => {
    const witness = witnessOf([...prelude, ...before]);
    const { disk } = witness;
    const hasFailed = failed !== 'none' && disk.has('/a');
    if (hasFailed) {
      const file = disk.open('/a', 'r+');
      if (failed === 'keep') file.syncAllBut(file.dirtyPages);
      else file.revert();
      file.close();
    }
    for (const deed of after) witness.do(deed);
    check(disk, hasFailed);
  });
  fc.assert(property, { numRuns });
}

/** Digests of all crash images; `undefined` when there are too many. */
function digestsOf(disk: Disk, profile: CrashProfile): Set<string> | undefined {
  const digests = new Set<string>();
  const images = enumerateCrashImages(disk, profile, 3000);
  for (let next = images.next(); ; next = images.next()) {
    if (next.done === true) return next.value.exhaustive ? digests : undefined;
    digests.add(next.value.disk.digest());
  }
}

function witnessOf(history: readonly Deed[]): Witness {
  const witness = new Witness();
  for (const deed of history) witness.do(deed);
  return witness;
}

const imagesPerHistory = 12;

function forEachImage(
  profile: fc.Arbitrary<CrashProfile>,
  numRuns: number,
  check: (witness: Witness, image: DiskState) => void,
): void {
  const property = fc.property(deeds, profile, fc.nat(), (history, drawn, seed) => {
    const witness = witnessOf(history);
    const draws = seeded(seed);
    for (let nth = 0; nth < imagesPerHistory; nth++) {
      check(witness, crashState(witness.state, drawn, draws).state);
    }
  });
  fc.assert(property, { numRuns });
}
