import type { Draws } from '../../choices/draws.ts';
import { type DiskState, pathOf } from '../disk-state.ts';
import type { FileChange, FileNode } from '../file-node.ts';
import type { Owner } from '../owner.ts';
import { pageOf, pageSectors, pageSizeBytes, sectorSizeBytes } from '../page-table.ts';
import type { SurvivingNames } from './crash-names.ts';
import type { FileDamage, SectorCounts } from './crash-report.ts';
import { decideSize, type SizeDecision } from './crash-size.ts';
import type { Filler } from './filler.ts';
import type { CrashProfile, Exposed } from './profiles.ts';
import { rangeIn, SectorHistory } from './sector-history.ts';
import { restoreStale } from '../stale-pages.ts';
import { tornSector } from './tear.ts';
import type { Survival } from './timeline.ts';

/** What one power loss has decided so far, and with what it goes on deciding. */
export interface Crash {
  /** The disk before; only read. */
  readonly state: DiskState;
  readonly profile: CrashProfile;
  readonly survival: Survival;
  readonly names: SurvivingNames;
  readonly filler: Filler;
  /** Owner of the disk after. */
  readonly owner: Owner;
}

/** Turns `image`, a fork of `file`, into what the power loss leaves of it. */
export function crashFile(crash: Crash, file: FileNode, image: FileNode, draws: Draws): FileDamage {
  const group = pathOf(crash.state, file);
  const size = decideSize(crash, file, group, draws);
  const sectors: SectorCounts = { kept: 0, older: 0, lost: 0, torn: 0, exposed: 0 };
  if (size.bytes < file.size) image.pages.truncate(size.bytes, crash.owner);
  image.size = size.bytes;

  const touched = changesByPage(file.changes, size.bytes);
  const work: FileWork = { crash, file, image, draws, group, size, sectors, exposed: undefined };
  for (const page of [...touched.keys()].sort((one, other) => one - other)) {
    crashPage(work, page, touched.get(page) ?? []);
  }
  fillHoles(work, touched);
  if (crash.profile.pageCache === 'lost') sectors.lost += restoreStale(file, image, crash.owner);
  image.sync();
  return { path: group, sizeBefore: file.size, sizeAfter: size.bytes, sectors };
}

interface FileWork {
  readonly crash: Crash;
  readonly file: FileNode;
  readonly image: FileNode;
  readonly draws: Draws;
  readonly group: string;
  readonly size: SizeDecision;
  readonly sectors: SectorCounts;
  /** What stands where the file grew and no data survived: one draw a file, made when first needed. */
  exposed: Exposed | undefined;
}

/** The indexes of the changes that touch each page that is left of the file. */
function changesByPage(changes: readonly FileChange[], size: number): Map<number, number[]> {
  const byPage = new Map<number, number[]>();
  const add = (page: number, index: number): void => {
    const list = byPage.get(page);
    if (list === undefined) byPage.set(page, [index]);
    else list.push(index);
  };
  const pages = Math.ceil(size / pageSizeBytes);
  for (const [index, change] of changes.entries()) {
    if (change.kind === 'write') {
      const last = Math.min(pageOf(change.end - 1), pages - 1);
      for (let page = pageOf(change.start); page <= last; page++) add(page, index);
    } else if (change.before !== undefined) {
      for (const page of change.before.indexes(pageOf(change.sizeAfter))) {
        if (page >= pages) break;
        add(page, index);
      }
    }
  }
  return byPage;
}

function crashPage(work: FileWork, page: number, touching: readonly number[]): void {
  const { crash, file, image, size } = work;
  const changes = touching.map((index) => file.changes[index]).filter((change) => change !== undefined);
  if (changes.every((change) => change.kind === 'resize')) {
    const undone = changes.find((change) => !size.applied.has(change));
    if (undone?.kind === 'resize') image.pages.adoptPage(page, undone.before?.page(page), crash.owner);
    return;
  }
  for (let sector = page * pageSectors; sector < (page + 1) * pageSectors; sector++) {
    if (sector * sectorSizeBytes >= size.bytes) break;
    const inSector = changes.filter((change) => {
      const { from, to } = rangeIn(sector, change);
      return from < to;
    });
    if (inSector.length > 0) crashSector(work, sector, inSector);
  }
}

