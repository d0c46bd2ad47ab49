import type { Choices, StrikeWatch } from '../choices/index.ts';
import type { Disk, FailedSync, FileSystemCall, Intercept } from '../disk/index.ts';
import { BitRot } from './bit-rot.ts';
import { Delays } from './delays.ts';
import { DiskFaultDice } from './dice.ts';
import type { Fault, FaultSetting } from './fault.ts';
import { faultModel, methodOf } from './fault-model.ts';
import { LastingRefusal } from './lasting-refusal.ts';
import { LateSpaceFault } from './late-space.ts';
import { LyingDevice } from './lying-device.ts';
import type { DiskFaultEvent, DiskFaultKind, DiskFaults } from './rates.ts';
import { ReadError } from './read-error.ts';
import { readOnly } from './read-only.ts';
import { noSpaceForNames, quotaForNames, SpaceFault } from './space.ts';
import { DirectorySyncError, Eviction, SyncError, UnreportedSyncError } from './sync-error.ts';
import { Refusal, ShortTransfer, WriteError } from './transfer.ts';

export interface FaultInjectorOptions {
  /** Name of the machine: part of the site of every draw. */
  readonly machine: string;
  readonly choices: Choices;
  readonly faults: Partial<DiskFaults>;
  /** What a failed sync leaves: see `CrashProfile`. */
  readonly failedSync: readonly FailedSync[];
  /** Looks on as faults strike, or decides it. */
  readonly watch?: StrikeWatch | undefined;
  /** Number of the process that runs on the machine. */
  life?(): number;
  /** The disk that is in the machine now. */
  disk(): Disk;
  nowMicros(): number;
  /** Hears of each time that a fault strikes, or one that lasts is felt. */
  onEvent?(event: DiskFaultEvent, call: FileSystemCall): void;
}

/** The faults that the file-system calls of one machine meet, whichever process makes them. */
export class FaultInjector {
  readonly #dice: DiskFaultDice;
  readonly #faults: ReadonlyMap<FileSystemCall['operation'], readonly Fault[]>;
  readonly #all: readonly Fault[];
  readonly #delays: Delays;
  readonly #readError: ReadError | undefined;
  readonly #happened: FaultSetting['happened'];
  readonly #counts = new Map<DiskFaultEvent, number>();

  constructor(options: FaultInjectorOptions) {
    const { faults } = options;
    this.#dice = new DiskFaultDice(options);
    this.#happened = (event, call) => {
      this.#counts.set(event, (this.#counts.get(event) ?? 0) + 1);
      options.onEvent?.(event, call);
    };
    const setting: FaultSetting = {
      dice: this.#dice,
      disk: () => options.disk(),
      nowMicros: () => options.nowMicros(),
      happened: this.#happened,
    };
    this.#delays = new Delays(setting, faults);
    const made = makeFaults(setting, faults, options.failedSync);
    this.#all = [...made.values()];
    this.#readError = this.#all.find((fault) => fault instanceof ReadError);
    const operations = Object.keys(methodOf) as FileSystemCall['operation'][];
    this.#faults = new Map(
      operations.map((operation) => {
        const kinds: readonly DiskFaultKind[] = faultModel[methodOf[operation]];
        return [operation, kinds.flatMap((kind) => made.get(kind) ?? [])];
      }),
    );
  }

  /** How often each fault struck, and each that lasts was felt. */
  counts(): ReadonlyMap<DiskFaultEvent, number> {
    return this.#counts;
  }

  /** A database is open from now on, or is being opened: some faults wait for the one. */
  setServing(isServing: boolean): void {
    this.#dice.isServing = isServing;
  }

  /** Nothing strikes any more, and what lasts is over. What it has done to the disk stays. */
  stop(): void {
    this.#dice.stop();
    this.#delays.end();
  }

  /** The machine has lost its power, or has got another disk. */
  rebooted(): void {
    for (const fault of this.#all) fault.rebooted?.();
    this.#delays.end();
  }

  /** Paths of files of which some sector cannot be read any more. */
  unreadable(): readonly string[] {
    return this.#readError?.unreadable() ?? [];
  }

  /** The file was put on good sectors, with what it held. */
  restore(path: string): void {
    this.#readError?.restore(path);
  }

  /** For `SimFileSystem`: how long a call waits before it begins. */
  delay(call: FileSystemCall): number {
    return this.#delays.of(call);
  }

  /** For `SimFileSystem`: what becomes of a call. */
  readonly intercept: Intercept = (call, effect) => this.#meet(call, effect, 0);

  #meet<T>(call: FileSystemCall, effect: () => T, nth: number): T {
    const fault = this.#faults.get(call.operation)?.[nth];
    if (fault === undefined) {
      if (isSync(call) && call.file?.hasFailureToTell === true) this.#happened('lateSyncError', call);
      return effect();
    }
    return fault.meet(call, () => this.#meet(call, effect, nth + 1));
  }
}

function isSync({ operation }: FileSystemCall): boolean {
  return operation === 'fsync' || operation === 'fdatasync';
}

/** Those that are switched on, but for delays. */
function makeFaults(
  setting: FaultSetting,
  faults: Partial<DiskFaults>,
  failedSync: readonly FailedSync[],
): Map<DiskFaultKind, Fault> {
  const made = new Map<DiskFaultKind, Fault>();
  const when = <Kind extends DiskFaultKind>(kind: Kind, make: (rate: DiskFaults[Kind]) => Fault): void => {
    const rate = faults[kind];
    if (rate !== undefined) made.set(kind, make(rate));
  };
  when('readError', (rate) => new ReadError(setting, rate.lastingOutOf ?? 0));
  when('shortRead', () => new ShortTransfer(setting, 'shortRead'));
  when('shortWrite', () => new ShortTransfer(setting, 'shortWrite'));
  when('interrupted', () => new Refusal(setting, 'interrupted', 'EINTR'));
  when('noHandles', () => new Refusal(setting, 'noHandles', 'EMFILE'));
  when('noSpace', (rate) => new SpaceFault(setting, 'noSpace', rate));
  when('quota', (rate) => new SpaceFault(setting, 'quota', rate));
  when('lateNoSpace', () => new LateSpaceFault(setting, 'lateNoSpace', failedSync));
  when('lateQuota', () => new LateSpaceFault(setting, 'lateQuota', failedSync));
  when('noSpaceForNames', (rate) => new LastingRefusal(setting, noSpaceForNames, rate));
  when('quotaForNames', (rate) => new LastingRefusal(setting, quotaForNames, rate));
  when('writeError', () => new WriteError(setting));
  when('syncError', () => new SyncError(setting, failedSync));
  when('unreportedSyncError', () => new UnreportedSyncError(setting));
  when('directorySyncError', () => new DirectorySyncError(setting));
  when('eviction', () => new Eviction(setting));
  when('readOnly', (rate) => new LastingRefusal(setting, readOnly, rate));
  when('lostWrite', () => new LyingDevice(setting, 'lostWrite'));
  when('misdirectedWrite', () => new LyingDevice(setting, 'misdirectedWrite'));
  when('bitRot', () => new BitRot(setting));
  return made;
}
