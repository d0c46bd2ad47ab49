import type { Parked, Scheduler, Sites } from '../../ports/index.ts';
import { parseBlock } from './block.ts';
import type { BlockCache } from './block-cache.ts';
import { type Cursor, type Found, tombstone } from './cursor.ts';
import type { EntryList } from './entry-codec.ts';
import { StoreClosedError, StoreCorruptError, StoreIoError } from './errors.ts';
import { type StoreDirectory, type StoreFile } from './files.ts';
import { runName } from './names.ts';
import type { KeyRange } from './key-range.ts';
import { decodeFooter, footerBytes, isIndexOf, type RunDescriptor, type RunSummary } from './run-format.ts';
import { RunIndex } from './run-index.ts';

/** What all runs of a store share. */
export interface RunContext {
  readonly directory: StoreDirectory;
  readonly cache: BlockCache;
  readonly scheduler: Scheduler;
  readonly sites: Sites;
  /** Every run whose handle is open, so that closing the store finds them all. */
  readonly openRuns: Set<RunReader>;
}

/** An open run: one handle and the index in memory. Counts who uses it; see `RunSet`. */
export class RunReader {
  readonly descriptor: RunDescriptor;
  readonly summary: RunSummary;
  readonly #context: RunContext;
  readonly #file: StoreFile;
  readonly #index: RunIndex;
  #users = 0;
  #reading = 0;
  #closed = false;
  #lastRead: Parked<void> | undefined;

  private constructor(
    context: RunContext,
    descriptor: RunDescriptor,
    summary: RunSummary,
    file: StoreFile,
    index: RunIndex,
  ) {
    this.#context = context;
    this.descriptor = descriptor;
    this.summary = summary;
    this.#file = file;
    this.#index = index;
    context.openRuns.add(this);
  }

  /** Opens a run that a manifest names. Rejects with `StoreCorruptError` when it is not there as named. */
  static async open(context: RunContext, descriptor: RunDescriptor): Promise<RunReader> {
    const file = await openNamed(context.directory, descriptor);
    try {
      const { summary, index } = await readIndex(file, descriptor);
      return new RunReader(context, descriptor, summary, file, index);
    } catch (error) {
      // The first failure is the one to report.
      await file.close().catch(() => undefined);
      throw error;
    }
  }

  /** Bytes of memory that the run needs while it is open. */
  get indexBytes(): number {
    return this.#index.bytes;
  }

  /** What the run says of a key with this filter hash; a promise only when a block has to be read. */
  lookup(key: Uint8Array, hash: number): Found | Promise<Found> {
    const index = this.#index;
    const block = index.blockFor(key);
    if (block < 0 || index.endsBefore(key)) return undefined;
    const { cache, sites } = this.#context;
    if (!index.mayHold(block, hash) && !sites.fires('kv.filter-says-maybe')) return undefined;
    const cached = sites.fires('kv.read-block-again') ? undefined : cache.get(this.descriptor.id, block);
    return cached === undefined ? this.#readAndFind(block, key) : find(cached, key);
  }

