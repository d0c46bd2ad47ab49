import type { FileHandle } from '../../ports/index.ts';
import { nodeStats, type NodeStats } from './node-stats.ts';

export type NodeData = string | NodeJS.ArrayBufferView;

/** Of `readFile` and `writeFile`: an encoding, or options that may name one. */
export type NodeEncoding = BufferEncoding | null | { readonly encoding?: BufferEncoding | null } | undefined;

/** Which bytes of a buffer, and where in the file; without a position, where the handle is. */
interface Range {
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  readonly position?: number | null | undefined;
}

/** As much as Node reads or writes in one call of `readFile` or `writeFile`. */
const chunkBytes = 512 * 1024;

/** What `fs.promises.open` gives, over a handle of the port: with a position, and data as Node's users have it. */
export class NodeFileHandle {
  readonly fd: number;
  readonly #handle: FileHandle;
  readonly #onClose: () => void;
  #position = 0;

  constructor(handle: FileHandle, fd: number, onClose: () => void) {
    this.#handle = handle;
    this.fd = fd;
    this.#onClose = onClose;
  }

  /** `read(buffer, offset, length, position)`, `read(buffer, range)` or `read({ buffer, ...range })`. */
  async read(
    into: Uint8Array | (Range & { readonly buffer?: Uint8Array }) = {},
    offset: number | Range = {},
    length?: number,
    position?: number | null,
  ): Promise<{ bytesRead: number; buffer: Uint8Array }> {
    const buffer = into instanceof Uint8Array ? into : (into.buffer ?? Buffer.alloc(16_384));
    const range = into instanceof Uint8Array ? rangeOf(offset, length, position) : into;
    const from = range.offset ?? 0;
    const at = range.position ?? this.#position;
    const { bytesRead } = await this.#handle.read(buffer, from, range.length ?? buffer.byteLength - from, at);
    if ((range.position ?? null) === null) this.#position = at + bytesRead;
    return { bytesRead, buffer };
  }

  /** `write(buffer, offset, length, position)`, `write(buffer, range)` or `write(text, position, encoding)`. */
  async write<Data extends NodeData>(
    data: Data,
    second?: number | null | Range,
    third?: number | BufferEncoding | null,
    fourth?: number | null,
  ): Promise<{ bytesWritten: number; buffer: Data }> {
    const isText = typeof data === 'string';
    const bytes = bytesOf(data, isText && typeof third === 'string' ? third : undefined);
    const position = typeof second === 'number' ? second : null;
    const range = isText
      ? { position }
      : rangeOf(second, typeof third === 'number' ? third : undefined, fourth);
    const from = range.offset ?? 0;
    const at = range.position ?? this.#position;
    const { bytesWritten } = await this.#handle.write(
      bytes,
      from,
      range.length ?? bytes.byteLength - from,
      at,
    );
    if ((range.position ?? null) === null) this.#position = at + bytesWritten;
    return { bytesWritten, buffer: data };
  }

  async readFile(options?: NodeEncoding): Promise<string | Buffer> {
    const { size } = await this.#handle.stat();
    const chunks: Buffer[] = [];
    for (;;) {
      const buffer = Buffer.alloc(Math.min(chunkBytes, Math.max(1, size - this.#position)));
      const { bytesRead } = await this.read(buffer);
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
    }
    const bytes = Buffer.concat(chunks);
    const encoding = encodingOf(options);
    return encoding === undefined ? bytes : bytes.toString(encoding);
  }

  /** From where the handle is; as in Node it neither cuts the file first nor syncs it. */
  async writeFile(data: NodeData, options?: NodeEncoding): Promise<void> {
    const bytes = bytesOf(data, encodingOf(options));
    for (let written = 0; written < bytes.byteLength;) {
      const length = Math.min(chunkBytes, bytes.byteLength - written);
      written += (await this.write(bytes, written, length)).bytesWritten;
    }
  }

  appendFile(data: NodeData, options?: NodeEncoding): Promise<void> {
    return this.writeFile(data, options);
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  datasync(): Promise<void> {
    return this.#handle.datasync();
  }

  truncate(length = 0): Promise<void> {
    return this.#handle.truncate(length);
  }

  async stat(): Promise<NodeStats> {
    return nodeStats(await this.#handle.stat());
  }

  /** Modes, owners and times are not simulated: this and the next two change nothing. */
  async chmod(): Promise<void> {
    await this.#handle.stat();
  }

  async chown(): Promise<void> {
    await this.#handle.stat();
  }

  async utimes(): Promise<void> {
    await this.#handle.stat();
  }

  async close(): Promise<void> {
    this.#onClose();
    await this.#handle.close();
  }
}

export function encodingOf(options: NodeEncoding): BufferEncoding | undefined {
  const encoding = typeof options === 'string' ? options : options?.encoding;
  return encoding ?? undefined;
}

function bytesOf(data: NodeData, encoding: BufferEncoding = 'utf8'): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, encoding);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function rangeOf(
  offset: number | null | Range | undefined,
  length?: number,
  position?: number | null,
): Range {
  return typeof offset === 'object' && offset !== null ? offset : { offset: offset ?? 0, length, position };
}
