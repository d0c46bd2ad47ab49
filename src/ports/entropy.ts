/** Unpredictable bytes. On a host they come from the kernel; in a simulation, from the seed. */
export interface Entropy {
  /** A fresh array of `length` bytes, owned by the caller. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}
