import { noSites, type Ports, type Signatures, type Sites, type Telemetry } from '../../ports/index.ts';
import type { Choices, StrikeWatch } from '../choices/index.ts';
import { MachineClock } from '../clock/index.ts';
import {
  type CrashMode,
  type CrashProfile,
  type CrashReport,
  Disk,
  type FileSystemCall,
} from '../disk/index.ts';
import { type DiskFaultEvent, type DiskFaults, FaultInjector } from '../faults/index.ts';
import type { Kernel } from '../schedule/index.ts';
import type { MachineState, Trace } from '../trace/index.ts';
import { filesUnder, healBit, type RotAim, rotBit, type RottenBit, rotOneBit } from './bit-rot.ts';
import { SimProcess } from './process.ts';
import { SimEntropy } from './sim-entropy.ts';
import { SimSites, type SiteRates } from './sim-sites.ts';

export interface MachineOptions {
  readonly name: string;
  readonly kernel: Kernel;
  readonly choices: Choices;
  readonly profile: CrashProfile;
  readonly telemetry: Telemetry;
  readonly signatures: Signatures;
  /** Of a buffer that a process hands to the file system. Default: any. */
  readonly bufferBytesMax?: number | undefined;
  readonly trace?: Trace | undefined;
  /** Looks on as faults strike, or decides it. */
  readonly watch?: StrikeWatch | undefined;
}

/** A computer with one disk and one wall clock, on which one process runs at a time. */
export class Machine {
  readonly name: string;
  readonly clock: MachineClock;
  /** What each power loss did to the disk, in order. */
  readonly crashes: CrashReport[] = [];
  readonly #options: MachineOptions;
  #disk = new Disk();
  #process: SimProcess | undefined;
  #faults: FaultInjector | undefined;
  #sites: Sites = noSites;
  #onSync: (() => void) | undefined;
  #boots = 0;
  #images = 0;
  #diskBytesPeak = 0;

  constructor(options: MachineOptions) {
    this.name = options.name;
    this.clock = new MachineClock(options.kernel);
    this.#options = options;
  }

  get disk(): Disk {
    return this.#disk;
  }

  /** Most bytes that `lookAtDisk` has seen, or that were there when a process or disk went. */
  get diskBytesPeak(): number {
    return this.#diskBytesPeak;
  }

  lookAtDisk(): void {
    this.#diskBytesPeak = Math.max(this.#diskBytesPeak, this.#disk.usedBytes);
  }

  /** Keeps what is on the disk at this moment, if this run is traced. */
  traceDisk(): void {
    const { kernel, trace } = this.#options;
    trace?.disk({
      step: kernel.steps,
      timeMicros: kernel.nowMicros,
      machine: this.name,
      bytes: this.#disk.usedBytes,
      unsyncedBytes: this.#disk.unsyncedBytes,
      unsyncedNames: this.#disk.unsyncedNames,
    });
  }

  state(): MachineState {
    const { process } = this;
    return {
      clock: this.clock.state(),
      process: process?.name ?? null,
      isPaused: process !== undefined && this.#options.kernel.isPaused(process),
      files: this.#disk.fileStates(),
    };
  }

