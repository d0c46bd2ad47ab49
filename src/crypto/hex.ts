const DIGITS = '0123456789abcdef';

const HEX_OF_BYTE: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => DIGITS.charAt(byte >>> 4) + DIGITS.charAt(byte & 15),
);

const NO_DIGIT = 0xff;

const VALUE_OF_CODE = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < 16; value += 1) VALUE_OF_CODE[DIGITS.charCodeAt(value)] = value;

/** Lower-case hex, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (let at = 0; at < bytes.length; at += 1) hex += HEX_OF_BYTE[bytes[at]!]!;
  return hex;
}

/**
 * The bytes of a hex string, or `undefined` when it is not exactly what `toHex` writes: an odd length,
 * an upper-case digit, a prefix or a blank are all refused, so that each value has one spelling.
 */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> | undefined {
  if (hex.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    const high = VALUE_OF_CODE[hex.charCodeAt(2 * at)] ?? NO_DIGIT;
    const low = VALUE_OF_CODE[hex.charCodeAt(2 * at + 1)] ?? NO_DIGIT;
    if (high === NO_DIGIT || low === NO_DIGIT) return undefined;
    bytes[at] = (high << 4) | low;
  }
  return bytes;
}
