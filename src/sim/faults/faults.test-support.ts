import type { FileHandle, FileSystem } from '../../ports/index.ts';
import { Choices } from '../choices/index.ts';
import { Disk, type FailedSync, profiles, SimFileSystem } from '../disk/index.ts';
import { ImmediateDevice } from '../disk/immediate-device.test-support.ts';
import { FaultInjector } from './fault-injector.ts';
import type { DiskFaultEvent, DiskFaultKind, DiskFaults } from './rates.ts';

export interface Laboratory {
  readonly fs: FileSystem;
  readonly disk: Disk;
  readonly injector: FaultInjector;
  readonly choices: Choices;
  /** What was struck, in order, and where. */
  readonly events: { readonly event: DiskFaultEvent; readonly path: string }[];
  /** The clock stands still but for this. */
  readonly clock: { micros: number };
}

export interface LaboratoryOptions {
  readonly seed?: string;
  readonly failedSync?: readonly FailedSync[];
  /** Made before the faults begin, and durable. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** A file system with `faults`, as if a database were open on it; `/data` and a `bystander` in it are there. */
export function laboratory(
  faults: Partial<DiskFaults>,
  { seed = '1', failedSync = ['keep'], files = {} }: LaboratoryOptions = {},
): Laboratory {
  const disk = new Disk();
  disk.mkdir('/data');
  for (const [path, bytes] of Object.entries({ '/data/bystander': new Uint8Array(9000).fill(1), ...files })) {
    const file = disk.open(path, 'w');
    file.write(bytes, 0, bytes.length, 0);
    file.sync();
    file.close();
  }
  for (const path of ['/', '/data']) disk.open(path, 'r').sync();
  const choices = new Choices({ kind: 'seed', seed, record: true });
  const events: Laboratory['events'] = [];
  const clock = { micros: 0 };
  const injector = new FaultInjector({
    machine: 'node-1',
    choices,
    faults,
    failedSync,
    disk: () => disk,
    nowMicros: () => clock.micros,
    onEvent: (event, { path }) => events.push({ event, path }),
  });
  injector.setServing(true);
  const device = Object.assign(new ImmediateDevice(), {
    timer: (durationMicros: number) => {
      clock.micros += durationMicros;
      return { fired: Promise.resolve(true) };
    },
  });
  const fs = new SimFileSystem(disk, device, injector.intercept, (call) => injector.delay(call));
  return { fs, disk, injector, choices, events, clock };
}

/** How many times `kind` struck. */
export function struck({ injector }: Laboratory, kind: DiskFaultKind): number {
  return injector.counts().get(kind) ?? 0;
}

/** Every method of the port many times over, errors ignored; the clock moves on by 10 µs a round. */
export async function exercise({ fs, disk, clock }: Laboratory, rounds: number): Promise<void> {
  const ignored = async <T>(call: () => Promise<T>): Promise<T | undefined> => call().catch(() => undefined);
  for (const directory of ['/data/a', '/data/b']) if (!disk.has(directory)) disk.mkdir(directory);
  for (let round = 0; round < rounds; round++) {
    clock.micros += 10;
    const directory = `/data/${round % 2 === 0 ? 'a' : 'b'}`;
    const path = `${directory}/${round}`;
    const file = await ignored(() => fs.open(path, 'wx+'));
    await ignored(() => fs.mkdir(`${path}.d`));
    if (file !== undefined) await use(file, ignored, clock);
    await ignored(() => syncNames(fs, directory));
    await ignored(() => fs.stat(path));
    await ignored(() => fs.readdir(directory));
    await ignored(() => fs.rename(path, `${path}.renamed`));
    await ignored(() => fs.unlink(`${path}.renamed`));
    await ignored(() => fs.rmdir(`${path}.d`));
  }
}

async function use(
  file: FileHandle,
  ignored: <T>(call: () => Promise<T>) => Promise<T | undefined>,
  clock: { micros: number },
): Promise<void> {
  const buffer = new Uint8Array(5000).fill(7);
  await ignored(() => file.write(buffer, 0, buffer.length, 0));
  await ignored(() => file.sync());
  clock.micros += 10;
  await ignored(() => file.read(buffer, 0, buffer.length, 0));
  await ignored(() => file.write(buffer, 0, buffer.length, 5000));
  await ignored(() => file.datasync());
  await ignored(() => file.read(buffer, 0, buffer.length, 0));
  await ignored(() => file.truncate(100));
  await ignored(() => file.stat());
  await file.close();
}

export async function syncNames(fs: FileSystem, directory: string): Promise<void> {
  const handle = await fs.open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What a power loss leaves of a file when nothing unsynced survives; `undefined` when it is gone. */
export function afterPowerLoss(disk: Disk, path: string): string | undefined {
  const { disk: image } = disk.crashImage(profiles.strict, { at: () => ({ choose: () => 0 }) }, 'lose-all');
  return contentOf(image, path);
}

/** A file as text; `undefined` when it is not there. */
export function contentOf(disk: Disk, path: string): string | undefined {
  if (!disk.has(path)) return undefined;
  const file = disk.open(path, 'r');
  const bytes = new Uint8Array(file.stat().size);
  file.read(bytes, 0, bytes.length, 0);
  file.close();
  return new TextDecoder().decode(bytes);
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
