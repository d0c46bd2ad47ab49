import { parseBlock } from '../kv/block.ts';
import { filterHash } from '../kv/bloom-filter.ts';
import { compareBytes } from '../kv/bytes.ts';
import { tombstone } from '../kv/cursor.ts';
import type { EntryList } from '../kv/entry-codec.ts';
import type { StoreFile } from '../kv/files.ts';
import {
  decodeFooter,
  footerBytes,
  isIndexOf,
  type RunDescriptor,
  type RunSummary,
} from '../kv/run-format.ts';
import { RunIndex } from '../kv/run-index.ts';
import { damage, type Report } from './finding.ts';

/** Reads footer and index of a run that a manifest names, and reports what is wrong with them. */
export async function examineRunIndex(
  file: StoreFile,
  run: RunDescriptor,
  report: Report,
): Promise<{ readonly summary: RunSummary; readonly index: RunIndex } | undefined> {
  const refuse = (offset: number, reason: string): undefined => {
    report(damage(file.path, offset, reason));
    return undefined;
  };
  const size = await file.size();
  if (size !== run.size)
    return refuse(Math.min(size, run.size), `it has ${size} bytes, the manifest says ${run.size}`);
  const footerAt = Math.max(0, size - footerBytes);
  const footer = await file.read(footerAt, footerBytes);
  const summary = decodeFooter(footer, run);
  if (typeof summary === 'string') return refuse(footerAt, summary);
  const bytes = await file.read(summary.blocksBytes, summary.indexBytes);
  if (!isIndexOf(footer, bytes)) return refuse(summary.blocksBytes, 'the digest of the index does not match');
  const index = RunIndex.parse(bytes, summary.blocks, summary.blocksBytes);
  return typeof index === 'string' ? refuse(summary.blocksBytes, index) : { summary, index };
}

/** Reads every block of a run and reports what is wrong with them, or between them and the index. */
export async function examineBlocks(
  file: StoreFile,
  run: RunDescriptor,
  { summary, index }: { readonly summary: RunSummary; readonly index: RunIndex },
  report: Report,
): Promise<void> {
  let entries = 0;
  let tombstones = 0;
  let previous: Uint8Array | undefined;
  let isComplete = true;
  for (let block = 0; block < index.blocks; block += 1) {
    const { offset, length } = index.place(block);
    const bytes = await file.read(offset, length);
    const list =
      bytes.length < length ? 'the file ends within the block' : parseBlock(bytes, run.nonce, block);
    if (typeof list === 'string') {
      report(damage(file.path, offset, list));
      isComplete = false;
      continue;
    }
    const flaw = flawOfBlock(list, block, index, previous);
    if (flaw !== undefined) report(damage(file.path, offset, flaw));
    previous = list.key(list.count - 1);
    entries += list.count;
    for (let at = 0; at < list.count; at += 1) if (list.value(at) === tombstone) tombstones += 1;
  }
  if (isComplete && (entries !== summary.entries || tombstones !== summary.tombstones)) {
    const counted = `${entries} entries with ${tombstones} tombstones`;
    const said = `${summary.entries} with ${summary.tombstones}`;
    report(damage(file.path, run.size - footerBytes, `the blocks hold ${counted}, the footer says ${said}`));
  }
  if (previous !== undefined && isComplete && index.endsBefore(previous)) {
    report(damage(file.path, summary.blocksBytes, 'the index ends before the last key'));
  }
}

function flawOfBlock(
  list: EntryList,
  block: number,
  index: RunIndex,
  previous: Uint8Array | undefined,
): string | undefined {
  let last = previous;
  for (let at = 0; at < list.count; at += 1) {
    const key = list.key(at);
    if (last !== undefined && compareBytes(last, key) >= 0)
      return `entry ${at} is not above the one before it`;
    if (index.blockFor(key) !== block) return `the index says that entry ${at} is in another block`;
    if (!index.mayHold(block, filterHash(key))) return `the filter says that entry ${at} is not there`;
    last = key;
  }
  return undefined;
}
