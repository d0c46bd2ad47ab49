import type { FileHandle } from '../../ports/index.ts';
import { readFully } from './files.ts';

/** Sequential reading of a file in chunks. Chunks are never reused, so views into them stay valid. */
export class FileWindow {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #chunkBytes: number;
  #chunk: Uint8Array = new Uint8Array(0);
  #start = 0;

  constructor(handle: FileHandle, path: string, chunkBytes: number) {
    this.#handle = handle;
    this.path = path;
    this.#chunkBytes = chunkBytes;
  }

  /** A view of what is in memory from `position` on; empty when nothing is. */
  peek(position: number): Uint8Array {
    const at = position - this.#start;
    return at >= 0 && at < this.#chunk.length ? this.#chunk.subarray(at) : empty;
  }

  /**
   * A view of at least `length` bytes from `position` on; fewer only where the file ends. When it has to
   * read, it asks for a chunk, though for nothing from `limit` on. Rejects with `WalIoError`; the next
   * call may succeed.
   */
  async load(position: number, length: number, limit: number = Infinity): Promise<Uint8Array> {
    const present = this.peek(position);
    if (present.length >= length) return present;
    const wanted = Math.max(length, Math.min(this.#chunkBytes, limit - position));
    const chunk = new Uint8Array(wanted);
    const count = await readFully(this.#handle, this.path, chunk, position);
    this.#chunk = count === wanted ? chunk : chunk.subarray(0, count);
    this.#start = position;
    return this.#chunk;
  }
}

const empty = new Uint8Array(0);
