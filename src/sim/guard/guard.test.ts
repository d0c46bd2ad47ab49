import crypto, { randomBytes } from 'node:crypto';
import fs, { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armGuard, LeakError } from './guard.ts';

describe('guard', () => {
  const leaks: LeakError[] = [];
  let disarm: () => void;

  beforeEach(() => {
    leaks.length = 0;
    disarm = armGuard((leak) => leaks.push(leak));
  });
  afterEach(() => disarm());

  const reaches: readonly (readonly [name: string, reach: () => unknown])[] = [
    ['Date.now', () => Date.now()],
    ['new Date()', () => new Date()],
    ['Date()', () => Date()],
    ['Math.random', () => Math.random()],
    ['performance.now', () => performance.now()],
    ['process.hrtime', () => process.hrtime()],
    ['process.hrtime.bigint', () => process.hrtime.bigint()],
    ['process.nextTick', () => process.nextTick(() => undefined)],
    ['setTimeout', () => setTimeout(() => undefined, 0)],
    ['setInterval', () => setInterval(() => undefined, 0)],
    ['setImmediate', () => setImmediate(() => undefined)],
    ['fetch', () => fetch('http://localhost')],
    ['crypto.randomBytes', () => randomBytes(8)],
    ['crypto.randomUUID', () => crypto.randomUUID()],
    ['crypto.getRandomValues', () => globalThis.crypto.getRandomValues(new Uint8Array(4))],
    ['crypto.subtle', () => globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(1))],
    ['fs.readFileSync', () => readFileSync('/etc/hostname')],
    ['fs.statSync', () => fs.statSync('/')],
    ['fs.promises.readFile', () => readFile('/etc/hostname')],
  ];
  for (const [name, reach] of reaches) {
    it(`reports ${name} as a leak, with a stack, even when the error is swallowed`, () => {
      let caught: unknown;
      try {
        reach();
      } catch (error) {
        caught = error;
      }
      disarm();
      expect(caught).toBeInstanceOf(LeakError);
      expect(leaks).toHaveLength(1);
      expect(leaks[0]?.message).toContain(name.split('.')[0]);
      expect(leaks[0]?.stack).toContain('guard.test.ts');
    });
  }

  it('lets dates be computed with: only reading the clock is a leak', () => {
    const date = new Date(86_400_000);
    const text = date.toISOString();
    disarm();
    expect(text).toBe('1970-01-02T00:00:00.000Z');
    expect(date).toBeInstanceOf(Date);
    expect(leaks).toEqual([]);
  });

  it('gives everything back when disarmed', () => {
    disarm();
    expect(Date.now()).toBeGreaterThan(1_700_000_000_000);
    expect(Math.random()).toBeLessThan(1);
    expect(randomBytes(4)).toHaveLength(4);
    expect(leaks).toEqual([]);
  });
});
