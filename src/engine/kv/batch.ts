import { equalBytes } from './bytes.ts';
import { counterBytes, decodeCounter, encodeCounter, isCounter } from './counters.ts';
import { type Found, tombstone } from './cursor.ts';
import { entryHeaderBytes, entrySize, keyBytesMax } from './entry-codec.ts';
import { StoreBatchError, StoreCounterError } from './errors.ts';
import type { Operation } from './key-value-store.ts';
import type { Memtable } from './memtable.ts';

/** A batch that was checked and copied: it can be refused only for what the store holds. */
export interface Batch {
  readonly operations: readonly Change[];
  /** The batch is applied only if the key holds this; `undefined` means absent. */
  readonly condition?: { readonly key: Uint8Array; readonly expected: Uint8Array | undefined };
  /** Size in the log at most. */
  readonly bytes: number;
}

type Change =
  | { readonly key: Uint8Array; readonly value: Uint8Array | typeof tombstone }
  | { readonly key: Uint8Array; readonly delta: bigint };

/** Throws `StoreBatchError`. */
export function batchOf(operations: readonly Operation[], batchBytesMax: number): Batch {
  const changes = operations.map(changeOf);
  const bytes = changes.reduce((sum, change) => sum + sizeOf(change), 0);
  if (bytes > batchBytesMax) {
    throw new StoreBatchError(`it has ${bytes} bytes, the limit (batchBytesMax) is ${batchBytesMax}`);
  }
  return { operations: changes, bytes };
}

/** Throws `StoreBatchError`. */
export function swapOf(
  key: Uint8Array,
  expected: Uint8Array | undefined,
  next: Uint8Array | undefined,
  batchBytesMax: number,
): Batch {
  const change: Operation = next === undefined ? { type: 'delete', key } : { type: 'put', key, value: next };
  const condition = { key: key.slice(), expected: expected?.slice() };
  return { ...batchOf([change], batchBytesMax), condition };
}

/**
 * Applies a batch to `pending`, which holds what earlier batches of the same group change; `lookup` tells
 * what the store holds below it. Increments become plain values here, under the serialisation of all
 * writes, so that the log, and its replay, know nothing of them. Returns whether the condition held;
 * when it did not, or this throws, `pending` is as it was.
 */
export async function stage(
  batch: Batch,
  pending: Memtable,
  lookup: (key: Uint8Array) => Found | Promise<Found>,
): Promise<boolean> {
  const current = (key: Uint8Array): Found | Promise<Found> => pending.lookup(key) ?? lookup(key);
  const { condition } = batch;
  if (condition !== undefined && !isExpected(await current(condition.key), condition.expected)) return false;
  const before = batch.operations.some((change) => 'delta' in change) ? pending.view() : undefined;
  try {
    for (const change of batch.operations) {
      const value = 'delta' in change ? add(await current(change.key), change.delta) : change.value;
      pending.set(change.key, value);
    }
  } catch (error) {
    if (before !== undefined) pending.restore(before);
    throw error;
  }
  return true;
}

function changeOf(operation: Operation): Change {
  const key = copyOf(operation.key, 'key', keyBytesMax);
  switch (operation.type) {
    case 'put':
      return { key, value: copyOf(operation.value, 'value', Infinity) };
    case 'delete':
      return { key, value: tombstone };
    case 'increment':
      return { key, delta: deltaOf(operation.delta) };
  }
}

function copyOf(bytes: Uint8Array, name: string, bytesMax: number): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new StoreBatchError(`a ${name} is no Uint8Array`);
  if (bytes.length > bytesMax)
    throw new StoreBatchError(`a ${name} has ${bytes.length} bytes of ${bytesMax}`);
  return bytes.slice();
}

function deltaOf(delta: bigint | number): bigint {
  if (typeof delta === 'bigint') return delta;
  if (!Number.isSafeInteger(delta)) throw new StoreBatchError(`the delta ${delta} is no safe integer`);
  return BigInt(delta);
}

function sizeOf(change: Change): number {
  if ('delta' in change) return entryHeaderBytes + change.key.length + counterBytes;
  return entrySize(change.key, change.value);
}

function isExpected(found: Found, expected: Uint8Array | undefined): boolean {
  if (expected === undefined) return found === undefined || found === tombstone;
  return found !== undefined && found !== tombstone && equalBytes(found, expected);
}

function add(found: Found, delta: bigint): Uint8Array {
  const present = found === undefined || found === tombstone ? 0n : decodeCounter(found);
  if (present === undefined) throw new StoreCounterError('an increment met a value that is no counter');
  const sum = present + delta;
  if (!isCounter(sum)) throw new StoreCounterError(`the counter would become ${sum}, beyond 128 bits`);
  return encodeCounter(sum);
}
