import type { Device } from '../schedule/device.ts';

/** What a device was asked to do, and the 32 bits it would fold into a digest. */
export interface Performed {
  readonly operation: string;
  readonly resource: string;
  readonly fingerprint: number | undefined;
}

/** Delivers each operation in a microtask of its own, in order, and keeps a list. */
export class ImmediateDevice implements Device {
  readonly performed: Performed[] = [];

  async perform<T>(
    operation: string,
    resource: string,
    effect: () => T,
    fingerprint?: (result: T) => number,
  ): Promise<T> {
    await Promise.resolve();
    const result = effect();
    this.performed.push({ operation, resource, fingerprint: fingerprint?.(result) });
    return result;
  }
}
