import { describe, expect, it } from 'vitest';
import type { Entropy } from './entropy.ts';

/** Entropy to be held against the contract of the port. */
export interface EntropyUnderTest {
  readonly name: string;
  create(): Entropy;
}

/** Runs every claim against one implementation. That nobody can foresee the bytes, no test can show. */
export function describeEntropyConformance({ name, create }: EntropyUnderTest): void {
  describe(`Entropy conformance: ${name}`, () => {
    it.each([0, 1, 3, 4, 5, 8, 32, 33, 70_000])('gives %d bytes when asked for as many', (length) => {
      const bytes = create().bytes(length);
      expect(bytes.constructor).toBe(Uint8Array);
      expect(bytes.length).toBe(length);
      expect(bytes.buffer.byteLength).toBe(length);
    });

    it('gives arrays that belong to the caller', () => {
      const entropy = create();
      const first = entropy.bytes(16);
      const copy = first.slice();
      const second = entropy.bytes(16);
      second.fill(0);
      entropy.bytes(16);
      expect(first).toEqual(copy);
    });

    it('does not repeat itself', () => {
      const entropy = create();
      const draws = Array.from({ length: 1000 }, () => entropy.bytes(16).join());
      expect(new Set(draws).size).toBe(draws.length);
    });

    it('reaches every value of every byte', () => {
      const entropy = create();
      const seen = Array.from({ length: 5 }, () => new Set<number>());
      for (let draw = 0; draw < 10_000; draw++) {
        for (const [position, byte] of entropy.bytes(5).entries()) seen[position]?.add(byte);
      }
      expect(seen.map((values) => values.size)).toEqual([256, 256, 256, 256, 256]);
    });
  });
}
