import { expect } from 'vitest';
import { Choices } from '../../sim/choices/index.ts';
import type { Draws, DrawSource } from '../../sim/choices/draws.ts';
import { type CrashProfile, crashProfile, Disk, errno, type FileSystemCall } from '../../sim/disk/index.ts';
import type { Sites } from '../../ports/index.ts';
import { type Journal, WalBusyError, WalIoError, WalPoisonedError } from './index.ts';
import {
  bodyOf,
  boot,
  indexOf,
  isIntact,
  type Place,
  readAll,
  type TestProcess,
} from './journal.test-support.ts';

/** What the disk may do to a process, each once in so many calls; 0 is never. */
export interface FaultRates {
  readonly failedSync: number;
  readonly failedWrite: number;
  readonly failedRead: number;
  readonly shortCall: number;
}

export const noFaults: FaultRates = { failedSync: 0, failedWrite: 0, failedRead: 0, shortCall: 0 };

/**
 * A log that is written, killed, cut off from power and opened again, over and over, against a model of
 * what it may then hold: all that was acknowledged, nothing but a prefix of what was appended.
 */
export class LogUnderFire {
  readonly markers = new Map<string, number>();
  readonly #draws: Draws;
  readonly #crashes: DrawSource;
  readonly #profile: CrashProfile;
  readonly #faults: FaultRates;
  #disk = new Disk();
  #process: TestProcess | undefined;
  #callsLeft = Infinity;
  /** Index of the next body to append; bodies are told apart by it. */
  #next = 0;
  /** Bodies that are or may be in the log, in order. */
  #appended: number[] = [];
  /** How many of them must be there. */
  #acknowledged = 0;
  /** Where they were last seen, by index. */
  readonly #places = new Map<number, Pick<Place, 'offset' | 'endOffset' | 'lsn'>>();
  /** The log was cleaned up to here. */
  #needed = 0;

  readonly #sites: Sites | undefined;

  constructor(seed: string, profile = 'strict', faults = noFaults, sites?: Sites) {
    const choices = new Choices({ kind: 'seed', seed, record: false });
    this.#draws = choices.stream('workload', 'fire');
    this.#crashes = choices.lane('fault');
    this.#profile = crashProfile(profile);
    this.#faults = faults;
    this.#sites = sites;
  }

  /** One life of a process: open, look, append, and an end that it may not have chosen. */
  async life(): Promise<void> {
    const draws = this.#draws;
    const doomed = draws.choose(4) > 0;
    // Short lives end while the log is being opened.
    this.#callsLeft = doomed ? 1 + draws.choose(draws.choose(2) === 0 ? 60 : 200) : Infinity;
    const process = this.#boot();
    const journal = await this.#open(process);
    if (journal !== undefined) {
      await this.#use(journal);
      if (!doomed && draws.choose(2) === 0) await this.#settle(journal.close());
    }
    this.#callsLeft = 0;
    for (const [marker, count] of process.telemetry.markers) {
      this.markers.set(marker, (this.markers.get(marker) ?? 0) + count);
    }
    if (draws.choose(3) > 0) this.#disk = this.#disk.crashImage(this.#profile, this.#crashes).disk;
  }

