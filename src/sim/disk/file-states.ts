import type { ByteRange, FileState } from '../trace/index.ts';
import { unsyncedRangesOf } from './crash/file-losses.ts';
import { type DiskState, type Node, pathOf, rootNumber } from './disk-state.ts';
import { pageSizeBytes } from './page-table.ts';

/** Every file and directory but the root, by path, in order of the paths. */
export function fileStates(state: DiskState): Record<string, FileState> {
  const states = new Map<string, FileState>();
  for (const node of state.nodes.values()) {
    if (node.number === rootNumber) continue;
    const path = pathOf(state, node);
    // Several files may have gone that had one name.
    let key = path;
    for (let nth = 2; states.has(key); nth++) key = `${path} ${nth}`;
    states.set(key, stateOf(node));
  }
  return Object.fromEntries([...states].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function stateOf(node: Node): FileState {
  const name = node.links === 0 ? 'removed' : node.mentions > 0 ? 'unsynced' : 'durable';
  if (node.kind === 'directory') {
    return { kind: 'directory', size: 0, durableSize: 0, unsynced: [], stale: [], name };
  }
  return {
    kind: 'file',
    size: node.size,
    durableSize: node.durableSize,
    unsynced: unsyncedRangesOf(node),
    stale: staleRanges([...node.stale.keys()]),
    name,
  };
}

function staleRanges(pages: readonly number[]): ByteRange[] {
  return pages
    .toSorted((one, other) => one - other)
    .map((page): ByteRange => [page * pageSizeBytes, (page + 1) * pageSizeBytes]);
}
