import type { DiskState } from '../disk-state.ts';
import { rootNumber } from '../disk-state.ts';
import { pageSizeBytes, sectorSizeBytes } from '../page-table.ts';
import { type Deed, numberAt, type Snapshot, snapshotOf, type Witness } from './witness.test-support.ts';

/**
 * What is wrong with a crash image as far as `strict` goes, which is the contract of POSIX: what was
 * synced and not touched since is there; all else is something that once was, or in a sector that was
 * being written. Empty: the image is legal.
 */
export function breachesOfStrict(witness: Witness, image: DiskState): string[] {
  const left = snapshotOf(image);
  return [
    ...namesThatNeverWere(witness, left),
    ...filesThatVanished(witness, left),
    ...bytesThatNeverWere(witness, left),
  ];
}

/** The same for `ext4-ordered`: a prefix of all names, no byte that was not written, data before size. */
export function breachesOfExt4(witness: Witness, image: DiskState): string[] {
  const left = snapshotOf(image);
  const breaches: string[] = [];
  const committed = witness.snapshots.findIndex(
    (snapshot, at) => at >= witness.journalAt && sameNames(snapshot, left),
  );
  if (committed < 0) breaches.push('the names are those of no moment since the journal was committed');
  for (const [number, content] of left.files) {
    const moments = witness.since(number).flatMap(({ files }) => files.get(number) ?? []);
    for (let at = 0; at < content.length; at++) {
      const byte = content[at];
      if (moments.some((moment) => moment[at] === byte)) continue;
      breaches.push(`byte ${at} of node ${number} is ${byte}, which it never was`);
      break;
    }
    breaches.push(...dataLostBehindSize(moments, content, number));
  }
  return breaches;
}

function namesThatNeverWere(witness: Witness, left: Snapshot): string[] {
  const breaches: string[] = [];
  for (const [directory, entries] of left.names) {
    const moments = witness.since(directory).flatMap(({ names }) => names.get(directory) ?? []);
    const replaced = new Set(
      witness.deeds
        .slice(witness.syncedAt.get(directory) ?? 0)
        .flatMap((deed) => (deed.deed === 'rename' ? [deed.to.split('/').at(-1)] : [])),
    );
    const everUsed = new Set([...entries.keys(), ...moments.flatMap((moment) => [...moment.keys()])]);
    for (const name of everUsed) {
      const found = entries.get(name);
      if (moments.some((moment) => moment.get(name) === found)) continue;
      if (found === undefined && replaced.has(name)) continue;
      breaches.push(`"${name}" of directory ${directory} names ${found}, which it never did`);
    }
  }
  return breaches;
}

/** A node with a durable name, which nobody removed or replaced, still has a name. */
function filesThatVanished(witness: Witness, left: Snapshot): string[] {
  const found = new Set<number>();
  for (const entries of left.names.values()) for (const number of entries.values()) found.add(number);
  const removed = new Set<number>();
  for (const [at, deed] of witness.deeds.entries()) {
    const before = witness.snapshots[at];
    const target = deed.deed === 'rename' ? deed.to : deed.path;
    if (before === undefined || !['unlink', 'rmdir', 'rename'].includes(deed.deed)) continue;
    const number = numberAt(before, target);
    if (number !== undefined) removed.add(number);
  }
  const breaches: string[] = [];
  for (const number of durablyReachable(witness)) {
    if (!found.has(number) && !removed.has(number)) breaches.push(`node ${number} vanished`);
  }
  return breaches;
}

/** What the durable entries of each directory reach from the root. */
function durablyReachable(witness: Witness): Set<number> {
  const reached = new Set<number>();
  const visit = (directory: number): void => {
    const [durable] = witness.since(directory);
    for (const number of durable?.names.get(directory)?.values() ?? []) {
      if (reached.has(number)) continue;
      reached.add(number);
      visit(number);
    }
  };
  visit(rootNumber);
  return reached;
}

