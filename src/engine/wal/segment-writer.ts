import type { FileHandle } from '../../ports/index.ts';
import type { JournalDirectory } from './directory.ts';
import { WalIoError } from './errors.ts';
import { closeFile, uninterrupted, writeFully } from './files.ts';
import { encodeHeader, recordsAt, type SegmentHeader } from './segment-header.ts';
import { segmentName } from './segment-name.ts';

/** A segment that this process made: only the process that made one ever writes to it. */
export class SegmentWriter {
  readonly header: SegmentHeader;
  readonly path: string;
  readonly #handle: FileHandle;
  #position: number;

  private constructor(header: SegmentHeader, path: string, handle: FileHandle) {
    this.header = header;
    this.path = path;
    this.#handle = handle;
    this.#position = recordsAt(header);
  }

  /**
   * Makes a segment that is durable in full, its name included, when this resolves.
   *
   * `carry` appends the records that it begins with. They are durable before the header is written, so
   * that a file with a header has all of them, and a file without one was never part of the log.
   */
  static async create(
    directory: JournalDirectory,
    header: SegmentHeader,
    carry?: (writer: SegmentWriter) => Promise<void>,
  ): Promise<SegmentWriter> {
    const path = directory.pathOf(segmentName(header));
    const writer = new SegmentWriter(header, path, await createFile(directory, path));
    try {
      if (carry !== undefined) {
        await carry(writer);
        await writer.sync('carried records of');
      }
      await writer.#writeHeader();
      await writer.sync('header of');
      await directory.sync();
    } catch (error) {
      // The first error is the one to tell. The file stays: the next recovery knows what to make of it.
      await writer.close();
      throw error;
    }
    return writer;
  }

  /** Bytes of the file so far. */
  get position(): number {
    return this.#position;
  }

  /** Whether it holds a record. */
  get hasRecords(): boolean {
    return this.#position > recordsAt(this.header);
  }

  /** Appends the first `length` bytes; visible when it resolves, durable after the next sync. */
  async append(bytes: Uint8Array, length: number): Promise<void> {
    await writeFully(this.#handle, this.path, bytes, length, this.#position);
    this.#position += length;
  }

  /** Makes what was appended durable. `what` is for the message of a failure. */
  async datasync(what: string): Promise<void> {
    try {
      await this.#handle.datasync();
    } catch (error) {
      throw new WalIoError(`sync the ${what}`, this.path, error);
    }
  }

  /** As `datasync`, for a file that is new. */
  async sync(what: string): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (error) {
      throw new WalIoError(`sync the ${what}`, this.path, error);
    }
  }

  async close(): Promise<void> {
    await closeFile(this.#handle);
  }

  async #writeHeader(): Promise<void> {
    const sectors = encodeHeader(this.header);
    await writeFully(this.#handle, this.path, sectors, sectors.length, 0);
  }
}

async function createFile(directory: JournalDirectory, path: string): Promise<FileHandle> {
  try {
    return await uninterrupted(() => directory.fs.open(path, 'wx'));
  } catch (error) {
    throw new WalIoError('create', path, error);
  }
}