  /**
   * From its next process on, file-system calls meet `faults`, and `onEvent` hears of each that does. Called
   * once at most.
   */
  armFaults(
    faults: Partial<DiskFaults>,
    onEvent?: (event: DiskFaultEvent, call: FileSystemCall) => void,
  ): FaultInjector {
    const { kernel, choices, profile, watch } = this.#options;
    this.#faults = new FaultInjector({
      machine: this.name,
      choices,
      faults,
      failedSync: profile.failedSync,
      watch,
      life: () => this.#boots,
      disk: () => this.#disk,
      nowMicros: () => kernel.nowMicros,
      ...(onEvent === undefined ? {} : { onEvent }),
    });
    return this.#faults;
  }

  /** From its next process on, sites of the programs that run here fire at these rates. */
  armSites(rates: SiteRates): void {
    const { choices, telemetry } = this.#options;
    this.#sites = new SimSites({ machine: this.name, choices, telemetry, rates });
  }

  /**
   * From its next process on, `look` is called right before and right after each sync of a file or directory takes
   * effect, within the step in which it does. Called once at most.
   */
  watchSyncs(look: () => void): void {
    this.#onSync = look;
  }

  /** Puts in another disk, such as a crash image of another machine's; whatever ran here is killed. */
  insert(disk: Disk): void {
    this.kill();
    this.#disk = disk;
    this.#faults?.rebooted();
  }

  /** The process that runs, if one does. */
  get process(): SimProcess | undefined {
    return this.#process?.running === true ? this.#process : undefined;
  }

  /** Starts a process with nothing in it; whatever ran before is killed. */
  boot(): SimProcess {
    this.kill();
    const { kernel, choices, telemetry, signatures, bufferBytesMax } = this.#options;
    const name = `${this.name}/${++this.#boots}`;
    const ports: Omit<Ports, 'fs' | 'scheduler'> = {
      clock: this.clock,
      entropy: new SimEntropy(choices.entropy(`${name}:entropy`)),
      telemetry,
      signatures,
      sites: this.#sites,
    };
    this.#process = new SimProcess(name, {
      kernel,
      disk: this.#disk,
      faults: this.#faults,
      onSync: this.#onSync,
      bufferBytesMax,
      ports,
    });
    return this.#process;
  }

  /** Ends the process; the page cache survives. */
  kill(): void {
    this.lookAtDisk();
    this.#process?.kill();
    this.#process = undefined;
  }

  /** Ends the machine: the disk becomes one of the states that the profile allows. */
  powerLoss(number?: number): CrashReport {
    this.kill();
    const { disk, report } = this.crashImage(number);
    this.#traceLoss(disk, report);
    this.#disk = disk;
    this.#faults?.rebooted();
    this.crashes.push(report);
    return report;
  }

  #traceLoss(image: Disk, { profile, mode, names }: CrashReport): void {
    const { kernel, trace } = this.#options;
    trace?.powerLosses.push({
      step: kernel.steps,
      timeMicros: kernel.nowMicros,
      machine: this.name,
      profile,
      mode,
      files: this.#disk.lossesIn(image),
      names,
    });
  }

  /** Lets one bit of one file under `directory` rot; it stays so. */
  rotOneBit(directory: string, aim?: RotAim): RottenBit | undefined {
    return rotOneBit(this.#disk, directory, this.#options.choices.stream('fault', `${this.name}:rot`), aim);
  }

  /** Lets this very bit rot; it stays so. `false` where there is no such byte. */
  rotBit(rotten: RottenBit): boolean {
    return rotBit(this.#disk, rotten);
  }

  /** Paths of all files on the disk under `directory`, in order; none where there is no such directory. */
  filesUnder(directory: string): readonly string[] {
    return this.#disk.has(directory) ? filesUnder(this.#disk, directory) : [];
  }

  /** Undoes what `rotOneBit` or `rotBit` did. `false`: the file has gone meanwhile. */
  healBit(rotten: RottenBit): boolean {
    return healBit(this.#disk, rotten);
  }

  /** Number of the last crash image, that of a power loss included: it names the draws of what is left. */
  get images(): number {
    return this.#images;
  }

  /** One image less: the draws of the next are those that they would be if it had been taken. */
  skipImage(): void {
    this.#images += 1;
  }

  /**
   * The disk as a power loss at this moment might leave it; nothing here changes. `number` names the draws of what is
   * left, by default the next ones; `mode` is the pattern of the loss, without it one is drawn.
   */
  crashImage(
    number = this.#images + 1,
    mode?: CrashMode,
  ): { readonly disk: Disk; readonly report: CrashReport } {
    const { choices, profile } = this.#options;
    this.#images = number;
    const crash = `${this.name}:crash-${number}`;
    const draws = { at: (site: string) => choices.stream('fault', `${crash} ${site}`) };
    return this.#disk.crashImage(profile, draws, mode);
  }
}
