/** Order of two keys as unsigned bytes, a prefix first: negative, zero or positive. */
export function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = one[at]! - other[at]!;
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

/** As `compareBytes(bytes.subarray(start, end), key)`, without making the view. */
export function compareRange(bytes: Uint8Array, start: number, end: number, key: Uint8Array): number {
  const length = end - start;
  const shared = Math.min(length, key.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = bytes[start + at]! - key[at]!;
    if (difference !== 0) return difference;
  }
  return length - key.length;
}

export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && compareBytes(one, other) === 0;
}

/** The least key greater than `key`. */
export function keyAfter(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

/** The least key greater than every key that starts with `prefix`; `undefined` when there is none. */
export function endOfPrefix(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  if (length === 0) return undefined;
  const end = prefix.slice(0, length);
  end[length - 1]! += 1;
  return end;
}
