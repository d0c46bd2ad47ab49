import { readFile } from 'node:fs/promises';
import { Volume } from 'memfs';
import { fromHex } from '../../crypto/index.ts';
import {
  type Clock,
  type Entropy,
  type FileSystem,
  noSites,
  type Parked,
  type Ports,
  type Scheduler,
  type Signatures,
  type Sites,
  type Task,
  type Telemetry,
} from '../../ports/index.ts';
import { decodeCounter } from './counters.ts';
import type { Entry, KeyValueReader, Operation, ScanOptions } from './key-value-store.ts';
import type { HybridStoreOptions } from './options.ts';
import type { StoreReview } from './recovery.ts';
import { HybridStore } from './store.ts';
import type { JudgedStoreLog, StoreLog, StoreLogReader, StoreLogRecord } from './store-log.ts';

/** Tasks as promises, and no simulation: what the order is, is for the engine of JavaScript. */
export class TestScheduler implements Scheduler {
  spawn<T>(name: string, body: () => Promise<T>): Task<T> {
    const outcome = Promise.resolve().then(body);
    return { name, join: () => outcome };
  }

  async yield(): Promise<void> {
    await Promise.resolve();
  }

  park<T = void>(_waitingFor: string): Parked<T> {
    const { promise, resolve, reject } = withResolvers<T>();
    return { promise, wake: resolve, fail: reject };
  }
}

/** Bytes that count up: equal runs give equal files. */
export class TestEntropy implements Entropy {
  #calls = 0;

  bytes(length: number): Uint8Array<ArrayBuffer> {
    this.#calls += 1;
    return new Uint8Array(length).fill(this.#calls);
  }
}

export class TestTelemetry implements Telemetry {
  readonly markers = new Set<string>();

  reached(marker: string): void {
    this.markers.add(marker);
  }

  measure(): void {}

  log(): void {}
}

/** A log that keeps its records in memory, also when it is closed: what is on its disk. */
export class MemoryLog implements StoreLog {
  #records: StoreLogRecord[] = [];
  #endOffset = 0;
  #durableOffset = 0;
  /** While set, appends and syncs reject with it. */
  failure: Error | undefined;
  /** While set, appends wait for it. */
  gate: Promise<void> | undefined;

  get durableOffset(): number {
    return this.#durableOffset;
  }

  get bodies(): Uint8Array[] {
    return this.#records.map((record) => record.body);
  }