  /** Walks the keys in [from, to), reading no block that has none of them but, at times, one. */
  async cursor(range: KeyRange, isCached: boolean): Promise<Cursor> {
    const index = this.#index;
    const { from, to } = range;
    const first = from === undefined ? 0 : Math.max(0, index.blockFor(from));
    const end = to === undefined ? index.blocks : index.blockFor(to) + 1;
    const isEmpty = from !== undefined && index.endsBefore(from);
    const cursor = new RunCursor(isEmpty ? 0 : end, (block) => this.#entriesOf(block, isCached));
    await cursor.seek(first, from);
    return cursor;
  }

  retain(): void {
    this.#users += 1;
  }

  /** Returns whether that was the last user. */
  release(): boolean {
    this.#users -= 1;
    return this.#users === 0;
  }

  /** Waits for reads under way; later ones reject with `StoreClosedError`. May be called again. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#context.openRuns.delete(this);
    if (this.#reading > 0) {
      this.#lastRead = this.#context.scheduler.park(`reads of ${this.#file.path}`);
      await this.#lastRead.promise;
    }
    await this.#file.close();
  }

  async #readAndFind(block: number, key: Uint8Array): Promise<Found> {
    return find(await this.#readBlock(block, true), key);
  }

  async #entriesOf(block: number, isCached: boolean): Promise<EntryList> {
    const { cache } = this.#context;
    const { id } = this.descriptor;
    const cached = isCached ? cache.get(id, block) : cache.peek(id, block);
    return cached ?? this.#readBlock(block, isCached);
  }

  async #readBlock(block: number, isCached: boolean): Promise<EntryList> {
    const { offset, length } = this.#index.place(block);
    const bytes = await this.#read(offset, length);
    const entries = parseBlock(bytes, this.descriptor.nonce, block);
    if (typeof entries === 'string') throw new StoreCorruptError(this.#file.path, offset, entries);
    const { cache, sites } = this.#context;
    if (isCached && !sites.fires('kv.cache-nothing')) cache.add(this.descriptor.id, block, entries);
    return entries;
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    if (this.#closed) throw new StoreClosedError();
    this.#reading += 1;
    try {
      const bytes = await this.#file.read(offset, length);
      if (bytes.length < length) {
        throw new StoreCorruptError(this.#file.path, offset + bytes.length, 'the file ends within a block');
      }
      return bytes;
    } finally {
      this.#reading -= 1;
      if (this.#reading === 0) this.#lastRead?.wake();
    }
  }
}

class RunCursor implements Cursor {
  /** The first block that is not read. */
  readonly #end: number;
  readonly #load: (block: number) => Promise<EntryList>;
  #block = 0;
  #entries: EntryList | undefined;
  #at = 0;
  key: Uint8Array | undefined;
  value: Uint8Array | typeof tombstone = tombstone;

  constructor(end: number, load: (block: number) => Promise<EntryList>) {
    this.#end = end;
    this.#load = load;
  }

  async seek(block: number, from: Uint8Array | undefined): Promise<void> {
    if (block >= this.#end) return;
    this.#block = block;
    this.#entries = await this.#load(block);
    this.#at = from === undefined ? 0 : this.#entries.lowerBound(from);
    await this.#settle();
  }

  advance(): Promise<void> | undefined {
    this.#at += 1;
    return this.#settle();
  }

  #settle(): Promise<void> | undefined {
    const entries = this.#entries;
    if (entries !== undefined && this.#at < entries.count) {
      this.key = entries.key(this.#at);
      this.value = entries.value(this.#at);
      return undefined;
    }
    this.#entries = undefined;
    this.key = undefined;
    const next = this.#block + 1;
    return next < this.#end ? this.seek(next, undefined) : undefined;
  }
}

function find(entries: EntryList, key: Uint8Array): Found {
  const at = entries.lowerBound(key);
  return at < entries.count && entries.compare(at, key) === 0 ? entries.value(at) : undefined;
}

async function openNamed(directory: StoreDirectory, { id }: RunDescriptor): Promise<StoreFile> {
  try {
    return await directory.open(runName(id));
  } catch (error) {
    if (!(error instanceof StoreIoError) || error.errno !== 'ENOENT') throw error;
    throw new StoreCorruptError(
      directory.pathOf(runName(id)),
      0,
      'the manifest names this run, it is missing',
    );
  }
}

async function readIndex(
  file: StoreFile,
  descriptor: RunDescriptor,
): Promise<{ summary: RunSummary; index: RunIndex }> {
  const size = await file.size();
  if (size !== descriptor.size) {
    throw new StoreCorruptError(
      file.path,
      0,
      `the file has ${size} bytes, the manifest says ${descriptor.size}`,
    );
  }
  const footerAt = Math.max(0, size - footerBytes);
  const footer = await file.read(footerAt, footerBytes);
  const summary = decodeFooter(footer, descriptor);
  if (typeof summary === 'string') throw new StoreCorruptError(file.path, footerAt, summary);
  const indexAt = summary.blocksBytes;
  const bytes = await file.read(indexAt, summary.indexBytes);
  if (!isIndexOf(footer, bytes)) {
    throw new StoreCorruptError(file.path, indexAt, 'the digest of the index does not match');
  }
  const index = RunIndex.parse(bytes, summary.blocks, summary.blocksBytes);
  if (typeof index === 'string') throw new StoreCorruptError(file.path, indexAt, index);
  return { summary, index };
}
