import { SimulationError } from '../errors.ts';
import { DirectoryNode } from './directory-node.ts';
import { type FileChange, FileNode } from './file-node.ts';
import { closure, type NameChange } from './name-change.ts';
import { Owner } from './owner.ts';
import { pageOf, pageSizeBytes } from './page-table.ts';

export type Node = FileNode | DirectoryNode;

export const rootNumber = 1;

const freedPagesMax = 64;
const freedPagesPerFile = 8;

/** Everything that a disk is. Its nodes are the volatile image; what is pending leads back to the durable one. */
export interface DiskState {
  owner: Owner;
  readonly nodes: Map<number, Node>;
  /** Changes of directory entries that are not durable yet, oldest first. */
  nameChanges: NameChange[];
  /** Of these: what a failed sync of a directory has counted as durable, so that no other one writes it. */
  readonly forgottenNames: Set<NameChange>;
  /** Changes so far, of whatever kind. */
  sequence: number;
  nextNumber: number;
  /**
   * Through which change a file system with one ordered journal would have committed names and
   * truncations, given the syncs so far. Profiles without a journal promise nothing of the kind.
   */
  committedThrough: number;
  /** Pages given up lately, oldest first: what a reused block may still hold. */
  freedPages: Uint8Array[];
}

export function emptyState(): DiskState {
  const owner = new Owner();
  const root = new DirectoryNode(rootNumber, rootNumber, owner);
  root.links = 1;
  return {
    owner,
    nodes: new Map([[rootNumber, root]]),
    nameChanges: [],
    forgottenNames: new Set(),
    sequence: 0,
    nextNumber: rootNumber + 1,
    committedThrough: 0,
    freedPages: [],
  };
}

/** An independent copy without handles. Costs time per node, not per page. */
export function forkState(state: DiskState): DiskState {
  state.owner = new Owner(state.owner);
  const nodes = new Map<number, Node>();
  for (const [number, node] of state.nodes) {
    if (node.links > 0 || node.mentions > 0) nodes.set(number, node.fork());
  }
  return {
    ...state,
    owner: new Owner(),
    nodes,
    nameChanges: state.nameChanges.slice(),
    forgottenNames: new Set(state.forgottenNames),
    freedPages: state.freedPages.slice(),
  };
}

export function rootOf(state: DiskState): DirectoryNode {
  return directoryAt(state, rootNumber);
}

export function directoryAt(state: DiskState, number: number): DirectoryNode {
  const node = state.nodes.get(number);
  if (node?.kind !== 'directory') {
    throw new SimulationError(
      'SIM_DISK_INCONSISTENT',
      `Node ${number} of the simulated disk is no directory. This is a defect of the simulator: report the seed.`,
    );
  }
  return node;
}

/** Where a node is, or for one without a name where it was last, marked as gone. */
export function pathOf(state: DiskState, node: Node): string {
  if (node.number === rootNumber) return '/';
  const parent = state.nodes.get(node.parent);
  const above = parent === undefined || parent.number === rootNumber ? '' : pathOf(state, parent);
  return `${above}/${node.name}${node.links === 0 ? ' (gone)' : ''}`;
}

/** Sets an entry, now visible and not yet durable. Returns the change for others to depend on. */
export function changeName(
  state: DiskState,
  directory: DirectoryNode,
  name: string,
  after: Node | undefined,
  ties: { requires?: readonly NameChange[]; removes?: number; barrier?: boolean } = {},
): NameChange {
  const beforeNumber = directory.entries.get(name);
  const before = beforeNumber === undefined ? undefined : state.nodes.get(beforeNumber);
  const change: NameChange = {
    sequence: state.sequence,
    directory: directory.number,
    name,
    before: beforeNumber,
    after: after?.number,
    requires: ties.requires ?? [],
    removes: ties.removes,
    barrier: ties.barrier === true,
  };
  directory.setEntry(name, after?.number, state.owner);
  directory.changedAt = change.sequence;
  for (const node of [before, after]) {
    if (node === undefined) continue;
    node.mentions += 1;
    node.namedAt = change.sequence;
  }
  if (before !== undefined) before.links -= 1;
  if (after !== undefined) {
    after.links += 1;
    after.parent = directory.number;
    after.name = name;
  }
  state.nameChanges.push(change);
  return change;
}

/** The pending changes that gave a directory and those above it their names. */
export function pendingNamesOf(state: DiskState, directory: DirectoryNode): NameChange[] {
  const changes: NameChange[] = [];
  for (let at = directory; at.number !== rootNumber; at = directoryAt(state, at.parent)) {
    const { number, mentions } = at;
    if (mentions === 0) continue;
    const newest = state.nameChanges.findLast((change) => change.after === number);
    if (newest !== undefined) changes.push(newest);
  }
  return changes;
}

/** The changes of one directory that a sync of it would write. */
export function dirtyNamesOf(state: DiskState, directory: number): NameChange[] {
  return state.nameChanges.filter(
    (change) => change.directory === directory && !state.forgottenNames.has(change),
  );
}

/** Makes the changes of one directory durable, with those that they cannot survive without. */
export function settleNames(state: DiskState, directory: number): void {
  const dirty = new Set(dirtyNamesOf(state, directory));
  if (dirty.size === 0) return;
  const settled = new Set(closure(state.nameChanges, (change) => dirty.has(change)));
  state.nameChanges = state.nameChanges.filter((change) => !settled.has(change));
  for (const change of settled) state.forgottenNames.delete(change);
  for (const { before, after } of settled) {
    for (const number of [before, after]) {
      const node = number === undefined ? undefined : state.nodes.get(number);
      if (node === undefined) continue;
      node.mentions -= 1;
      releaseIfUnused(state, node);
    }
  }
}

/** Makes content and size of a file durable. */
export function settleFile(state: DiskState, file: FileNode): void {
  for (const change of file.changes) rememberPagesCut(state, change);
  file.sync();
}

const pendingBytesMax = 2 ** 24;

/**
 * Writes old changes back when a file has too many, as a kernel's flusher does with dirty pages, sync or no
 * sync. They become durable: one of the states that were possible all along.
 */
export function relievePressure(state: DiskState, file: FileNode): void {
  if (file.pendingBytes <= pendingBytesMax) return;
  for (const change of file.writeBackHalf()) {
    rememberPagesCut(state, change);
    if (change.kind === 'resize') state.committedThrough = Math.max(state.committedThrough, change.sequence);
  }
}

/** Forgets a node that has no name, no handle, and no name that might come back. */
export function releaseIfUnused(state: DiskState, node: Node): void {
  if (node.links > 0 || node.opens > 0 || node.mentions > 0) return;
  state.nodes.delete(node.number);
  if (node.kind === 'file') rememberPages(state, node.pages, 0);
}

function rememberPagesCut(state: DiskState, change: FileChange): void {
  if (change.kind !== 'resize' || change.before === undefined) return;
  rememberPages(state, change.before, pageOf(change.sizeAfter + pageSizeBytes - 1));
}

function rememberPages(state: DiskState, pages: FileNode['pages'], firstIndex: number): void {
  let count = 0;
  for (const index of pages.indexes(firstIndex)) {
    if (count === freedPagesPerFile) break;
    const page = pages.page(index);
    if (page !== undefined) state.freedPages.push(page);
    count += 1;
  }
  if (state.freedPages.length > freedPagesMax) {
    state.freedPages.splice(0, state.freedPages.length - freedPagesMax);
  }
}
