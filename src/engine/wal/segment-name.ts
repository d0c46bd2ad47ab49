import { blake3Prefixed, fromHex, toHex } from '../../crypto/index.ts';
import type { Entropy } from '../../ports/index.ts';
import { equalAt } from './bytes.ts';
import { nonceBytes } from './envelope.ts';

/**
 * Who a segment is. The nonce stands in the name as well as in the header and in every record: whatever
 * has become of the content, a name says which bytes in the file are its own.
 */
export interface SegmentIdentity {
  /** 1 for the first of a log; higher for every later one, though not always by one. */
  readonly id: number;
  readonly nonce: Uint8Array;
}

const pattern = /^(\d{12})-([0-9a-f]{16})\.seg$/;

/**
 * A segment that has never been before. Directory and id go into the nonce too, so that even where
 * entropy is poor, as in a simulation that is being minimized, no two segments on a disk share one.
 */
export function newSegment(entropy: Entropy, directory: string, id: number): SegmentIdentity {
  const place = new TextEncoder().encode(`${directory}/${id}`);
  return { id, nonce: blake3Prefixed(entropy.bytes(16), place).slice(0, nonceBytes) };
}

/** `000000000001-0123456789abcdef.seg` */
export function segmentName({ id, nonce }: SegmentIdentity): string {
  return `${String(id).padStart(12, '0')}-${toHex(nonce)}.seg`;
}

/** `undefined` for every name that `segmentName` does not give. */
export function parseSegmentName(name: string): SegmentIdentity | undefined {
  const match = pattern.exec(name);
  const nonce = match?.[2] === undefined ? undefined : fromHex(match[2]);
  const id = Number(match?.[1]);
  return nonce === undefined || id === 0 ? undefined : { id, nonce };
}

export function isSameSegment(one: SegmentIdentity, other: SegmentIdentity): boolean {
  return one.id === other.id && equalAt(one.nonce, 0, other.nonce);
}
