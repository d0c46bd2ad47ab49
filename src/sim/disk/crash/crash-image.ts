import { SimulationError } from '../../errors.ts';
import type { DrawSource } from '../../choices/draws.ts';
import type { Disk } from '../disk.ts';
import {
  directoryAt,
  type DiskState,
  forkState,
  type Node,
  pathOf,
  releaseIfUnused,
  rootNumber,
} from '../disk-state.ts';
import { entryOf } from '../name-change.ts';
import { type Crash, crashFile } from './crash-file.ts';
import { decideNames, type SurvivingNames } from './crash-names.ts';
import type { CrashReport, FileDamage, NameDamage } from './crash-report.ts';
import { Filler } from './filler.ts';
import { type CrashMode, drawMode, survivalOf } from './modes.ts';
import { Pending } from './pending.ts';
import type { CrashProfile } from './profiles.ts';
import { siteOf } from './timeline.ts';

/** A disk as a power loss left it, and what that did. */
export interface CrashImage {
  readonly disk: Disk;
  readonly report: CrashReport;
}

/** One legal state after a power loss, all of it durable. `before` stays as it is. */
export function crashState(
  before: DiskState,
  profile: CrashProfile,
  draws: DrawSource,
  forcedMode?: CrashMode,
): { readonly state: DiskState; readonly report: CrashReport } {
  const mode = profile.pageCache === 'survives' ? 'keep-all' : (forcedMode ?? drawMode(draws));
  const survival = survivalOf(mode, new Pending(before), draws);
  const names = decideNames(before, profile, survival, draws);
  const state = stateWith(before, names);
  const crash: Crash = {
    state: before,
    profile,
    survival,
    names,
    filler: new Filler(before),
    owner: state.owner,
  };
  const files: FileDamage[] = [];
  for (const image of state.nodes.values()) {
    if (image.kind === 'directory' || (image.changes.length === 0 && image.stale.size === 0)) continue;
    const file = before.nodes.get(image.number);
    if (file?.kind !== 'file') continue;
    files.push(crashFile(crash, file, image, draws.at(siteOf(pathOf(before, file)))));
  }
  const report: CrashReport = { profile: profile.name, mode, names: nameDamage(before, state), files };
  return { state, report };
}

/** The tree that the surviving names make, durable; its files still with all that was pending. */
function stateWith(before: DiskState, names: SurvivingNames): DiskState {
  const state = forkState(before);
  for (const { directory, name, node } of pendingEntries(before, names)) {
    directoryAt(state, directory).setEntry(name, node, state.owner);
  }
  for (const node of state.nodes.values()) {
    node.links = 0;
    node.mentions = 0;
  }
  linkTree(state);
  for (const node of state.nodes.values()) releaseIfUnused(state, node);
  state.nameChanges = [];
  state.forgottenNames.clear();
  state.committedThrough = state.sequence;
  return state;
}

/** What each entry with pending changes names, once all but the surviving ones are undone. */
function pendingEntries(
  before: DiskState,
  names: SurvivingNames,
): { readonly directory: number; readonly name: string; readonly node: number | undefined }[] {
  const entries = new Map<string, { directory: number; name: string; node: number | undefined }>();
  for (const change of before.nameChanges) {
    const key = entryOf(change);
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { directory: change.directory, name: change.name, node: change.before };
      entries.set(key, entry);
    }
    if (names.changes.has(change)) entry.node = change.after;
  }
  return [...entries.values()];
}

/** Counts links and sets the places of all that the root reaches. */
function linkTree(state: DiskState): void {
  const root = directoryAt(state, rootNumber);
  root.links = 1;
  const reached = [root];
  for (let directory = reached.pop(); directory !== undefined; directory = reached.pop()) {
    for (const [name, number] of directory.entries) {
      const node = state.nodes.get(number);
      if (node === undefined || (node.kind === 'directory' && node.links > 0)) {
        throw new SimulationError(
          'SIM_DISK_INCONSISTENT',
          `A crash image has no tree: "${name}" names node ${number}. This is a defect of the simulator: report the seed.`,
        );
      }
      node.links += 1;
      node.parent = directory.number;
      node.name = name;
      if (node.kind === 'directory') reached.push(node);
    }
  }
}

function nameDamage(before: DiskState, after: DiskState): NameDamage[] {
  const damage = new Map<string, NameDamage>();
  for (const change of before.nameChanges) {
    const directory = directoryAt(before, change.directory);
    const was = nodeAt(before, change.directory, change.name);
    const is = nodeAt(after, change.directory, change.name);
    if (was?.number === is?.number) continue;
    const sameKind = was !== undefined && was.kind === is?.kind;
    const path = `${directory.number === rootNumber ? '' : pathOf(before, directory)}/${change.name}`;
    damage.set(path, {
      path,
      before: was?.kind ?? 'nothing',
      after: is === undefined ? 'nothing' : sameKind ? `other-${is.kind}` : is.kind,
    });
  }
  return [...damage.values()];
}

function nodeAt(state: DiskState, directory: number, name: string): Node | undefined {
  const node = state.nodes.get(directory);
  const number = node?.kind === 'directory' ? node.entries.get(name) : undefined;
  return number === undefined ? undefined : state.nodes.get(number);
}