function crashSector(work: FileWork, sector: number, changes: readonly FileChange[]): void {
  const { crash, file, image, draws, size, sectors } = work;
  const { profile } = crash;
  const versions = changes.filter((change) => change.kind === 'write' || size.applied.has(change));
  const { earliest, latest } = boundsOf(work, sector, versions);
  const { version, torn } = crash.survival.fate({
    kind: 'data',
    group: work.group,
    draws,
    sequences: versions.map(({ sequence }) => sequence),
    earliest,
    latest,
    sector,
    // Cutting a file does not write its last sector, as far as tears go.
    mayTear:
      profile.tears.length > 0 && versions.slice(earliest, latest).some(({ kind }) => kind === 'write'),
  });
  if (torn) sectors.torn += 1;
  else if (version === versions.length) sectors.kept += 1;
  else if (version > 0) sectors.older += 1;
  else sectors.lost += 1;
  if (!torn && version === versions.length && versions.length === changes.length) return;

  const history = new SectorHistory(file, sector, changes, versions);
  const bytes = torn
    ? tornSector(history, sector, { earliest, newer: version }, profile, crash.filler, draws)
    : history.at(version);
  if (!torn) fillExposed(work, sector, versions, version, bytes);
  const start = sector * sectorSizeBytes;
  image.pages.write(bytes, 0, start, Math.min(start + sectorSizeBytes, size.bytes), crash.owner);
}

/** Which versions of a sector the profile allows, given the size and the names that survived. */
function boundsOf(
  { crash, size }: FileWork,
  sector: number,
  versions: readonly FileChange[],
): { readonly earliest: number; readonly latest: number } {
  const { profile } = crash;
  if (profile.data === 'none') return { earliest: 0, latest: 0 };
  let latest = versions.length;
  const { undone } = size;
  // The blocks that a truncation frees are not reused before it is committed.
  if (undone !== undefined && sector >= Math.ceil(undone.sizeAfter / pageSizeBytes) * pageSectors) {
    latest = versions.filter(({ sequence }) => sequence < undone.sequence).length;
  }
  const exposedFrom = size.leastBytes - sector * sectorSizeBytes;
  const earliest = versions.findLastIndex(
    (change) =>
      change.sequence < size.dataThrough ||
      (profile.dataBeforeSize && size.applied.has(change) && rangeIn(sector, change).to > exposedFrom),
  );
  return { earliest: Math.min(earliest + 1, latest), latest };
}

/** Puts garbage or stale bytes where the file grew into this sector and none of the data came along. */
function fillExposed(
  work: FileWork,
  sector: number,
  versions: readonly FileChange[],
  version: number,
  bytes: Uint8Array,
): void {
  if (work.crash.profile.exposed.length < 2) return;
  const from = Math.max(work.size.leastBytes - sector * sectorSizeBytes, 0);
  const reaches = (change: FileChange): boolean =>
    change.kind === 'write' && rangeIn(sector, change).to > from;
  if (from >= sectorSizeBytes || versions.slice(0, version).some(reaches) || !versions.some(reaches)) return;
  const kind = exposedKind(work);
  if (kind === 'zero') return;
  bytes.set(work.crash.filler.sector(kind, sector, work.draws).subarray(from), from);
  work.sectors.exposed += 1;
}

const holePagesMax = 4;

/** The same for where the file grew and nothing was written at all: for its first few pages. */
function fillHoles(work: FileWork, touched: ReadonlyMap<number, readonly number[]>): void {
  const { crash, image, draws, group, size } = work;
  if (crash.profile.exposed.length < 2 || size.bytes <= size.leastBytes) return;
  const holes: number[] = [];
  const last = pageOf(size.bytes - 1);
  for (let page = pageOf(size.leastBytes); page <= last && holes.length < holePagesMax; page++) {
    if (!touched.has(page)) holes.push(page);
  }
  if (holes.length === 0) return;
  const { version } = crash.survival.fate({
    kind: 'data',
    group,
    draws,
    sequences: [size.sequence],
    earliest: 0,
    latest: 1,
    sector: -1,
    mayTear: false,
  });
  const kind = version === 1 ? 'zero' : exposedKind(work);
  if (kind === 'zero') return;
  for (const page of holes) {
    for (let sector = page * pageSectors; sector < (page + 1) * pageSectors; sector++) {
      const start = Math.max(sector * sectorSizeBytes, size.leastBytes);
      const end = Math.min((sector + 1) * sectorSizeBytes, size.bytes);
      if (start >= end) continue;
      const bytes = crash.filler.sector(kind, sector, draws);
      image.pages.write(bytes, start - sector * sectorSizeBytes, start, end, crash.owner);
      work.sectors.exposed += 1;
    }
  }
}

function exposedKind(work: FileWork): Exposed {
  const { exposed } = work.crash.profile;
  work.exposed ??= exposed[work.draws.choose(exposed.length)] ?? 'zero';
  return work.exposed;
}
