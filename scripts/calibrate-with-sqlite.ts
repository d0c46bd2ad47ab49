/**
 * Lets real SQLite judge the simulated disk: whatever SQLite promises to survive it must survive here, and what it
 * does not promise must be seen to break. See docs/calibration.md.
 *
 *     npm run build && node dist/scripts/calibrate-with-sqlite.js --seeds 1000
 *     node dist/scripts/calibrate-with-sqlite.js --mode WAL --disk strict --seed 4711
 *
 * With `--free`, every legal version of everything is as likely after a power loss; without it, patterns of loss are
 * drawn as in runs of the arenas. Exits with 1 if SQLite broke a promise on a disk that it claims to survive.
 */
import { parseArgs } from 'node:util';
import { runCampaign } from './calibration/campaign.ts';
import { disks } from './calibration/disks.ts';
import { DiskVfs } from './calibration/disk-vfs.ts';
import { playEpisode } from './calibration/episode.ts';
import { modes } from './calibration/modes.ts';
import { renderTable } from './calibration/table.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    free: { type: 'boolean', default: false },
    mode: { type: 'string', multiple: true },
    disk: { type: 'string', multiple: true },
  },
});
const chosenModes = values.mode === undefined ? modes : values.mode.map(modeOf);
const chosenDisks = values.disk === undefined ? disks : values.disk.map(diskOf);
const lossMode = values.free ? 'free' : undefined;
const vfs = await DiskVfs.load();

if (values.seed === undefined) {
  const rows = runCampaign(vfs, {
    lossMode,
    modes: chosenModes,
    disks: chosenDisks,
    seeds: wholeNumber(values.seeds),
  });
  process.stdout.write(`${renderTable(rows)}\n`);
  process.exitCode = rows.some(({ disk, broken }) => disk.isClaimed && broken.length > 0) ? 1 : 0;
} else {
  for (const mode of chosenModes) {
    for (const { profile } of chosenDisks) {
      const result = playEpisode(vfs, { seed: values.seed, mode, profile, lossMode });
      process.stdout.write(`${mode.name} on ${profile.name}: ${JSON.stringify(result)}\n`);
    }
  }
}

function modeOf(name: string): (typeof modes)[number] {
  return named('mode', name, modes, (mode) => mode.name);
}

function diskOf(name: string): (typeof disks)[number] {
  return named('disk', name, disks, (disk) => disk.profile.name);
}

function named<T>(kind: string, name: string, all: readonly T[], nameOf: (one: T) => string): T {
  const found = all.find((candidate) => nameOf(candidate) === name);
  if (found !== undefined) return found;
  const known = all.map((each) => JSON.stringify(nameOf(each))).join(', ');
  throw new RangeError(`There is no ${kind} ${JSON.stringify(name)}. Known: ${known}.`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`--seeds takes a whole number, not "${text}"`);
  return Number(text);
}
