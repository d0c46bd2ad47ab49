import type { Sites } from '../../ports/index.ts';
import { BlockBuilder } from './block.ts';
import { type Cursor, tombstone } from './cursor.ts';
import { entrySize } from './entry-codec.ts';
import { StoreClosedError } from './errors.ts';
import { type StoreDirectory, type StoreFile, withOpen } from './files.ts';
import { runName } from './names.ts';
import { encodeFooter, type RunDescriptor, type RunSummary } from './run-format.ts';
import { RunIndexBuilder } from './run-index.ts';

/** Blocks are gathered to writes of about this size. */
const writeBytes = 128 * 1024;

export interface RunWriteOptions {
  readonly blockBytes: number;
  /** `false` when no older run is left in which a tombstone could hide something. */
  readonly keepTombstones: boolean;
  readonly sites: Sites;
  /** Asked once a write; `true` ends the work with `StoreClosedError`. */
  isCancelled(): boolean;
}

/**
 * Writes what `cursor` still holds as a new run; it is durable, its name included, when this resolves.
 * Resolves `undefined`, having written nothing, when no entry is left to write. After a rejection a
 * partial file may be there; no manifest names it, so that recovery takes it away.
 */
export async function writeRun(
  directory: StoreDirectory,
  run: Pick<RunDescriptor, 'id' | 'nonce'>,
  cursor: Cursor,
  options: RunWriteOptions,
): Promise<RunDescriptor | undefined> {
  if (!options.keepTombstones) await skipTombstones(cursor);
  if (cursor.key === undefined) return undefined;
  const size = await withOpen(await directory.create(runName(run.id)), async (file) => {
    const written = await new RunWriter(file, run, options).writeAll(cursor);
    // A manifest is about to name this run, and log and older runs will go because it is there.
    await file.sync();
    return written;
  });
  // The manifest's own name could become durable before this one, and would then name a missing run.
  await directory.syncNames();
  return { id: run.id, nonce: run.nonce, size };
}

class RunWriter {
  readonly #file: StoreFile;
  readonly #run: Pick<RunDescriptor, 'id' | 'nonce'>;
  readonly #options: RunWriteOptions;
  readonly #block = new BlockBuilder();
  readonly #index = new RunIndexBuilder();
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #position = 0;
  #entries = 0;
  #tombstones = 0;

  constructor(file: StoreFile, run: Pick<RunDescriptor, 'id' | 'nonce'>, options: RunWriteOptions) {
    this.#file = file;
    this.#run = run;
    this.#options = options;
  }

  /** Returns the size of the file. */
  async writeAll(cursor: Cursor): Promise<number> {
    while (cursor.key !== undefined) {
      if (cursor.value !== tombstone || this.#options.keepTombstones) {
        this.#add(cursor.key, cursor.value);
        if (this.#pendingBytes >= writeBytes || this.#isPiecemeal) await this.#flush();
      }
      const pending = cursor.advance();
      if (pending !== undefined) await pending;
    }
    this.#finishBlock();
    const blocksBytes = this.#position + this.#pendingBytes;
    const index = this.#index.finish();
    const summary: RunSummary = {
      entries: this.#entries,
      tombstones: this.#tombstones,
      blocksBytes,
      blocks: this.#index.blocks,
      indexBytes: index.length,
    };
    this.#push(index);
    this.#push(encodeFooter(this.#run, summary, index));
    await this.#flush();
    return this.#position;
  }

  get #isPiecemeal(): boolean {
    return this.#pendingBytes > 0 && this.#options.sites.fires('kv.write-piecemeal');
  }

  #add(key: Uint8Array, value: Uint8Array | typeof tombstone): void {
    const block = this.#block;
    const { blockBytes, sites } = this.#options;
    const isFull = block.bytes + entrySize(key, value) > blockBytes;
    if (block.keys.length > 0 && (isFull || sites.fires('kv.block-early'))) this.#finishBlock();
    block.add(key, value);
    this.#entries += 1;
    if (value === tombstone) this.#tombstones += 1;
  }

  #finishBlock(): void {
    const keys = this.#block.keys.slice();
    const bytes = this.#block.finish(this.#run.nonce, this.#index.blocks);
    this.#index.addBlock(bytes.length, keys);
    this.#push(bytes);
  }

  #push(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  async #flush(): Promise<void> {
    if (this.#options.isCancelled()) throw new StoreClosedError();
    const chunk = new Uint8Array(this.#pendingBytes);
    let at = 0;
    for (const part of this.#pending) {
      chunk.set(part, at);
      at += part.length;
    }
    this.#pending = [];
    this.#pendingBytes = 0;
    await this.#file.write(chunk, this.#position);
    this.#position += chunk.length;
  }
}

async function skipTombstones(cursor: Cursor): Promise<void> {
  while (cursor.key !== undefined && cursor.value === tombstone) await cursor.advance();
}
