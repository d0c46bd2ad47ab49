import { blake3, toHex } from '../../crypto/index.ts';
import { HostClock } from '../../host/host-clock.ts';
import { HostScheduler } from '../../host/host-scheduler.ts';
import {
  type Clock,
  type Entropy,
  noSites,
  type Sites,
  type Telemetry,
  type Timer,
} from '../../ports/index.ts';
import { Disk, type Intercept, SimFileSystem } from '../../sim/disk/index.ts';
import { ImmediateDevice } from '../../sim/disk/immediate-device.test-support.ts';
import { Journal, type JournalKnowledge, type JournalOptions, type JournalPorts } from './index.ts';

/** Small enough that a few records fill a segment. */
export const smallOptions: JournalOptions = {
  sectorBytes: 512,
  segmentBytes: 8 * 1024,
  groupBytesMax: 4 * 1024,
  readChunkBytes: 2048,
  idleWatermarkMs: 0,
};

export const directory = '/data/log';

/** Markers that were reached, and how often. */
export class CountingTelemetry implements Telemetry {
  readonly markers = new Map<string, number>();

  reached(marker: string): void {
    this.markers.set(marker, (this.markers.get(marker) ?? 0) + 1);
  }

  measure(): void {}

  log(): void {}
}

/** The same bytes for the same seed, and other ones at each call. */
export class SeededEntropy implements Entropy {
  readonly #seed: string;
  #calls = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    this.#calls += 1;
    return blake3(new TextEncoder().encode(`${this.#seed} ${this.#calls}`)).slice(0, length);
  }
}

/** Time moves when told to. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #timers: { readonly dueMs: number; readonly settle: (fired: boolean) => void }[] = [];

  wallMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  async sleep(durationMs: number): Promise<void> {
    await this.timer(durationMs).fired;
  }

  timer(durationMs: number): Timer {
    let settle!: (fired: boolean) => void;
    const fired = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    const timer = { dueMs: this.#nowMs + durationMs, settle };
    this.#timers.push(timer);
    return {
      fired,
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        settle(false);
      },
    };
  }

  advance(durationMs: number): void {
    this.#nowMs += durationMs;
    const due = this.#timers.filter(({ dueMs }) => dueMs <= this.#nowMs);
    this.#timers = this.#timers.filter(({ dueMs }) => dueMs > this.#nowMs);
    for (const { settle } of due) settle(true);
  }
}

/** A process on a disk: what it opens and writes is gone from memory when it is dropped. */
export class TestProcess {
  readonly disk: Disk;
  readonly fs: SimFileSystem;
  readonly telemetry = new CountingTelemetry();
  readonly clock: Clock;
  readonly ports: JournalPorts;

  constructor(
    disk: Disk,
    setup: { intercept?: Intercept; seed?: string; clock?: Clock; sites?: Sites } = {},
  ) {
    this.disk = disk;
    this.fs = new SimFileSystem(disk, new ImmediateDevice(), setup.intercept);
    this.clock = setup.clock ?? new HostClock();
    this.ports = {
      clock: this.clock,
      entropy: new SeededEntropy(setup.seed ?? 'process'),
      fs: this.fs,
      scheduler: new HostScheduler(),
      sites: setup.sites ?? noSites,
      telemetry: this.telemetry,
    };
  }

  open(options: JournalOptions = {}, knowledge?: JournalKnowledge): Promise<Journal> {
    return Journal.open(this.ports, directory, { ...smallOptions, ...options }, knowledge);
  }

  reached(marker: string): number {
    return this.telemetry.markers.get(marker) ?? 0;
  }
}

let processes = 0;

/** The next process on the same disk, after the one before was killed. */
export function boot(disk: Disk, intercept?: Intercept, sites?: Sites): TestProcess {
  processes += 1;
  return new TestProcess(disk, {
    seed: `process ${processes}`,
    ...(intercept && { intercept }),
    ...(sites && { sites }),
  });
}

/** A body that tells which one it is, of a length that varies with it. */
export function bodyOf(index: number, lengthMax = 300): Uint8Array {
  const body = new Uint8Array(8 + ((index * 97) % lengthMax)).fill(index % 251);
  new DataView(body.buffer).setUint32(0, index, true);
  return body;
}

export function indexOf(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset).getUint32(0, true);
}

/** Whether `body` is the one that `bodyOf` made for the index it carries. */
export function isIntact(body: Uint8Array, lengthMax?: number): boolean {
  const original = bodyOf(indexOf(body), lengthMax);
  return body.length === original.length && body.every((byte, at) => byte === original[at]);
}

export interface Place {
  readonly offset: number;
  readonly endOffset: number;
  readonly lsn: number;
  readonly body: Uint8Array;
}

/** All data records from `offset` on, or from the start of the log. */
export async function readAll(
  log: Pick<Journal, 'reader'> & { readonly firstOffset?: number },
  offset = log.firstOffset ?? 0,
): Promise<Place[]> {
  const reader = log.reader(offset);
  const records: Place[] = [];
  for (let record = await reader.next(); record !== undefined; record = await reader.next()) {
    records.push({ ...record, body: record.body.slice() });
  }
  await reader.close();
  return records;
}

/** Records as one string: what they hold and where they stand. Far quicker to compare than they are. */
export function fingerprint(records: readonly Place[]): string {
  return records
    .map(({ body, offset, endOffset, lsn }) => `${lsn} [${offset}, ${endOffset}) ${toHex(blake3(body))}`)
    .join('\n');
}

export function segmentNames(disk: Disk): string[] {
  return disk.readdir(directory).sort();
}

export function readFile(disk: Disk, name: string): Uint8Array {
  const file = disk.open(`${directory}/${name}`, 'r');
  const bytes = new Uint8Array(file.stat().size);
  file.read(bytes, 0, bytes.length, 0);
  file.close();
  return bytes;
}

/** Puts bytes under a name, durably. */
export function writeFile(disk: Disk, name: string, bytes: Uint8Array): void {
  const file = disk.open(`${directory}/${name}`, 'w');
  if (bytes.length > 0) file.write(bytes, 0, bytes.length, 0);
  file.sync();
  file.close();
  syncDirectory(disk);
}

export function syncDirectory(disk: Disk): void {
  const handle = disk.open(directory, 'r');
  handle.sync();
  handle.close();
}
