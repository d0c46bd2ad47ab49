import initSqlite, { type Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import { isErrno } from '../../src/ports/index.ts';
import { type OpenFile, sectorSizeBytes } from '../../src/sim/index.ts';
import { type Host, PowerLostError } from './host.ts';

const name = 'simulated-disk';
const pathBytesMax = 512;

/** Of a `sqlite3_file`: a pointer to its methods. */
const fileBytes = 4;

/** 2026-01-01T12:00Z as a Julian day: no wall clock. */
const julianDay = 2_461_042;

/** An address in the memory of SQLite. */
type Pointer = number;

interface OpenedFile {
  readonly path: string;
  readonly file: OpenFile;
  /** The directory has an entry for it that no sync has covered. As SQLite's own VFS for Unix does it. */
  syncsDirectory: boolean;
}

/**
 * SQLite's window on the simulated disk: a VFS with the manners of SQLite's own one for Unix. A new journal or
 * log has its directory synced at its first sync; a deletion syncs it when SQLite asks for that.
 */
export class DiskVfs {
  readonly sqlite: Sqlite3Static;
  readonly #files = new Map<Pointer, OpenedFile>();
  #host: Host | undefined;
  #defect: unknown;

  private constructor(sqlite: Sqlite3Static) {
    this.sqlite = sqlite;
    this.#install();
  }

  /** Loads SQLite and makes this VFS the default one. One of them serves any number of hosts, in turn. */
  static async load(): Promise<DiskVfs> {
    const sqlite = await initSqlite();
    // It would print every error of a statement, and after a power loss they all fail.
    sqlite.config.warn = () => undefined;
    return new DiskVfs(sqlite);
  }

  /** Runs `body` with SQLite on `host`, and with SQLite's generator seeded by it. */
  on<T>(host: Host, body: () => T): T {
    this.#host = host;
    this.sqlite.capi.sqlite3_randomness(0, 0);
    try {
      return body();
    } finally {
      this.#host = undefined;
      this.#files.clear();
      const defect = this.#defect;
      this.#defect = undefined;
      // oxlint-disable-next-line no-unsafe-finally -- a defect of the VFS explains whatever SQLite made of it
      if (defect !== undefined) throw defect;
    }
  }

  #install(): void {
    const { capi, vfs } = this.sqlite;
    // Its published type calls the field `iVersion`.
    const io = Object.assign(new capi.sqlite3_io_methods(), { $iVersion: 1 });
    const struct = new capi.sqlite3_vfs();
    struct.$iVersion = 1;
    struct.$szOsFile = fileBytes;
    struct.$mxPathname = pathBytesMax;
    vfs.installVfs({
      io: { struct: io, methods: this.#fileMethods() },
      vfs: { struct, name, asDefault: true, methods: this.#vfsMethods(io.pointer) },
    });
  }

  #vfsMethods(fileMethods: Pointer): object {
    const { capi, wasm } = this.sqlite;
    return {
      xOpen: (_vfs: Pointer, zName: Pointer, pFile: Pointer, flags: number, pFlags: Pointer): number =>
        this.#attempt(capi.SQLITE_CANTOPEN, (host) => {
          wasm.poke(pFile, 0, '*');
          const path = wasm.cstrToJs(zName);
          if (path === null) throw new TypeError('SQLite asks for a temporary file');
          host.note(`open ${path} ${flags}`);
          const isNew = !host.disk.has(path);
          if (isNew && (flags & capi.SQLITE_OPEN_CREATE) === 0) return capi.SQLITE_CANTOPEN;
          const isJournal = (flags & (capi.SQLITE_OPEN_MAIN_JOURNAL | capi.SQLITE_OPEN_WAL)) !== 0;
          if (isNew) host.change(() => host.disk.open(path, 'w').close());
          const file = host.disk.open(path, (flags & capi.SQLITE_OPEN_READONLY) === 0 ? 'r+' : 'r');
          this.#files.set(pFile, { path, file, syncsDirectory: isNew && isJournal });
          wasm.poke(pFile, fileMethods, '*');
          if (pFlags !== 0) wasm.poke(pFlags, flags, 'i32');
          return 0;
        }),

      xDelete: (_vfs: Pointer, zName: Pointer, syncDirectory: number): number =>
        this.#attempt(capi.SQLITE_IOERR_DELETE, (host) => {
          const path = wasm.cstrToJs(zName) ?? '';
          host.note(`delete ${path} ${syncDirectory}`);
          if (!host.disk.has(path)) return capi.SQLITE_IOERR_DELETE_NOENT;
          host.change(() => host.disk.unlink(path));
          if (syncDirectory !== 0) syncDirectoryOf(host, path);
          return 0;
        }),

      xAccess: (_vfs: Pointer, zName: Pointer, flags: number, pResult: Pointer): number =>
        this.#attempt(capi.SQLITE_IOERR_ACCESS, (host) => {
          const path = wasm.cstrToJs(zName) ?? '';
          const isThere = host.disk.has(path);
          // An empty file counts as none, as in SQLite's own VFS for Unix.
          const answer =
            flags === capi.SQLITE_ACCESS_EXISTS ? isThere && host.disk.stat(path).size > 0 : isThere;
          wasm.poke(pResult, answer ? 1 : 0, 'i32');
          return 0;
        }),

      xFullPathname: (_vfs: Pointer, zName: Pointer, bytesMax: number, pPath: Pointer): number =>
        wasm.cstrncpy(pPath, zName, bytesMax) < bytesMax ? 0 : capi.SQLITE_CANTOPEN,

      xRandomness: (_vfs: Pointer, length: number, pBytes: Pointer): number =>
        this.#attempt(0, (host) => {
          host.fillRandomly(wasm.heap8u().subarray(pBytes, pBytes + length));
          return length;
        }),

      xSleep: (): number => 0,

      xCurrentTime: (_vfs: Pointer, pDay: Pointer): number => {
        wasm.poke(pDay, julianDay, 'double');
        return 0;
      },

      xGetLastError: (): number => 0,
    };
  }

  #fileMethods(): object {
    const { capi, wasm } = this.sqlite;
    const zero = (): number => 0;
    return {
      xClose: (pFile: Pointer): number => {
        this.#files.get(pFile)?.file.close();
        this.#files.delete(pFile);
        return 0;
      },

      xRead: (pFile: Pointer, pBytes: Pointer, length: number, position: bigint): number =>
        this.#attempt(capi.SQLITE_IOERR_READ, () => {
          const { file } = this.#opened(pFile);
          const bytes = wasm.heap8u().subarray(pBytes, pBytes + length);
          const count = file.read(bytes, 0, length, Number(position));
          bytes.fill(0, count);
          return count < length ? capi.SQLITE_IOERR_SHORT_READ : 0;
        }),

      xWrite: (pFile: Pointer, pBytes: Pointer, length: number, position: bigint): number =>
        this.#attempt(capi.SQLITE_IOERR_WRITE, (host) => {
          const { path, file } = this.#opened(pFile);
          const bytes = wasm.heap8u().subarray(pBytes, pBytes + length);
          host.note(`write ${path} ${position}`, bytes);
          host.change(() => file.write(bytes, 0, length, Number(position)));
          return 0;
        }),

      xTruncate: (pFile: Pointer, size: bigint): number =>
        this.#attempt(capi.SQLITE_IOERR_TRUNCATE, (host) => {
          const { path, file } = this.#opened(pFile);
          host.note(`truncate ${path} ${size}`);
          host.change(() => file.truncate(Number(size)));
          return 0;
        }),

      xSync: (pFile: Pointer, flags: number): number =>
        this.#attempt(capi.SQLITE_IOERR_FSYNC, (host) => {
          const opened = this.#opened(pFile);
          host.note(`sync ${opened.path} ${flags}`);
          host.sync(() => opened.file.sync());
          if (opened.syncsDirectory) syncDirectoryOf(host, opened.path);
          opened.syncsDirectory = false;
          return 0;
        }),

      xFileSize: (pFile: Pointer, pSize: Pointer): number =>
        this.#attempt(capi.SQLITE_IOERR_FSTAT, () => {
          wasm.poke(pSize, this.#opened(pFile).file.stat().size, 'i64');
          return 0;
        }),

      xLock: zero,
      xUnlock: zero,
      xCheckReservedLock: (_file: Pointer, pResult: Pointer): number => {
        wasm.poke(pResult, 0, 'i32');
        return 0;
      },
      xFileControl: (): number => capi.SQLITE_NOTFOUND,
      xSectorSize: (): number => sectorSizeBytes,
      xDeviceCharacteristics: (): number =>
        this.#host?.profile.powerSafeOverwrite === true ? capi.SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0,
    };
  }

  /**
   * What a VFS method returns: `failure`, an error code of SQLite, for a power that is gone. Whatever else is thrown must not
   * cross SQLite; `on` throws it in the end.
   */
  #attempt(failure: number, method: (host: Host) => number): number {
    const host = this.#host;
    try {
      if (host === undefined) throw new TypeError('SQLite runs on no host');
      if (host.hasLostPower) return failure;
      return method(host);
    } catch (error) {
      if (!(error instanceof PowerLostError || isErrno(error, 'ENOENT'))) this.#defect ??= error;
      return failure;
    }
  }

  #opened(pFile: Pointer): OpenedFile {
    const opened = this.#files.get(pFile);
    if (opened === undefined) throw new TypeError('SQLite uses a file that is not open');
    return opened;
  }
}

function syncDirectoryOf(host: Host, path: string): void {
  const directory = host.disk.open(path.slice(0, path.lastIndexOf('/')) || '/', 'r');
  host.sync(() => directory.sync());
  directory.close();
}
