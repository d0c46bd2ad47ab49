import type { Parked, Ports } from '../../ports/index.ts';
import { WalBusyError } from './errors.ts';
import { recordHeadBytes } from './record.ts';

/** Where an appended body stands in the log. */
export interface AppendReceipt {
  /** Of the record; data records do not have consecutive ones. */
  readonly lsn: number;
  readonly offset: number;
  /** Where the record ends: a reader that starts here begins with the one after. */
  readonly endOffset: number;
}

/** An append, or without a body a request to sync, and who waits for it. */
export interface QueuedAppend {
  readonly body: Uint8Array | undefined;
  /** The waiter is to be released when it is durable; otherwise as soon as it is written. */
  readonly sync: boolean;
  readonly parked: Parked<AppendReceipt>;
}

/** Appends that wait for their group, first come, first served. */
export class AppendQueue {
  readonly #ports: Pick<Ports, 'scheduler' | 'sites'>;
  readonly #bytesMax: number;
  #waiting: QueuedAppend[] = [];
  /** How many of `#waiting` have been taken already. */
  #taken = 0;
  #bytes = 0;
  #wantRoom: Parked<void>[] = [];
  /** It says that it is full, until something is taken out of it. */
  #pretendsToBeFull = false;

  constructor(ports: Pick<Ports, 'scheduler' | 'sites'>, bytesMax: number) {
    this.#ports = ports;
    this.#bytesMax = bytesMax;
  }

  get isEmpty(): boolean {
    return this.#taken === this.#waiting.length;
  }

  get #isFull(): boolean {
    return this.#pretendsToBeFull || this.#bytes >= this.#bytesMax;
  }

  /** Bytes of the record of the first in line, without filler. */
  get firstBytes(): number {
    const first = this.#waiting[this.#taken];
    return first === undefined ? 0 : recordBytes(first);
  }

  /**
   * Resolves when the committer says so. Throws `WalBusyError` when the queue is full; since that is
   * asked before, it may hold one body more than `bytesMax`.
   */
  push(body: Uint8Array | undefined, sync: boolean): Promise<AppendReceipt> {
    if (body !== undefined) {
      // Only where something waits, so that room is sure to come.
      if (this.#bytes > 0 && this.#ports.sites.fires('wal.queue-full')) this.#pretendsToBeFull = true;
      if (this.#isFull) throw new WalBusyError(this.#bytes);
    }
    const parked = this.#ports.scheduler.park<AppendReceipt>(body === undefined ? 'wal sync' : 'wal append');
    const append = { body, sync, parked };
    this.#waiting.push(append);
    this.#bytes += recordBytes(append);
    return parked.promise;
  }

  /** Takes the first in line and whoever fits into `bytesMax` with it. */
  take(bytesMax: number): QueuedAppend[] {
    let bytes = this.firstBytes;
    let end = this.#taken + 1;
    for (; end < this.#waiting.length; end += 1) {
      const more = bytes + recordBytes(this.#waiting[end]!);
      if (more > bytesMax) break;
      bytes = more;
    }
    const group = this.#waiting.slice(this.#taken, end);
    this.#taken = end;
    this.#bytes -= bytes;
    this.#pretendsToBeFull = false;
    if (this.isEmpty) {
      this.#waiting = [];
      this.#taken = 0;
    } else if (this.#taken > this.#waiting.length / 2) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
    for (const parked of this.#wantRoom.splice(0)) parked.wake();
    return group;
  }

  /** Resolves when a body may be pushed, or when the queue has failed. */
  async room(): Promise<void> {
    while (this.#isFull) {
      const parked = this.#ports.scheduler.park('room in the wal queue');
      this.#wantRoom.push(parked);
      await parked.promise;
    }
  }

  /** Ends every wait with `error`. */
  fail(error: unknown): void {
    for (const { parked } of this.#waiting.slice(this.#taken)) parked.fail(error);
    this.#waiting = [];
    this.#taken = 0;
    this.#bytes = 0;
    this.#pretendsToBeFull = false;
    for (const parked of this.#wantRoom.splice(0)) parked.wake();
  }
}

function recordBytes({ body }: QueuedAppend): number {
  return body === undefined ? 0 : recordHeadBytes + body.length;
}
