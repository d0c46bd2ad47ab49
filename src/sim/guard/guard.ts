import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dns from 'node:dns';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { SimulationError } from '../errors.ts';

/** Code under simulation reached for something real. The stack says where. */
export class LeakError extends SimulationError {
  constructor(what: string) {
    super(
      'SIM_LEAK',
      `${what} was reached while a world runs: its result is not decided by the seed. ` +
        'Use the port (Clock, Entropy, Scheduler, FileSystem) that was passed in; ' +
        'docs/framework.md lists what a machine can stand in for.',
    );
    this.name = 'LeakError';
  }
}

/** What to do about a leak: the world records it, since the code that leaked may swallow the error. */
type OnLeak = (leak: LeakError) => void;

/**
 * What answers in the place of a function of Node, for whoever runs at this moment; by the name that is in the
 * message of a leak: `fs.promises.readFile`, `setTimeout`, `Date.now`.
 */
export type StandInFor = (what: string) => StandIn | undefined;

export type StandIn = (...args: never[]) => unknown;

let onLeak: OnLeak | undefined;
let standInFor: StandInFor = () => undefined;
let installed = false;

/**
 * Closes every way to real time, randomness and I/O: from now until the returned function is called,
 * each is answered by its stand-in, or throws a `LeakError` and reports it to `report`.
 */
export function armGuard(report: OnLeak, standIns: StandInFor = () => undefined): () => void {
  installGuard();
  const outer = { onLeak, standInFor };
  onLeak = report;
  standInFor = standIns;
  return () => {
    ({ onLeak, standInFor } = outer);
  };
}

/**
 * Puts the patches in place, once per process; they are a test of one variable when nothing is armed. Called by
 * `armGuard`; to be called before code is loaded that takes functions out of Node's modules, as CommonJS does.
 */
export function installGuard(): void {
  if (installed) return;
  installed = true;

  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'fetch'] as const) {
    close(globalThis, name, name);
  }
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate'] as const) {
    close(globalThis, name, name, 'passes');
    close(timers, name, name, 'passes');
  }
  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    close(timers, name, name);
    close(timersPromises, name, `timers/promises.${name}`);
  }
  close(Math, 'random', 'Math.random');
  close(Object.getPrototypeOf(performance), 'now', 'performance.now');
  close(performance, 'now', 'performance.now');
  close(process.hrtime, 'bigint', 'process.hrtime.bigint');
  for (const name of ['nextTick', 'hrtime', 'uptime', 'cpuUsage', 'memoryUsage'] as const) {
    close(process, name, `process.${name}`);
  }
  for (const name of ['randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'randomUUID'] as const) {
    close(crypto, name, `crypto.${name}`);
  }
  for (const name of ['generateKeyPair', 'generateKeyPairSync', 'getRandomValues'] as const) {
    close(crypto, name, `crypto.${name}`);
  }
  for (const name of ['getRandomValues', 'randomUUID'] as const) {
    close(Object.getPrototypeOf(globalThis.crypto), name, `crypto.${name}`);
  }
  closeAll(Object.getPrototypeOf(globalThis.crypto.subtle), 'crypto.subtle');
  closeAll(fs, 'fs');
  closeAll(fs.promises, 'fs.promises');
  closeAll(net, 'net');
  closeAll(dns, 'dns');
  closeAll(childProcess, 'child_process');
  closeDate();
  syncBuiltinESMExports();
}

/** Constructors (`fs.Stats`, `net.Socket`) keep working: `instanceof` must not leak. */
function closeAll(target: object, path: string): void {
  for (const name of Object.getOwnPropertyNames(target)) {
    if (/^[a-z]/.test(name) && name !== 'constructor') close(target, name, `${path}.${name}`);
  }
}

/** `passes`: without a stand-in the real one is harmless. */
function close(target: object, name: string, what: string, otherwise: 'leaks' | 'passes' = 'leaks'): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  const original: unknown = descriptor?.value;
  if (descriptor === undefined || typeof original !== 'function' || descriptor.configurable === false) return;
  const replacement = new Proxy(original as (...args: unknown[]) => unknown, {
    apply(callable, self, args) {
      if (onLeak !== undefined) {
        const standIn = standInFor(what);
        if (standIn !== undefined) return Reflect.apply(standIn, self, args);
        if (otherwise === 'leaks') leak(what);
      }
      return Reflect.apply(callable, self, args);
    },
    construct(callable, args, newTarget) {
      if (onLeak !== undefined) leak(what);
      return Reflect.construct(callable, args, newTarget);
    },
  });
  Object.defineProperty(target, name, { ...descriptor, value: replacement });
}

/** `new Date(ms)` is arithmetic and stays; `new Date()`, `Date()` and `Date.now()` read the clock. */
function closeDate(): void {
  const RealDate = Date;
  const realNow = RealDate.now.bind(RealDate);
  const now = (what: string): number => {
    if (onLeak === undefined) return realNow();
    const standIn = standInFor('Date.now') as (() => number) | undefined;
    return standIn === undefined ? leak(what) : standIn();
  };
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now('Date()')).toString(),
    construct(callable, args, newTarget) {
      const given = args.length === 0 ? [now('new Date()')] : args;
      return Reflect.construct(callable, given, newTarget) as object;
    },
  });
  RealDate.now = () => now('Date.now');
}

function leak(what: string): never {
  const report = onLeak;
  const error = new LeakError(what);
  report?.(error);
  throw error;
}
