import { crc32c } from '../../crypto/index.ts';
import type { FileHandle, FileStat, ReadResult, WriteResult } from '../../ports/index.ts';
import { errno } from './errno.ts';
import type { OpenFile } from './open-file.ts';
import { type FileSystemCall, type SimFileSystem, statChecksum } from './sim-file-system.ts';

/**
 * A handle of one process, with the manners of Node's: arguments are checked and a closed handle refused
 * at the call, not when it takes effect; `close` waits for calls under way; a second `close` does nothing.
 */
export class SimFileHandle implements FileHandle {
  readonly #fileSystem: SimFileSystem;
  readonly #file: OpenFile;
  readonly #onClose: () => void;
  #callsUnderWay = 0;
  #closing: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;
  #closed = false;

  constructor(fileSystem: SimFileSystem, file: OpenFile, onClose: () => void) {
    this.#fileSystem = fileSystem;
    this.#file = file;
    this.#onClose = onClose;
  }

  get path(): string {
    return this.#file.path;
  }

  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<ReadResult> {
    const call = this.#call('read', length, position);
    return this.#perform(
      call,
      () => ({ bytesRead: this.#file.read(buffer, offset, call.length, position) }),
      ({ bytesRead }) => crc32c(buffer, offset, offset + bytesRead),
      () => this.#check('read', buffer, offset, length, position),
    );
  }

  /** Of an empty buffer Node writes nothing, whatever else is wrong. */
  write(buffer: Uint8Array, offset: number, length: number, position: number): Promise<WriteResult> {
    const call = this.#call('write', length, position);
    const empty = buffer.byteLength === 0;
    return this.#perform(
      call,
      () => ({ bytesWritten: empty ? 0 : this.#file.write(buffer, offset, call.length, position) }),
      ({ bytesWritten }) => crc32c(buffer, offset, offset + bytesWritten),
      () => this.#check('write', buffer, offset, length, position),
    );
  }

  sync(): Promise<void> {
    return this.#perform(this.#call('fsync'), () => this.#file.sync());
  }

  datasync(): Promise<void> {
    return this.#perform(this.#call('fdatasync'), () => this.#file.datasync());
  }

  truncate(length: number): Promise<void> {
    return this.#perform(
      this.#call('ftruncate'),
      () => this.#file.truncate(Math.max(0, length)),
      () => length >>> 0,
      () => checkInteger('len', length, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    );
  }

  stat(): Promise<FileStat> {
    const call = this.#call('fstat');
    return this.#perform(call, () => this.#file.stat(), statChecksum);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closing ??= this.#close();
    await this.#closing;
  }

  /** Closes it at once, whatever is under way: its process is gone. */
  abandon(): void {
    this.#closed = true;
    this.#file.close();
  }

  #check(
    syscall: 'read' | 'write',
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): void {
    if (buffer.byteLength > this.#fileSystem.bufferBytesMax) throw errno('ENOMEM', syscall);
    checkRange(buffer, offset, length, position);
  }

  #call(operation: FileSystemCall['operation'], length = 0, position = 0): FileSystemCall {
    return { operation, path: this.path, length, position, file: this.#file };
  }

  async #close(): Promise<void> {
    if (this.#callsUnderWay > 0) {
      const idle = this.#fileSystem.park(`calls under way on ${this.path} before it closes`);
      this.#whenIdle = () => idle.wake();
      await idle.promise;
    }
    this.#closed = true;
    await this.#fileSystem.perform(this.#call('close'), () => {
      this.#file.close();
      this.#onClose();
    });
  }

  async #perform<T>(
    call: FileSystemCall,
    effect: () => T,
    fingerprint?: (result: T) => number,
    checkArguments?: () => void,
  ): Promise<T> {
    if (this.#closed) {
      throw Object.assign(new Error('file closed'), { code: 'EBADF', syscall: call.operation });
    }
    checkArguments?.();
    this.#callsUnderWay += 1;
    try {
      return await this.#fileSystem.perform(call, effect, fingerprint);
    } finally {
      this.#callsUnderWay -= 1;
      if (this.#callsUnderWay === 0) this.#whenIdle?.();
    }
  }
}

function checkRange(buffer: Uint8Array, offset: number, length: number, position: number): void {
  checkInteger('offset', offset, 0, buffer.byteLength);
  checkInteger('length', length, 0, buffer.byteLength - offset);
  checkInteger('position', position, 0, Number.MAX_SAFE_INTEGER);
}

function checkInteger(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const message = `The value of "${name}" is out of range. It must be an integer from ${min} to ${max}. Received ${value}`;
  throw Object.assign(new RangeError(message), { code: 'ERR_OUT_OF_RANGE' });
}
