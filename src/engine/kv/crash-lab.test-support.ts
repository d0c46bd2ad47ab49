import type { Clock, FileSystem, Ports, Signatures, Sites } from '../../ports/index.ts';
import type { Draws, DrawSource } from '../../sim/choices/draws.ts';
import { type CrashMode, Disk, type Intercept, profiles, SimFileSystem } from '../../sim/disk/index.ts';
import type { Device } from '../../sim/schedule/device.ts';
import { TestScheduler, TestTelemetry } from './kv.test-support.ts';

/** mulberry32: equal seeds, equal numbers; good enough to shuffle with. */
export class Random implements Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  choose(domain: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * domain);
  }

  /** `true` once in so many times. */
  oneIn(times: number): boolean {
    return this.choose(times) === 0;
  }

  /** For crash images: all sites draw from here. */
  get source(): DrawSource {
    return { at: () => this };
  }
}

/** Delivers the operations of a process one by one, in random order, and only when told to. */
export class SteppedDevice implements Device {
  readonly #random: Random;
  readonly #pending: (() => void)[] = [];
  steps = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  perform<T>(_operation: string, _resource: string, effect: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#pending.push(() => {
        try {
          resolve(effect());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Delivers one operation, and lets everything happen that follows from it. Returns whether there was one. */
  async step(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    const [deliver] = this.#pending.splice(this.#random.choose(this.#pending.length), 1);
    if (deliver === undefined) return false;
    this.steps += 1;
    deliver();
    await new Promise((resolve) => setImmediate(resolve));
    return true;
  }
}

/** Delivers every operation at once. */
export class ImmediateDevice implements Device {
  async perform<T>(_operation: string, _resource: string, effect: () => T): Promise<T> {
    return effect();
  }
}

/** One process on a disk. */
export class CrashProcess {
  readonly fs: SimFileSystem;
  readonly ports: Ports;

  constructor(
    disk: Disk,
    device: Device,
    world: { readonly telemetry: TestTelemetry; readonly random: Random; readonly sites: Sites },
    intercept?: Intercept,
  ) {
    const { telemetry, random, sites } = world;
    this.fs = new SimFileSystem(disk, device, intercept);
    const fs: FileSystem = this.fs;
    this.ports = {
      fs,
      telemetry,
      scheduler: new TestScheduler(),
      entropy: { bytes: (length) => Uint8Array.from({ length }, () => random.choose(256)) },
      clock: noClock,
      signatures: noSignatures,
      sites,
    };
  }
}

/** The disk after a power loss at this moment, under the harshest rules. */
export function powerLoss(disk: Disk, random: Random, mode?: CrashMode): Disk {
  return disk.crashImage(profiles.strict, random.source, mode).disk;
}

/** Time stands still: a store must not need it. */
const noClock: Clock = {
  wallMs: () => 0,
  monotonicMs: () => 0,
  sleep: () => new Promise(() => undefined),
  timer: () => ({ fired: new Promise(() => undefined), cancel: () => undefined }),
};

const noSignatures = {} as Signatures;
