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

describe('crash images of random histories', { timeout: 300_000 }, () => {
  it('strict loses nothing that was synced and not touched since, and invents nothing elsewhere', () => {
    forEachImage(fc.constant(profiles.strict), 1500, (witness, image) => {
      expect(breachesOfStrict(witness, image)).toEqual([]);
    });
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
  it('those of ext4-ordered are among those of strict', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(smallDeed, { maxLength: 7, size: 'max' }), (history) => {
        const { disk } = witnessOf(history);
        // Without tears the states are few enough to have them all.
        const strict = digestsOf(disk, { ...profiles.strict, tears: [], exposed: ['zero'] });
        const ext4 = digestsOf(disk, { ...profiles['ext4-ordered'], tears: [] });
        if (strict === undefined || ext4 === undefined) return;
        compared += 1;
        expect([...ext4].filter((digest) => !strict.has(digest))).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(200);
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