  /** Opens what is there once more in peace, and looks. */
  async inspect(): Promise<void> {
    this.#callsLeft = Infinity;
    const journal = await boot(this.#disk, undefined, this.#sites).open({}, this.#knowledge());
    await this.#check(journal);
    await journal.close();
  }

  #boot(): TestProcess {
    const process: TestProcess = boot(
      this.#disk,
      (call, effect) => {
        // A process that has ended does nothing any more, whatever its promises still try.
        if (this.#process !== process || this.#callsLeft <= 0) throw errno('EIO', call.operation, call.path);
        this.#callsLeft -= 1;
        if (this.#callsLeft === 0 && this.#draws.choose(2) === 0)
          throw errno('EIO', call.operation, call.path);
        this.#disturb(call);
        return effect();
      },
      this.#sites,
    );
    this.#process = process;
    return process;
  }

  #disturb(call: FileSystemCall): void {
    const { operation, path } = call;
    const { failedSync, failedWrite, failedRead, shortCall } = this.#faults;
    const once = (rate: number): boolean => rate > 0 && this.#draws.choose(rate) === rate - 1;
    const isSync = operation === 'fsync' || operation === 'fdatasync';
    if (isSync && once(failedSync)) throw errno('EIO', operation, path);
    if (operation === 'write' && once(failedWrite)) throw errno('ENOSPC', operation, path);
    if ((operation === 'open' || operation === 'read') && once(failedRead))
      throw errno('EIO', operation, path);
    if (call.length > 1 && once(shortCall)) call.length = 1 + this.#draws.choose(call.length - 1);
  }

  #knowledge(): { checkpoint: number; neededFrom: number } {
    const last = this.#appended[this.#acknowledged - 1];
    const end = last === undefined ? 0 : this.#places.get(last)!.endOffset;
    return { checkpoint: this.#draws.choose(2) * end, neededFrom: this.#needed };
  }

  async #open(process: TestProcess): Promise<Journal | undefined> {
    for (;;) {
      try {
        const journal = await process.open({}, this.#knowledge());
        await this.#check(journal);
        return journal;
      } catch (error) {
        if (!(error instanceof WalIoError)) throw error;
        if (this.#callsLeft <= 0) return undefined;
      }
    }
  }

  async #check(journal: Journal): Promise<void> {
    const records = await readAll(journal, Math.max(this.#needed, journal.firstOffset));
    // What lies below the last cleanup may be gone.
    const gone = this.#appended.findIndex(
      (index) => (this.#places.get(index)?.offset ?? Infinity) >= this.#needed,
    );
    const first = gone === -1 ? this.#appended.length : gone;
    const expected = this.#appended.slice(first);
    const found = records.map(({ body }) => indexOf(body));
    expect(found).toEqual(expected.slice(0, found.length));
    expect(first + found.length).toBeGreaterThanOrEqual(this.#acknowledged);
    for (const [at, { body, offset, endOffset, lsn }] of records.entries()) {
      const index = found[at]!;
      if (!isIntact(body, bodyBytesMax)) throw new Error(`body ${index} was altered`);
      const known = this.#places.get(index);
      if (known !== undefined)
        expect([offset, endOffset, lsn]).toEqual([known.offset, known.endOffset, known.lsn]);
      this.#places.set(index, { offset, endOffset, lsn });
    }
    // What a journal has shown once is durable.
    this.#appended = [...this.#appended.slice(0, first), ...found];
    this.#acknowledged = this.#appended.length;
  }

  async #use(journal: Journal): Promise<void> {
    const draws = this.#draws;
    const open: Promise<void>[] = [];
    for (let rounds = draws.choose(12); rounds > 0; rounds -= 1) {
      const kind = draws.choose(8);
      if (kind === 7 && this.#acknowledged > 0) {
        open.push(this.#cleanUp(journal));
      } else if (kind === 6) {
        open.push(this.#settle(journal.sync()));
      } else {
        const mixed = draws.choose(2) === 0;
        const sync = draws.choose(2) === 0;
        for (let burst = 1 + draws.choose(5); burst > 0; burst -= 1) {
          open.push(this.#append(journal, mixed ? draws.choose(2) === 0 : sync));
        }
      }
      if (draws.choose(3) > 0) await Promise.all(open.splice(0));
    }
    await Promise.all(open);
  }

  async #append(journal: Journal, sync: boolean): Promise<void> {
    const index = this.#next++;
    this.#appended.push(index);
    try {
      const place = await journal.append(bodyOf(index, bodyBytesMax), { sync });
      this.#places.set(index, place);
      if (sync) this.#acknowledge([index]);
    } catch (error) {
      if (error instanceof WalBusyError) return this.#forget(index);
      expectPoison(error);
    }
  }

  /** Waits for a promise that everything appended so far is durable. */
  async #settle(durable: Promise<void>): Promise<void> {
    const appended = [...this.#appended];
    try {
      await durable;
      this.#acknowledge(appended);
    } catch (error) {
      expectPoison(error);
    }
  }

  /** What was appended up to the last of these is durable. */
  #acknowledge(indexes: readonly number[]): void {
    const last = this.#appended.findLastIndex((index) => indexes.includes(index));
    this.#acknowledged = Math.max(this.#acknowledged, last + 1);
  }

  /** It was refused, and nothing of it was appended. */
  #forget(index: number): void {
    this.#appended = this.#appended.filter((other) => other !== index);
  }

  async #cleanUp(journal: Journal): Promise<void> {
    const index = this.#appended[this.#draws.choose(this.#acknowledged)]!;
    const { offset } = this.#places.get(index)!;
    this.#needed = Math.max(this.#needed, offset);
    try {
      await journal.cleanup(offset);
    } catch (error) {
      if (!(error instanceof WalIoError)) expectPoison(error);
    }
  }
}

/** Some bodies fill several sectors. */
const bodyBytesMax = 1200;

function expectPoison(error: unknown): void {
  expect(error).toBeInstanceOf(WalPoisonedError);
}

/** A moment in the life of a process. */
export interface Moment<T> {
  /** The disk as it was, pending changes and all. */
  readonly disk: Disk;
  readonly noted: T;
}

/** A process that notes down a moment before each call of the file system, once it is told to. */
export class WatchedProcess<T> {
  readonly moments: Moment<T>[] = [];
  readonly process: TestProcess;
  #watching = false;

  constructor(disk: Disk, note: () => T) {
    this.process = boot(disk, (_call, effect) => {
      if (this.#watching) this.moments.push({ disk: disk.fork(), noted: note() });
      return effect();
    });
  }

  watch(): void {
    this.#watching = true;
  }
}

/** Ways in which the power may go now: everything lost, all sorts of parts, nothing. */
export function* crashImages(disk: Disk, count: number): Generator<Disk, void> {
  const strict = crashProfile('strict');
  for (const mode of ['lose-all', 'keep-all'] as const) {
    yield disk.crashImage(
      strict,
      new Choices({ kind: 'seed', seed: mode, record: false }).lane('fault'),
      mode,
    ).disk;
  }
  for (let seed = 0; seed < count; seed += 1) {
    const choices = new Choices({ kind: 'seed', seed: `${seed}`, record: false });
    yield disk.crashImage(strict, choices.lane('fault')).disk;
  }
}