  async append(body: Uint8Array, options: { readonly sync: boolean }): Promise<StoreLogRecord> {
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    const record = { body, offset: this.#endOffset, endOffset: this.#endOffset + body.length };
    this.#records.push(record);
    this.#endOffset = record.endOffset;
    if (options.sync) this.#durableOffset = this.#endOffset;
    return record;
  }

  async sync(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.#durableOffset = this.#endOffset;
  }

  reader(fromOffset: number): StoreLogReader {
    let next = this.#records.findIndex((record) => record.offset >= fromOffset);
    return {
      next: async () => (next < 0 ? undefined : this.#records[next++]),
      close: async () => undefined,
    };
  }

  async cleanup(belowOffset: number): Promise<void> {
    this.#records = this.#records.filter((record) => record.offset >= belowOffset);
  }

  async close(): Promise<void> {
    await this.sync();
  }
}

/** A machine that can be started again: its files, and the log of its one store. */
export class TestMachine {
  readonly volume = new Volume();
  readonly telemetry = new TestTelemetry();
  readonly log = new MemoryLog();
  readonly directory = '/data/kv';
  /** While set, syncs of files whose name starts so reject with EIO. */
  failSyncsOf: string | undefined;
  /** While set, this call of the file system or of a handle rejects with EIO. */
  failCalls: string | undefined;
  /** How often the log was opened for writing. */
  logOpenings = 0;
  /** See `HybridStore.open`. */
  review: StoreReview | undefined;
  sites: Sites = noSites;
  /** Files and directories that are open. */
  openHandles = 0;
  readonly #entropy = new TestEntropy();
  #process = { isAlive: true };
  #syncGate: Promise<void> | undefined;

  get ports(): Ports {
    return {
      clock: unavailable as Clock,
      fs: intercepted(this.volume.promises as unknown as FileSystem, '', this.#intercept(this.#process)),
      scheduler: new TestScheduler(),
      entropy: this.#entropy,
      telemetry: this.telemetry,
      signatures: unavailable as Signatures,
      sites: this.sites,
    };
  }

  async open(options: HybridStoreOptions = {}): Promise<HybridStore> {
    const judged: JudgedStoreLog = {
      endOffset: this.log.durableOffset,
      reader: (fromOffset) => this.log.reader(fromOffset),
      open: async () => {
        this.logOpenings += 1;
        this.volume.mkdirSync(`${this.directory}/log`, { recursive: true });
        this.volume.writeFileSync(`${this.directory}/log/segment`, '');
        return this.log;
      },
    };
    return HybridStore.open(this.ports, this.directory, options, async () => judged, this.review);
  }

  /** Makes every sync wait until the returned function is called. */
  holdSyncs(): () => void {
    const { promise, resolve } = withResolvers<void>();
    this.#syncGate = promise;
    return () => {
      this.#syncGate = undefined;
      resolve();
    };
  }

  #intercept(process: { readonly isAlive: boolean }): Intercept {
    return async (call, path, effect) => {
      if (call === 'sync') await this.#syncGate;
      if (!process.isAlive) return new Promise(() => undefined);
      const name = path.slice(path.lastIndexOf('/') + 1);
      const isFailing = this.failSyncsOf !== undefined && name.startsWith(this.failSyncsOf);
      if ((call === 'sync' && isFailing) || call === this.failCalls) {
        throw Object.assign(new Error(`EIO: ${call} ${path}`), { code: 'EIO' });
      }
      const result: unknown = await effect();
      if (!process.isAlive) return new Promise(() => undefined);
      if (call === 'open') this.openHandles += 1;
      if (call === 'close') this.openHandles -= 1;
      return result;
    };
  }

  /** What is running stops in the middle of whatever it does; its files stay as they are. */
  kill(): void {
    this.#process.isAlive = false;
    this.#process = { isAlive: true };
    this.openHandles = 0;
  }

  names(): string[] {
    return (this.volume.readdirSync(this.directory) as string[]).filter((name) => name !== 'log').toSorted();
  }

  read(name: string): Uint8Array {
    return Uint8Array.from(this.volume.readFileSync(`${this.directory}/${name}`) as Uint8Array);
  }

  write(name: string, bytes: Uint8Array): void {
    this.volume.writeFileSync(`${this.directory}/${name}`, bytes);
  }
}

type Intercept = (call: string, path: string, effect: () => unknown) => Promise<unknown>;

/** The same object with something in between at each call, also of the file handles that it gives. */
function intercepted<T extends object>(real: T, path: string, intercept: Intercept): T {
  return new Proxy(real, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...parameters: unknown[]) => {
        const of = path === '' ? String(parameters[0]) : path;
        const effect = (): unknown => Reflect.apply(member, target, parameters);
        const result = await intercept(String(name), of, effect);
        return name === 'open' ? intercepted(result as object, of, intercept) : result;
      };
    },
  });
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(value: Uint8Array | undefined): string | undefined {
  return value && new TextDecoder().decode(value);
}

export function put(key: string, value: string): Operation {
  return { type: 'put', key: bytes(key), value: bytes(value) };
}

export function increment(key: string, delta: bigint | number): Operation {
  return { type: 'increment', key: bytes(key), delta };
}

export function remove(key: string): Operation {
  return { type: 'delete', key: bytes(key) };
}

export async function get(reader: KeyValueReader, key: string): Promise<string | undefined> {
  return text(await reader.get(bytes(key)));
}

export async function count(reader: KeyValueReader, key: string): Promise<bigint | undefined> {
  const value = await reader.get(bytes(key));
  return value && decodeCounter(value);
}

export async function collect(reader: KeyValueReader, options?: ScanOptions): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of reader.scan(options)) entries.push(entry);
  return entries;
}

/** `key=value` for each entry. */
export async function list(reader: KeyValueReader, options?: ScanOptions): Promise<string[]> {
  return (await collect(reader, options)).map(({ key, value }) => `${text(key)}=${text(value)}`);
}

/** The golden bytes of a file of format 2, which are kept as hex so that a change of them can be reviewed. */
export async function golden(name: string): Promise<Uint8Array> {
  const url = new URL(`../../../fixtures/format/v2/${name}.hex`, import.meta.url);
  const parsed = fromHex((await readFile(url, 'utf8')).replaceAll('\n', ''));
  if (parsed === undefined) throw new Error(`${url.pathname} is not lower-case hex`);
  return parsed;
}

/** Lets every task go on until all of them wait for something that only the test can bring about. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

const unavailable: unknown = new Proxy(
  {},
  {
    get: (_, name) => {
      throw new Error(`the store has no business with ${String(name)}`);
    },
  },
);
