/** The least multiple of `unit`, a power of two, that is not below `value`. */
export function alignUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** Writes an unsigned integer of up to 53 bits as eight bytes, little endian. */
export function writeUint64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}

/** Reads what `writeUint64` wrote; NaN when the number has more than 53 bits. */
export function readUint64(view: DataView, at: number): number {
  const value = view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Whether `bytes` stands in `within` at `at`. */
export function equalAt(within: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index += 1) {
    if (within[at + index] !== bytes[index]) return false;
  }
  return true;
}
