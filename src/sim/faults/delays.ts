import type { FileSystemCall } from '../disk/index.ts';
import type { FaultSetting } from './fault.ts';
import type { DiskFaults } from './rates.ts';

/** How long calls wait for a device that is slow, or stands still for everybody. */
export class Delays {
  readonly #setting: FaultSetting;
  readonly #faults: Partial<DiskFaults>;
  #stalledUntilMicros = 0;

  constructor(setting: FaultSetting, faults: Partial<DiskFaults>) {
    this.#setting = setting;
    this.#faults = faults;
  }

  /** Virtual microseconds before the call may begin. */
  of(call: FileSystemCall): number {
    return Math.max(this.#slowness(call), this.#stall(call));
  }

  /** The device answers again. */
  end(): void {
    this.#stalledUntilMicros = 0;
  }

  #slowness(call: FileSystemCall): number {
    const { dice, happened } = this.#setting;
    const { slow } = this.#faults;
    if (slow === undefined || !dice.strikes('slow', call)) return 0;
    happened('slow', call);
    return dice.micros('slow', call, slow.microsMax);
  }

  #stall(call: FileSystemCall): number {
    const { dice, happened } = this.#setting;
    const { stall } = this.#faults;
    if (stall === undefined) return 0;
    const now = this.#setting.nowMicros();
    if (now >= this.#stalledUntilMicros && dice.strikes('stall', call)) {
      happened('stall', call);
      this.#stalledUntilMicros = now + dice.micros('stall', call, stall.microsMax);
    }
    return Math.max(0, this.#stalledUntilMicros - now);
  }
}
