import { crc32c } from '../../crypto/index.ts';
import type {
  FileHandle,
  FileStat,
  FileSystem,
  MakeDirectoryOptions,
  OpenFlags,
  Parked,
} from '../../ports/index.ts';
import { SimulationError } from '../errors.ts';
import type { Device } from '../schedule/device.ts';
import type { Disk } from './disk.ts';
import type { OpenFile } from './open-file.ts';
import { SimFileHandle } from './sim-file-handle.ts';

/** One call of a process, on its way to the disk. Operations are named by their system call. */
export interface FileSystemCall {
  readonly operation:
    | 'open'
    | 'readdir'
    | 'mkdir'
    | 'rename'
    | 'unlink'
    | 'rmdir'
    | 'stat'
    | 'read'
    | 'write'
    | 'fsync'
    | 'fdatasync'
    | 'ftruncate'
    | 'fstat'
    | 'close';
  /** As the process gave it; of a call on a handle, what that was opened with. */
  readonly path: string;
  /** Of `read` and `write`: bytes. Lowering it makes the call a short one. */
  length: number;
  /** Of `read` and `write`: bytes from the start of the file. */
  readonly position?: number;
  /** Of calls on a handle. */
  readonly file?: OpenFile;
  /** Of `open`. */
  readonly flags?: OpenFlags;
  /** Of `mkdir`: parents that are missing are made too. */
  readonly recursive?: boolean;
  /** Of `rename`: the new name. */
  readonly to?: string;
}

/**
 * Stands between each call and its effect, in the step in which the effect happens: the place for faults.
 * It returns what `effect` returned, throws in its place (see `errno`), or lowers `call.length` first. On
 * Linux a `close` that fails has closed all the same: run `effect`, then throw.
 */
export type Intercept = <T>(call: FileSystemCall, effect: () => T) => T;

/** How many virtual microseconds a call waits before it is queued, in addition to what the device takes. */
export type Delay = (call: FileSystemCall) => number;

/** A device that can also let the current task wait, as the kernel does. */
export type FileSystemDevice = Device & {
  park?<T>(waitingFor: string): Parked<T>;
  timer?(durationMicros: number): { readonly fired: Promise<boolean> };
};

/**
 * The file system port of one process: each call becomes an operation of the device, and takes effect on
 * the disk in the step in which the device delivers it. What a process has open dies with it, so there is
 * one of these a process, and the next process gets a new one over the same disk.
 */
export class SimFileSystem implements FileSystem {
  readonly #disk: Disk;
  readonly #device: FileSystemDevice;
  readonly #intercept: Intercept | undefined;
  readonly #delay: Delay | undefined;
  /** By handle number: the lowest free one, as Linux numbers descriptors. */
  readonly #handles: (SimFileHandle | undefined)[] = [];
  /** A process that hands over a larger buffer has more in memory than its machine has. */
  readonly bufferBytesMax: number;
  #abandoned = false;

  constructor(
    disk: Disk,
    device: FileSystemDevice,
    intercept?: Intercept,
    delay?: Delay,
    bufferBytesMax: number = Infinity,
  ) {
    this.bufferBytesMax = bufferBytesMax;
    this.#disk = disk;
    this.#device = device;
    this.#intercept = intercept;
    this.#delay = delay;
  }

  open(path: string, flags: OpenFlags, _mode?: number): Promise<FileHandle> {
    return this.perform({ operation: 'open', path, length: 0, flags }, () => {
      const file = this.#disk.open(path, flags);
      const free = this.#handles.indexOf(undefined);
      const number = free < 0 ? this.#handles.length : free;
      const handle = new SimFileHandle(this, file, () => {
        this.#handles[number] = undefined;
      });
      this.#handles[number] = handle;
      return handle;
    });
  }

  readdir(path: string): Promise<string[]> {
    return this.perform(
      { operation: 'readdir', path, length: 0 },
      () => this.#disk.readdir(path),
      (names) => textChecksum(names.join('/')),
    );
  }

  mkdir(path: string, options?: MakeDirectoryOptions): Promise<string | undefined> {
    return this.perform(
      { operation: 'mkdir', path, length: 0, recursive: options?.recursive === true },
      () => this.#disk.mkdir(path, options),
      (first) => textChecksum(first ?? ''),
    );
  }

  rename(from: string, to: string): Promise<void> {
    return this.perform(
      { operation: 'rename', path: from, length: 0, to },
      () => this.#disk.rename(from, to),
      () => textChecksum(to),
    );
  }

  unlink(path: string): Promise<void> {
    return this.perform({ operation: 'unlink', path, length: 0 }, () => this.#disk.unlink(path));
  }

  rmdir(path: string): Promise<void> {
    return this.perform({ operation: 'rmdir', path, length: 0 }, () => this.#disk.rmdir(path));
  }

  stat(path: string): Promise<FileStat> {
    return this.perform({ operation: 'stat', path, length: 0 }, () => this.#disk.stat(path), statChecksum);
  }

  /** Paths of what is open, one for each handle. */
  openHandles(): readonly string[] {
    return this.#handles.flatMap((handle) => (handle === undefined ? [] : [handle.path]));
  }

  /**
   * The process was killed: its handles are gone, files without a name are freed. What it wrote stays in
   * the disk's volatile image. No operation of it may be delivered afterwards.
   */
  abandon(): void {
    if (this.#abandoned) return;
    this.#abandoned = true;
    for (const handle of this.#handles) handle?.abandon();
    this.#handles.length = 0;
  }

  /** Queues one call on the device. (For handles; not part of the port.) */
  perform<T>(call: FileSystemCall, effect: () => T, fingerprint?: (result: T) => number): Promise<T> {
    const delayMicros = this.#delay?.(call) ?? 0;
    if (delayMicros === 0 || this.#device.timer === undefined) return this.#queue(call, effect, fingerprint);
    return this.#device.timer(delayMicros).fired.then(() => this.#queue(call, effect, fingerprint));
  }

  #queue<T>(call: FileSystemCall, effect: () => T, fingerprint?: (result: T) => number): Promise<T> {
    return this.#device.perform(
      call.operation,
      call.path,
      () => {
        if (this.#abandoned) {
          throw new SimulationError(
            'SIM_PROCESS_GONE',
            `${call.operation} "${call.path}" was delivered after its process was killed. The kernel must drop what a dead process asked for.`,
          );
        }
        return this.#intercept === undefined ? effect() : this.#intercept(call, effect);
      },
      fingerprint,
    );
  }

  /** Lets the current task wait. (For handles; not part of the port.) */
  park(waitingFor: string): Pick<Parked<void>, 'promise' | 'wake'> {
    if (this.#device.park !== undefined) return this.#device.park<void>(waitingFor);
    let wake!: () => void;
    const promise = new Promise<void>((resolve) => {
      wake = resolve;
    });
    return { promise, wake };
  }
}

/** 32 bits of a stat for digests: the size, and whether it is a directory. */
export function statChecksum(stat: FileStat): number {
  return stat.isDirectory() ? 0xffffffff : stat.size >>> 0;
}

const encoder = new TextEncoder();

function textChecksum(text: string): number {
  return crc32c(encoder.encode(text));
}
