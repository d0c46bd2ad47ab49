import type { IdentityOf } from '../engine/index.ts';

/** Identities of which only the first `bits` tell contents apart: 0 to 256, the others are 0. */
export function shortIdentity(bits: number): IdentityOf {
  return (hash) => {
    const short = new Uint8Array(hash.length);
    const whole = bits >> 3;
    short.set(hash.subarray(0, whole));
    if (whole < hash.length) short[whole] = (hash[whole] ?? 0) & (0xff00 >> (bits & 7));
    return short;
  };
}
