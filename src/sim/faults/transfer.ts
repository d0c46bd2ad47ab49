import type { ErrnoCode, FileSystemCall } from '../disk/index.ts';
import { type Fault, type FaultSetting, refusalOf } from './fault.ts';
import type { DiskFaultKind } from './rates.ts';

/** The call fails, and nothing has happened: EINTR, EMFILE. */
export class Refusal implements Fault {
  readonly #setting: FaultSetting;
  readonly #kind: DiskFaultKind;
  readonly #code: ErrnoCode;

  constructor(setting: FaultSetting, kind: DiskFaultKind, code: ErrnoCode) {
    this.#setting = setting;
    this.#kind = kind;
    this.#code = code;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    if (!dice.strikes(this.#kind, call)) return effect();
    happened(this.#kind, call);
    throw refusalOf(call, this.#code);
  }
}

/** A read or write of at least two bytes moves fewer of them, and at least one. */
export class ShortTransfer implements Fault {
  readonly #setting: FaultSetting;
  readonly #kind: 'shortRead' | 'shortWrite';

  constructor(setting: FaultSetting, kind: 'shortRead' | 'shortWrite') {
    this.#setting = setting;
    this.#kind = kind;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    // Fewer than there are: what is asked for beyond the end of a file is not.
    const there = call.operation === 'read' ? (call.file?.bytesFrom(call.position ?? 0) ?? 0) : Infinity;
    const most = Math.min(call.length, there);
    if (most < 2 || !dice.strikes(this.#kind, call)) return effect();
    call.length = most - 1 - dice.stream(this.#kind, call).choose(most - 1);
    happened(this.#kind, call);
    return effect();
  }
}

/** A write fails, and none, some or all of its bytes are there. */
export class WriteError implements Fault {
  readonly #setting: FaultSetting;

  constructor(setting: FaultSetting) {
    this.#setting = setting;
  }

  meet<T>(call: FileSystemCall, effect: () => T): T {
    const { dice, happened } = this.#setting;
    if (call.length === 0 || !dice.strikes('writeError', call)) return effect();
    happened('writeError', call);
    call.length = dice.stream('writeError', call).choose(call.length + 1);
    if (call.length > 0) effect();
    throw refusalOf(call, 'EIO');
  }
}
