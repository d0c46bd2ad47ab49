import { randomFillSync } from 'node:crypto';
import type { Entropy } from '../ports/index.ts';

/** The kernel's random bytes. */
export class HostEntropy implements Entropy {
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return randomFillSync(new Uint8Array(length));
  }
}
