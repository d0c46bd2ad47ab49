/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/**
 * Eight tables of 256 in one array: entry `256·k + b` is the remainder of byte `b` followed by `k` zero
 * bytes, which is what lets eight bytes be folded at once.
 */
const TABLES = buildTables();

/**
 * CRC-32C of `bytes[start, end)` as an unsigned 32-bit integer (RFC 3720, appendix B.4).
 *
 * Slice-by-8 after Kounavis and Berry (2005). `zlib.crc32` is another polynomial and no substitute.
 * Throws `RangeError` when the range does not lie within `bytes`.
 */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  if (!(start >= 0 && start <= end && end <= bytes.length)) {
    throw new RangeError(`crc32c: [${start}, ${end}) is not a range of ${bytes.length} bytes`);
  }
  const tables = TABLES;
  let crc = -1;
  let at = start;
  for (const wholeEnd = end - 7; at < wholeEnd; at += 8) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      tables[0x700 | (crc & 0xff)]! ^
      tables[0x600 | ((crc >>> 8) & 0xff)]! ^
      tables[0x500 | ((crc >>> 16) & 0xff)]! ^
      tables[0x400 | (crc >>> 24)]! ^
      tables[0x300 | bytes[at + 4]!]! ^
      tables[0x200 | bytes[at + 5]!]! ^
      tables[0x100 | bytes[at + 6]!]! ^
      tables[bytes[at + 7]!]!;
  }
  for (; at < end; at += 1) crc = tables[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function buildTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
    }
    tables[byte] = remainder;
  }
  for (let entry = 256; entry < tables.length; entry += 1) {
    const shorter = tables[entry - 256]!;
    tables[entry] = (shorter >>> 8) ^ tables[shorter & 0xff]!;
  }
  return tables;
}
