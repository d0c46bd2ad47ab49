/**
 * Bloom filter of the keys of one block, after LevelDB's `util/bloom.cc`: one 32-bit hash a key, further
 * probes by adding a rotation of it (Kirsch and Mitzenmacher, 2006). At 10 bits a key about one absent
 * key in a hundred is taken for a present one; a present key never for an absent one.
 */
const bitsPerKey = 10;
const probes = 6;

/** The hash that both building and asking use. */
export function filterHash(key: Uint8Array): number {
  // FNV-1a, then the finalizer of MurmurHash3, for FNV alone leaves the high bits weak.
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key[at]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Bytes of a filter for so many keys. */
export function filterSize(keys: number): number {
  return Math.max(8, Math.ceil((keys * bitsPerKey) / 8));
}

export function buildFilter(hashes: readonly number[]): Uint8Array {
  const filter = new Uint8Array(filterSize(hashes.length));
  const bits = filter.length * 8;
  for (const first of hashes) {
    const step = (first >>> 17) | (first << 15);
    let hash = first;
    for (let probe = 0; probe < probes; probe += 1) {
      const bit = (hash >>> 0) % bits;
      filter[bit >>> 3]! |= 1 << (bit & 7);
      hash = (hash + step) | 0;
    }
  }
  return filter;
}

/** `false` proves that no key with this hash is in the filter at `bytes[start, end)`. */
export function filterMayHold(bytes: Uint8Array, start: number, end: number, first: number): boolean {
  const bits = (end - start) * 8;
  const step = (first >>> 17) | (first << 15);
  let hash = first;
  for (let probe = 0; probe < probes; probe += 1) {
    const bit = (hash >>> 0) % bits;
    if ((bytes[start + (bit >>> 3)]! & (1 << (bit & 7))) === 0) return false;
    hash = (hash + step) | 0;
  }
  return true;
}
