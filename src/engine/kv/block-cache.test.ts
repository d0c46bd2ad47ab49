import { describe, expect, it } from 'vitest';
import { BlockCache } from './block-cache.ts';
import { EntryList } from './entry-codec.ts';

function entries(): EntryList {
  const list = EntryList.parse(new Uint8Array(24), 0, 4);
  if (list === undefined) throw new Error('four empty entries are 24 bytes');
  return list;
}

describe('BlockCache', () => {
  it('keeps what was used last, and never more than it may', () => {
    const { bytes } = entries();
    const cache = new BlockCache(3 * bytes);
    for (const block of [0, 1, 2]) cache.add(1, block, entries());
    expect(cache.get(1, 0)).toBeDefined();
    cache.add(2, 0, entries());
    expect(cache.get(1, 1)).toBeUndefined();
    for (const block of [0, 2]) expect(cache.get(1, block)).toBeDefined();
    expect(cache.bytes).toBe(3 * bytes);
  });

  it('counts what was found in it and what was not; a peek neither counts nor is a use', () => {
    const { bytes } = entries();
    const cache = new BlockCache(2 * bytes);
    for (const block of [0, 1]) cache.add(1, block, entries());
    for (const block of [0, 1, 2]) cache.get(1, block);
    expect(cache.peek(1, 0)).toBeDefined();
    expect(cache.peek(1, 2)).toBeUndefined();
    expect([cache.hits, cache.misses]).toEqual([2, 1]);
    cache.add(1, 2, entries());
    expect(cache.peek(1, 0)).toBeUndefined();
  });

  it('does not take what is larger than all of it, nor the same block twice', () => {
    const cache = new BlockCache(entries().bytes);
    cache.add(1, 0, entries());
    cache.add(1, 0, entries());
    expect(cache.bytes).toBe(entries().bytes);
    const small = new BlockCache(1);
    small.add(1, 0, entries());
    expect(small.get(1, 0)).toBeUndefined();
    expect(small.bytes).toBe(0);
  });
});
