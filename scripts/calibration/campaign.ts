import { createHash } from 'node:crypto';
import type { CrashMode } from '../../src/sim/index.ts';
import type { CalibrationDisk } from './disks.ts';
import type { DiskVfs } from './disk-vfs.ts';
import { type EpisodeResult, playEpisode } from './episode.ts';
import type { Mode } from './modes.ts';

export interface CampaignOptions {
  readonly modes: readonly Mode[];
  readonly disks: readonly CalibrationDisk[];
  readonly lossMode?: CrashMode | undefined;
  /** Episodes of each mode on each disk, with the seeds `0` to `seeds - 1`. */
  readonly seeds: number;
}

/** What came of one mode on one disk. */
export interface Row {
  readonly mode: Mode;
  readonly disk: CalibrationDisk;
  readonly seeds: number;
  readonly powerLosses: number;
  readonly counts: ReadonlyMap<EpisodeResult['finding'], number>;
  /** Of all its episodes: equal for equal seeds, on every machine. */
  readonly digest: string;
  /** Episodes in which the mode did not keep what it promises. */
  readonly broken: readonly { readonly seed: string; readonly result: EpisodeResult }[];
}

export function runCampaign(vfs: DiskVfs, options: CampaignOptions): Row[] {
  const { modes, disks } = options;
  return modes.flatMap((mode) => disks.map((disk) => runRow(vfs, mode, disk, options)));
}

function runRow(vfs: DiskVfs, mode: Mode, disk: CalibrationDisk, { seeds, lossMode }: CampaignOptions): Row {
  const counts = new Map<EpisodeResult['finding'], number>();
  const broken: Row['broken'][number][] = [];
  const digest = createHash('sha256');
  let powerLosses = 0;
  for (let number = 0; number < seeds; number += 1) {
    const seed = String(number);
    const result = playEpisode(vfs, { seed, mode, profile: disk.profile, lossMode });
    digest.update(result.digest);
    powerLosses += result.powerLosses.length;
    counts.set(result.finding, (counts.get(result.finding) ?? 0) + 1);
    if (!isPromised(mode, result.finding)) broken.push({ seed, result });
  }
  return { mode, disk, seeds, powerLosses, counts, digest: digest.digest('hex'), broken };
}

function isPromised({ promises }: Mode, finding: EpisodeResult['finding']): boolean {
  return (
    promises === 'nothing' || finding === 'held' || (finding === 'last-undone' && promises === 'all-but-last')
  );
}
