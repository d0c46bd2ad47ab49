import type { Draws } from '../../choices/draws.ts';
import { sectorSizeBytes } from '../page-table.ts';
import type { Filler } from './filler.ts';
import type { CrashProfile } from './profiles.ts';
import type { SectorHistory } from './sector-history.ts';

/**
 * A sector that was being written when the power went: its `newer` version in part, and in the rest an
 * older one, zeros, garbage or stale bytes, as the profile has it.
 */
export function tornSector(
  history: SectorHistory,
  sector: number,
  versions: { readonly earliest: number; readonly newer: number },
  profile: CrashProfile,
  filler: Filler,
  draws: Draws,
): Uint8Array {
  const older = versions.newer - 1 - draws.choose(versions.newer - versions.earliest);
  const tear = profile.tears[draws.choose(profile.tears.length)] ?? 'left';
  // A sector that is wholly old is lost, not bad.
  const fills = tear === 'bad' ? profile.fills.filter((fill) => fill !== 'old') : profile.fills;
  const fill = fills[draws.choose(fills.length)] ?? 'old';
  const split = tear === 'bad' ? 0 : 1 + draws.choose(sectorSizeBytes - 1);

  const newer = history.at(versions.newer);
  const other = fill === 'old' ? history.at(older) : filler.sector(fill, sector, draws);
  const from = tear === 'right' ? 0 : split;
  const to = tear === 'right' ? split : sectorSizeBytes;
  const { powerSafeOverwrite } = profile;
  const written = powerSafeOverwrite
    ? history.writtenBetween(older, versions.newer)
    : { from: 0, to: sectorSizeBytes };
  const badFrom = Math.max(from, written.from);
  const badTo = Math.min(to, written.to);
  if (badFrom < badTo) newer.set(other.subarray(badFrom, badTo), badFrom);
  return newer;
}