function bytesThatNeverWere(witness: Witness, left: Snapshot): string[] {
  const breaches: string[] = [];
  for (const [number, content] of left.files) {
    const from = witness.syncedAt.get(number) ?? 0;
    const moments = witness.since(number).flatMap(({ files }) => files.get(number) ?? []);
    const durable = moments[0] ?? new Uint8Array(0);
    const writes = witness.deeds
      .map((deed, at) => ({ deed, at }))
      .filter(({ deed, at }) => at >= from && isWriteTo(witness, deed, at, number))
      .map(({ deed }) => deed as Deed & { deed: 'write' });
    if (!isPossibleSize(content.length, moments, writes)) {
      breaches.push(`node ${number} has ${content.length} bytes, which it never had`);
    }
    for (let at = 0; at < Math.min(content.length, durable.length); at++) {
      if (wasCutAndGrewBack(moments, at)) continue;
      const sector = Math.floor(at / sectorSizeBytes) * sectorSizeBytes;
      const written = writes.some(
        ({ position, length }) => position < sector + sectorSizeBytes && position + length > sector,
      );
      if (written || content[at] === durable[at]) continue;
      breaches.push(`byte ${at} of node ${number} was synced as ${durable[at]} and is ${content[at]}`);
      break;
    }
  }
  return breaches;
}

function isWriteTo(witness: Witness, deed: Deed, at: number, number: number): boolean {
  const before = witness.snapshots[at];
  return deed.deed === 'write' && before !== undefined && numberAt(before, deed.path) === number;
}

/** Whether the file ended before `at` for a while: what stands there since then is anybody's guess. */
function wasCutAndGrewBack(moments: readonly Uint8Array[], at: number): boolean {
  const cut = moments.findIndex(({ length }) => length <= at);
  return cut >= 0 && moments.slice(cut).some(({ length }) => length > at);
}

/** A size the file had, or between two of them where a write made it grow sector by sector. */
function isPossibleSize(
  size: number,
  moments: readonly Uint8Array[],
  writes: readonly (Deed & { deed: 'write' })[],
): boolean {
  if (moments.some(({ length }) => length === size)) return true;
  return size % sectorSizeBytes === 0 && writes.some(({ position, length }) => size < position + length);
}

/** Where the file grew since its last sync, each byte is at least as new as the size. */
function dataLostBehindSize(moments: readonly Uint8Array[], content: Uint8Array, number: number): string[] {
  // Every moment from which the size may come is tried: it is enough that one explains the content.
  const explains = (at: number): boolean => {
    const least = Math.min(...moments.slice(0, at + 1).map(({ length }) => length));
    for (let index = least; index < content.length; index++) {
      const byte = content[index];
      if (!moments.slice(at).some((moment) => moment[index] === byte)) return false;
    }
    return true;
  };
  const candidates = moments.flatMap(({ length }, at) => (length >= content.length ? [at] : []));
  if (candidates.some(explains)) return [];
  return [`node ${number} has ${content.length} bytes without the data that came with them`];
}

function sameNames(one: Snapshot, other: Snapshot): boolean {
  if (one.names.size !== other.names.size) return false;
  for (const [directory, entries] of one.names) {
    const others = other.names.get(directory);
    if (others === undefined || others.size !== entries.size) return false;
    for (const [name, number] of entries) if (others.get(name) !== number) return false;
  }
  return true;
}

/** What is out of order inside a crash image, which no reader could see yet. */
export function defectsOf(image: DiskState): string[] {
  const defects: string[] = [];
  const { names, files } = snapshotOf(image);
  if (image.nodes.size !== names.size + files.size) defects.push('there are nodes that nothing reaches');
  if (image.nameChanges.length > 0) defects.push('changes of names are pending');
  for (const node of image.nodes.values()) {
    if (node.mentions > 0 || node.opens > 0) defects.push(`node ${node.number} can never be freed`);
    if (node.kind === 'directory') continue;
    if (node.changes.length > 0) defects.push(`changes of file ${node.number} are pending`);
    const beyond = new Uint8Array(4 * pageSizeBytes);
    node.pages.read(beyond, 0, node.size, node.size + beyond.length);
    if (beyond.some((byte) => byte !== 0)) defects.push(`file ${node.number} is not zero beyond its end`);
  }
  return defects;
}
