import type { Hash } from './types.ts';

/**
 * What content is known by, of the hash of it: the whole, but where a test wants collisions and keeps only a
 * part. Signatures are over the whole hash in any case.
 */
export type IdentityOf = (hash: Hash) => Hash;

export const wholeHash: IdentityOf = (hash) => hash;
