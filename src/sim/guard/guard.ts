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
        'Use the port (Clock, Entropy, Scheduler, FileSystem) that was passed in.',
    );
    this.name = 'LeakError';
  }
}

/** What to do about a leak: the world records it, since the code that leaked may swallow the error. */
type OnLeak = (leak: LeakError) => void;

let onLeak: OnLeak | undefined;
let installed = false;

/**
 * Closes every way to real time, randomness and I/O: from now until the returned function is called,
 * each throws a `LeakError` and reports it to `report`.
 *
 * The patches are made once per process and are a test of one variable when nothing is armed.
 */
export function armGuard(report: OnLeak): () => void {
  install();
  const outer = onLeak;
  onLeak = report;
  return () => {
    onLeak = outer;
  };
}

function install(): void {
  if (installed) return;
  installed = true;

  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'fetch'] as const) {
    close(globalThis, name, name);
  }
  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    close(timers, name, `timers.${name}`);
    close(timersPromises, name, `timers/promises.${name}`);
  }
  close(Math, 'random', 'Math.random');
  close(Object.getPrototypeOf(performance), 'now', 'performance.now');
  close(performance, 'now', 'performance.now');
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

function close(target: object, name: string, what: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  const original: unknown = descriptor?.value;
  if (descriptor === undefined || typeof original !== 'function' || descriptor.configurable === false) return;
  const replacement = new Proxy(original as (...args: unknown[]) => unknown, {
    apply(callable, self, args) {
      if (onLeak !== undefined) leak(what);
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
  const now = RealDate.now.bind(RealDate);
  globalThis.Date = new Proxy(RealDate, {
    apply(callable, self, args) {
      if (onLeak !== undefined) leak('Date()');
      return Reflect.apply(callable, self, args);
    },
    construct(callable, args, newTarget) {
      if (onLeak !== undefined && args.length === 0) leak('new Date()');
      return Reflect.construct(callable, args, newTarget) as object;
    },
  });
  RealDate.now = () => {
    if (onLeak !== undefined) leak('Date.now');
    return now();
  };
}

function leak(what: string): never {
  const report = onLeak;
  const error = new LeakError(what);
  report?.(error);
  throw error;
}
