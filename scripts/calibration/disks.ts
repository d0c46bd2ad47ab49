import { type CrashProfile, crashProfiles } from '../../src/sim/index.ts';

/** A disk to judge, and whether SQLite claims to survive it. */
export interface CalibrationDisk {
  readonly profile: CrashProfile;
  readonly isClaimed: boolean;
}

const { strict, ...others } = crashProfiles;

/** Bytes that once stood elsewhere on the disk never turn up where a file grew or a sector tore. */
const withoutStale = {
  fills: strict.fills.filter((fill) => fill !== 'stale'),
  exposed: strict.exposed.filter((fill) => fill !== 'stale'),
} as const;

/**
 * `strict` is harder than what SQLite asks for in two ways (docs/calibration.md): these are all four disks that
 * have one of them, both or neither. Another profile is within what SQLite claims if it has neither.
 */
export const disks: readonly CalibrationDisk[] = [
  { profile: strict, isClaimed: false },
  { profile: { ...strict, ...withoutStale, name: 'strict, nothing stale' }, isClaimed: false },
  { profile: { ...strict, powerSafeOverwrite: true, name: 'strict, power-safe' }, isClaimed: false },
  {
    profile: {
      ...strict,
      ...withoutStale,
      powerSafeOverwrite: true,
      name: 'strict, nothing stale, power-safe',
    },
    isClaimed: true,
  },
  ...Object.values(others).map((profile) => ({ profile, isClaimed: isWithinClaims(profile) })),
];

function isWithinClaims({ exposed, powerSafeOverwrite }: CrashProfile): boolean {
  return powerSafeOverwrite && !exposed.includes('stale');
}
