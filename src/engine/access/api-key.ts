import { blake3Prefixed, fromHex, toHex } from '../../crypto/index.ts';
import type { Entropy } from '../../ports/index.ts';
import type { AgentId, Hash } from '../model/index.ts';
import type { Role } from './roles.ts';

/** How fast a key may spend: a bucket that is full at first and is filled up again all the time. */
export interface BucketRate {
  /** What a key that was idle may spend at once. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** What the database knows of an API key: everything but the key. */
export interface ApiKey {
  /** Public: names the key in listings, in telemetry and where it is revoked. 16 hexadecimal digits. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** For whom its holder may speak, as lower-case hex. */
  readonly agents: 'any' | readonly string[];
  /** Costs in each hour of the wall clock. */
  readonly quotaPerHour: number;
  readonly bucket: BucketRate;
  /** Wall clock of the server, milliseconds. */
  readonly createdAt: number;
  readonly revokedAt?: number | undefined;
}

const KEY_TEXT = /^steme_([0-9a-f]{64})$/;

const KEY_BYTES = 32;

/** Bytes of the hash of a key that are its id: enough to tell keys apart, and too few to say anything of one. */
const ID_BYTES = 8;

/** A hash of a key is a hash of nothing else. */
const tag = new TextEncoder().encode('stemedb/api-key\0\u0001');

/** A key that nobody can guess: `steme_` and 64 hexadecimal digits. */
export function drawKeyText(entropy: Entropy): string {
  return `steme_${toHex(entropy.bytes(KEY_BYTES))}`;
}

/** What a key is known by, or `undefined` for a text that is none. The key cannot be had back from it. */
export function hashKeyText(text: string): Hash | undefined {
  const digits = KEY_TEXT.exec(text)?.[1];
  const bytes = digits === undefined ? undefined : fromHex(digits);
  return bytes === undefined ? undefined : blake3Prefixed(tag, bytes);
}

export function idOfHash(keyHash: Hash): string {
  return toHex(keyHash.subarray(0, ID_BYTES));
}

/** What the hashes of all keys with that id begin with; `undefined` for a text that is no id. */
export function hashPrefixOfId(id: string): Uint8Array | undefined {
  return id.length === 2 * ID_BYTES ? fromHex(id) : undefined;
}

export function maySpeakFor(key: ApiKey, agentId: AgentId): boolean {
  return key.agents === 'any' || key.agents.includes(toHex(agentId));
}
