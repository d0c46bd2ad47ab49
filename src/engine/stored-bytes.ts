import { fromHex } from '../crypto/index.ts';
import { invariant } from './errors.ts';

/** Bytes that this engine has written as hexadecimal digits itself. */
export function storedBytes(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  invariant(bytes !== undefined, `"${hex}" is stored where hexadecimal digits belong`);
  return bytes;
}
