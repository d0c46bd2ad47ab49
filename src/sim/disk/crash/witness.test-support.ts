import fc from 'fast-check';
import { errnoOf } from '../../../ports/index.ts';
import { Disk } from '../disk.ts';
import { type DiskState, emptyState, rootNumber } from '../disk-state.ts';

/** A call on a path, for histories that end in a power loss. */
export type Deed =
  | {
      readonly deed: 'write';
      readonly path: string;
      readonly position: number;
      readonly length: number;
      readonly byte: number;
    }
  | { readonly deed: 'truncate'; readonly path: string; readonly length: number }
  | { readonly deed: 'sync' | 'datasync' | 'create' | 'unlink' | 'mkdir' | 'rmdir'; readonly path: string }
  | { readonly deed: 'rename'; readonly path: string; readonly to: string };

/** What one could see at one moment: node numbers by directory and name, contents by node number. */
export interface Snapshot {
  readonly names: ReadonlyMap<number, ReadonlyMap<string, number>>;
  readonly files: ReadonlyMap<number, Uint8Array>;
}

/**
 * Does deeds on a disk and writes down, in the plainest way, all that ever was to be seen and what was
 * synced when. It shares no bookkeeping with the disk: legality is judged by looking at snapshots only.
 */
export class Witness {
  readonly state: DiskState = emptyState();
  readonly disk = new Disk(this.state);
  readonly snapshots: Snapshot[] = [snapshotOf(this.state)];
  readonly deeds: Deed[] = [];
  /** By node number: the snapshot from which on the content, or the entries, may be lost. */
  readonly syncedAt = new Map<number, number>();
  /** The snapshot that an ordered journal has committed. */
  journalAt = 0;

  do(deed: Deed): void {
    const before = this.now;
    try {
      this.#attempt(deed);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return;
    }
    this.deeds.push(deed);
    this.snapshots.push(snapshotOf(this.state));
    for (const number of [...this.now.files.keys(), ...this.now.names.keys()]) {
      if (!before.files.has(number) && !before.names.has(number) && !this.syncedAt.has(number)) {
        this.syncedAt.set(number, this.snapshots.length - 1);
      }
    }
    if (deed.deed === 'sync' || deed.deed === 'datasync') this.#noteSync(deed.path, deed.deed);
  }

  get now(): Snapshot {
    return this.snapshots.at(-1) ?? snapshotOf(this.state);
  }

  /** The snapshots in which a node may be caught: from its last sync on. */
  since(number: number): readonly Snapshot[] {
    return this.snapshots.slice(this.syncedAt.get(number) ?? 0);
  }

  #attempt(deed: Deed): void {
    const { disk } = this;
    switch (deed.deed) {
      case 'write': {
        const file = disk.open(deed.path, 'r+');
        const bytes = Uint8Array.from({ length: deed.length }, (_, at) => 1 + ((deed.byte + at * 7) % 255));
        file.write(bytes, 0, deed.length, deed.position);
        return file.close();
      }
      case 'truncate': {
        const file = disk.open(deed.path, 'r+');
        file.truncate(deed.length);
        return file.close();
      }
      case 'sync':
      case 'datasync': {
        const file = disk.open(deed.path, 'r');
        file[deed.deed]();
        return file.close();
      }
      case 'create':
        return disk.open(deed.path, 'wx').close();
      case 'unlink':
        return disk.unlink(deed.path);
      case 'mkdir':
        disk.mkdir(deed.path);
        return;
      case 'rmdir':
        return disk.rmdir(deed.path);
      case 'rename':
        return disk.rename(deed.path, deed.to);
    }
  }

  #noteSync(path: string, kind: 'sync' | 'datasync'): void {
    const number = numberAt(this.now, path);
    if (number === undefined) throw new Error(`${path} was synced and is not there`);
    this.syncedAt.set(number, this.snapshots.length - 1);
    for (let at = this.snapshots.length - 1; at > this.journalAt; at--) {
      if (this.#concerns(number, at, kind)) {
        this.journalAt = at;
        break;
      }
    }
  }

  /** Whether the deed before a snapshot changed what a sync of that node has a journal commit. */
  #concerns(number: number, at: number, kind: 'sync' | 'datasync'): boolean {
    const deed = this.deeds[at - 1];
    const before = this.snapshots[at - 1];
    const after = this.snapshots[at];
    if (deed === undefined || before === undefined || after === undefined) return false;
    const isDirectory = after.names.has(number);
    if (isDirectory && !sameEntries(before.names.get(number), after.names.get(number))) return true;
    if (deed.deed === 'truncate') {
      const resized = before.files.get(number)?.length !== after.files.get(number)?.length;
      return resized && numberAt(after, deed.path) === number;
    }
    if (deed.deed === 'create' || deed.deed === 'mkdir') return numberAt(after, deed.path) === number;
    const renamed = deed.deed === 'rename' && numberAt(before, deed.path) === number;
    return renamed && (kind === 'sync' || isDirectory) && numberAt(before, deed.to) !== number;
  }
}

