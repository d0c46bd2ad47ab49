import type { ByteRange, FileLoss, LossRange } from '../../trace/index.ts';
import { type DiskState, pathOf } from '../disk-state.ts';
import type { FileNode } from '../file-node.ts';
import { pageOf, pageSectors, pageSizeBytes, sectorSizeBytes } from '../page-table.ts';
import { durablePage } from '../stale-pages.ts';
import { rangeIn } from './sector-history.ts';

/**
 * What became of every byte that was not durable: found by comparing the disk before a power loss with the disk
 * after it, and so a second opinion on the `CrashReport`. Files that had nothing pending and are still there are
 * left out.
 */
export function fileLosses(before: DiskState, after: DiskState): FileLoss[] {
  const losses: FileLoss[] = [];
  for (const node of before.nodes.values()) {
    if (node.kind === 'directory') continue;
    const left = after.nodes.get(node.number);
    const image = left?.kind === 'file' ? left : undefined;
    if (image !== undefined && node.changes.length === 0 && node.stale.size === 0) continue;
    losses.push({
      path: pathOf(before, node),
      sizeBefore: node.size,
      sizeAfter: image?.size ?? null,
      ranges: image === undefined ? wholly('lost', node.size) : rangesOf(node, image),
    });
  }
  return losses.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function wholly(fate: LossRange['fate'], size: number): LossRange[] {
  return size === 0 ? [] : [{ from: 0, to: size, fate }];
}

function rangesOf(file: FileNode, image: FileNode): LossRange[] {
  const end = Math.max(file.size, image.size);
  const ranges: LossRange[] = [];
  const add = (from: number, to: number, fate: LossRange['fate']): void => {
    const last = ranges.at(-1);
    if (from >= to) return;
    if (last?.fate === fate) ranges[ranges.length - 1] = { ...last, to };
    else ranges.push({ from, to, fate });
  };
  /** Where nothing was written. Where the file only grew across it, its bytes are as durable as its size. */
  const addUntouched = (from: number, to: number): void => {
    const within = (at: number): number => Math.min(Math.max(at, from), to);
    const durableTo = within(Math.min(file.durableSize, image.size));
    const keptTo = within(image.size);
    // A tear may take bytes of its sector along that were durable.
    const isWhole = from >= durableTo || fateOf(file, image, from, durableTo) === 'kept';
    add(from, durableTo, isWhole ? 'durable' : 'torn');
    if (durableTo < keptTo) add(durableTo, keptTo, fateOf(file, image, durableTo, keptTo));
    add(keptTo, to, 'lost');
  };
  for (let start = 0; start < end; start += sectorSizeBytes) {
    const stop = Math.min(start + sectorSizeBytes, end);
    const touched = touchedPart(file, start / sectorSizeBytes);
    const from = Math.min(start + touched.from, stop);
    const to = Math.min(start + touched.to, stop);
    if (from >= to) {
      addUntouched(start, stop);
      continue;
    }
    const reach = Math.max(from, Math.min(to, image.size));
    addUntouched(start, from);
    add(from, reach, fateOf(file, image, from, reach));
    add(reach, to, 'lost');
    addUntouched(to, stop);
  }
  return ranges;
}

/** The least part of a sector that holds all that was pending in it. */
function touchedPart(file: FileNode, sector: number): { readonly from: number; readonly to: number } {
  if (file.stale.has(Math.floor(sector / pageSectors))) return { from: 0, to: sectorSizeBytes };
  let from = sectorSizeBytes;
  let to = 0;
  for (const change of file.changes) {
    const range = rangeIn(sector, change);
    if (range.from >= range.to) continue;
    from = Math.min(from, range.from);
    to = Math.max(to, range.to);
  }
  return { from, to };
}

function fateOf(file: FileNode, image: FileNode, from: number, to: number): LossRange['fate'] {
  const length = to - from;
  const newest = new Uint8Array(length);
  const left = new Uint8Array(length);
  file.pages.read(newest, 0, from, to);
  image.pages.read(left, 0, from, to);
  if (isSame(newest, left)) return 'kept';
  const page = pageOf(from);
  const onDisk = file.stale.get(page) ?? durablePage(file, page);
  const offset = from - page * pageSizeBytes;
  return isSame(onDisk.subarray(offset, offset + length), left) ? 'lost' : 'torn';
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, index) => byte === other[index]);
}

/** Bytes of a file that a power loss may take: of each the range that is written and not durable, counted once. */
export function unsyncedBytesOf(file: FileNode): number {
  return unsyncedRangesOf(file).reduce((bytes, [from, to]) => bytes + to - from, 0);
}

/** Where these bytes are: ascending, apart. */
export function unsyncedRangesOf(file: FileNode): ByteRange[] {
  const pending = file.changes
    .map((change): ByteRange =>
      change.kind === 'write'
        ? [change.start, Math.min(change.end, file.size)]
        : [change.sizeBefore, Math.min(change.sizeAfter, file.size)],
    )
    .sort(([one], [other]) => one - other);
  const ranges: ByteRange[] = [];
  for (const [from, to] of pending) {
    if (from >= to) continue;
    const last = ranges.at(-1);
    if (last === undefined || from > last[1]) ranges.push([from, to]);
    else if (to > last[1]) ranges[ranges.length - 1] = [last[0], to];
  }
  return ranges;
}
