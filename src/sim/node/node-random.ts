import type { Entropy } from '../../ports/index.ts';

/** Stand-ins for randomness, by the names that the guard knows it by. */
export function nodeRandom(entropy: Entropy): Readonly<Record<string, (...args: never[]) => unknown>> {
  const random = (): number => {
    const [high = 0, low = 0] = new Uint32Array(entropy.bytes(8).buffer);
    return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
  };
  const fill = <View extends NodeJS.ArrayBufferView>(view: View): View => {
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(entropy.bytes(view.byteLength));
    return view;
  };
  return {
    'Math.random': random,
    'crypto.randomBytes': (size: number, callback?: (error: null, bytes: Buffer) => void) => {
      const bytes = Buffer.from(entropy.bytes(size));
      if (callback === undefined) return bytes;
      void Promise.resolve().then(() => callback(null, bytes));
      return undefined;
    },
    'crypto.randomFillSync': fill,
    'crypto.getRandomValues': fill,
    'crypto.randomInt': (least: number, above?: number) => {
      const [from, to] = above === undefined ? [0, least] : [least, above];
      return from + Math.floor(random() * (to - from));
    },
    'crypto.randomUUID': () => {
      const bytes = entropy.bytes(16);
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      const hex = Buffer.from(bytes).toString('hex');
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}