export function snapshotOf(state: DiskState): Snapshot {
  const names = new Map<number, ReadonlyMap<string, number>>();
  const files = new Map<number, Uint8Array>();
  const visit = (number: number): void => {
    const node = state.nodes.get(number);
    if (node?.kind === 'file') {
      const content = new Uint8Array(node.size);
      node.read(content, 0, node.size, 0);
      files.set(number, content);
    } else if (node !== undefined) {
      names.set(number, new Map(node.entries));
      for (const child of node.entries.values()) visit(child);
    }
  };
  visit(rootNumber);
  return { names, files };
}

/** The node number at a path, walked through a snapshot. */
export function numberAt(snapshot: Snapshot, path: string): number | undefined {
  let number: number | undefined = rootNumber;
  for (const part of path.split('/').filter((name) => name !== '')) {
    number = number === undefined ? undefined : snapshot.names.get(number)?.get(part);
  }
  return number;
}

function sameEntries(
  one: ReadonlyMap<string, number> | undefined,
  other: ReadonlyMap<string, number> | undefined,
): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.size === other.size && [...one].every(([name, number]) => other.get(name) === number);
}

const filePath = fc.constantFrom('/a', '/b', '/d/a', '/d/b', '/e/a');
const directoryPath = fc.constantFrom('/d', '/e', '/d/e', '/e/d');
const anyPath = fc.oneof({ weight: 4, arbitrary: filePath }, { weight: 1, arbitrary: directoryPath });
const position = fc.constantFrom(0, 1, 100, 511, 512, 600, 1024, 4090, 4096, 5000, 8192);

/** Short histories on few small files, so that pending changes pile up on the same sectors and names. */
export const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        deed: fc.constant('write' as const),
        path: filePath,
        position,
        length: fc.constantFrom(1, 10, 512, 700, 5000),
        byte: fc.nat({ max: 254 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ deed: fc.constant('truncate' as const), path: filePath, length: position }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ deed: fc.constantFrom('sync' as const, 'datasync' as const), path: filePath }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        deed: fc.constant('sync' as const),
        path: fc.oneof(directoryPath, fc.constant('/')),
      }),
    },
    { weight: 6, arbitrary: fc.record({ deed: fc.constant('create' as const), path: filePath }) },
    { weight: 3, arbitrary: fc.record({ deed: fc.constant('unlink' as const), path: filePath }) },
    {
      weight: 2,
      arbitrary: fc.record({
        deed: fc.constantFrom('mkdir' as const, 'rmdir' as const),
        path: directoryPath,
      }),
    },
    { weight: 4, arbitrary: fc.record({ deed: fc.constant('rename' as const), path: anyPath, to: anyPath }) },
  ),
  { maxLength: 25, size: 'max' },
);
