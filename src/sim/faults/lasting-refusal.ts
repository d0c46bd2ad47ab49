import type { Disk, ErrnoCode, FileSystemCall } from '../disk/index.ts';
import { type Fault, type FaultSetting, refusalOf } from './fault.ts';
import type { DiskFaultEvent, DiskFaultKind, DiskFaults, TimedDiskFaultRate } from './rates.ts';

/** What is refused, and for how long. */
export interface RefusalTerms {
  readonly kind: TimedKind;
  /** Counted at each call that is refused. */
  readonly event: DiskFaultEvent;
  readonly code: ErrnoCode;
  /** Over, too, when the machine is started again. */
  readonly endsWithPower: boolean;
  refuses(disk: Disk, call: FileSystemCall): boolean;
}

type TimedKind = {
  [Kind in DiskFaultKind]: DiskFaults[Kind] extends TimedDiskFaultRate ? Kind : never;
}[DiskFaultKind];

/** From the call that is struck on, and for a while, every call of its sort fails, and nothing has happened. */
export class LastingRefusal implements Fault {
  readonly #setting: FaultSetting;
  readonly #terms: RefusalTerms;
  readonly #microsMax: number;
  #untilMicros = 0;

  constructor(setting: FaultSetting, terms: RefusalTerms, { microsMax }: TimedDiskFaultRate) {
    this.#setting = setting;
    this.#terms = terms;
    this.#microsMax = microsMax;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    const { kind, event, code } = this.#terms;
    if (!dice.concerns(kind, call) || !this.#terms.refuses(this.#setting.disk(), call)) return effect();
    const now = this.#setting.nowMicros();
    if (now >= this.#untilMicros) {
      if (!dice.strikes(kind, call)) return effect();
      happened(kind, call);
      this.#untilMicros = now + dice.micros(kind, call, this.#microsMax);
    }
    happened(event, call);
    throw refusalOf(call, code);
  }

  rebooted(): void {
    if (this.#terms.endsWithPower) this.#untilMicros = 0;
  }
}
