import type { Disk, Draws, FaultInjector, Machine, World } from '../sim/index.ts';
import type { ArenaContext } from './context.ts';
import { diskFaults } from './disk-faults.ts';
import { networkFaults } from './network-faults.ts';
import type { ClockFaults } from './scenario.ts';
import { SyncImages } from './sync-images.ts';

/**
 * Crashes a machine at moments that the seed decides, counted in steps, so that any two steps of the
 * system, recovery included, may have a crash between them. Tells of what the network does to messages, and
 * disks to the calls of a file system.
 */
export class Chaos {
  readonly #context: ArenaContext;
  readonly #world: World;
  readonly #counts = new Map<string, number>();
  readonly #disks = new Map<Machine, ArmedDisk>();
  #stopped = false;

  constructor(context: ArenaContext, world: World) {
    this.#context = context;
    this.#world = world;
    world.network.onEvent((event, pair) => {
      const { name, told } = networkFaults[event];
      this.#count(name, 1);
      if (told !== undefined) this.#context.record('fault', pair, told);
    });
  }

  /** How often each fault was injected, by name in order. */
  counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  /**
   * From now on nothing is injected by itself, the network is whole, and disks do as they are told, though what
   * they have lost is lost: what remains must recover and make progress.
   */
  stop(): void {
    this.#stopped = true;
    this.#world.network.calm();
    for (const { injector } of this.#disks.values()) injector.stop();
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Times that some machine lost its power. */
  get powerLosses(): number {
    return this.#counts.get('power-loss') ?? 0;
  }

  /** Plans the crashes of `machine` for this run. */
  crash(machine: Machine): void {
    const { powerLossesMax, killsMax } = this.#context.scenario.crashes;
    const draws = this.#world.choices.stream('fault', `${machine.name}:crashes`);
    const powerLosses = draws.choose(powerLossesMax + 1);
    const kills = draws.choose(killsMax + 1);
    this.#next(machine, draws, { powerLosses, kills });
  }

  /**
   * Takes images of what a power loss would leave of `machine`, right after writes that the seed decides
   * on, and hands each to `keep`. The machine itself goes on.
   */
  photograph(machine: Machine, keep: (disk: Disk) => void): void {
    const draws = this.#world.choices.stream('fault', `${machine.name}:images`);
    this.#photographNext(machine, draws, this.#context.scenario.crashes.imagesMax, keep);
  }

  #photographNext(machine: Machine, draws: Draws, left: number, keep: (disk: Disk) => void): void {
    if (left === 0) return;
    const distance = logUniform(draws, this.#context.scenario.crashes.distanceWritesMax);
    this.#world.kernel.afterOperations('write', distance, 'crash-image', () => {
      if (this.#stopped) return;
      keep(machine.crashImage().disk);
      this.#count('crash-image', 1);
      this.#photographNext(machine, draws, left - 1, keep);
    });
  }

  /**
   * From the next start of `machine` on, takes images of what a power loss would leave right before and right after each
   * sync takes effect, each with what `promisedNow` says. The machine itself goes on.
   */
  photographSyncs<Promised>(machine: Machine, promisedNow: () => Promised): SyncImages<Promised> {
    const { imagesAtSyncsMax = 0 } = this.#context.scenario.crashes;
    const images = new SyncImages(imagesAtSyncsMax, promisedNow);
    if (imagesAtSyncsMax === 0) return images;
    machine.watchSyncs(() => {
      if (this.#stopped) return;
      images.take(machine, this.#world.kernel.nowMicros, (taken) => this.#count(taken, 1));
    });
    return images;
  }

  #next(machine: Machine, draws: Draws, left: CrashesLeft): void {
    const total = left.powerLosses + left.kills;
    if (total === 0) return;
    const powerLoss = draws.choose(total) < left.powerLosses;
    this.#after(draws, powerLoss ? 'power-loss' : 'kill', () => {
      if (this.#stopped) return;
      if (powerLoss) this.powerLoss(machine);
      else this.kill(machine);
      const rest = powerLoss
        ? { ...left, powerLosses: left.powerLosses - 1 }
        : { ...left, kills: left.kills - 1 };
      this.#next(machine, draws, rest);
    });
  }

  /**
   * Half of all crashes come after a number of steps, whatever these are, and half right after a write,
   * when something is sure to be neither here nor there.
   */
  #after(draws: Draws, name: string, effect: () => void): void {
    const { kernel } = this.#world;
    const { distanceStepsMax, distanceWritesMax } = this.#context.scenario.crashes;
    if (draws.choose(2) === 0) kernel.afterSteps(logUniform(draws, distanceStepsMax), name, effect);
    else kernel.afterOperations('write', logUniform(draws, distanceWritesMax), name, effect);
  }

  /** From its next start on, the file-system calls of `machine` meet the disk faults of the scenario. */
  faultDisk(machine: Machine): void {
    const { disk } = this.#context.scenario;
    if (disk === undefined || this.#disks.has(machine)) return;
    const injector = machine.armFaults(disk, (event, { path }) => {
      const { name, told, fails } = diskFaults[event];
      this.#count(name, 1);
      if (fails === true) armed.failures += 1;
      if (told !== undefined) this.#context.record('fault', machine.name, `${told}: ${path}`);
    });
    const armed: ArmedDisk = { injector, failures: 0 };
    if (this.#stopped) injector.stop();
    this.#disks.set(machine, armed);
  }

  /** Whether the database on `machine` is open, or being opened: some disk faults wait for the one. */
  setServing(machine: Machine, isServing: boolean): void {
    this.#disks.get(machine)?.injector.setServing(isServing);
  }

  /** File-system calls of `machine` that a fault made fail so far, those that need only be repeated aside. */
  diskFailures(machine: Machine): number {
    return this.#disks.get(machine)?.failures ?? 0;
  }

  /** Times that some wall clock was set. */
  get clockSteps(): number {
    return this.#counts.get('clock-step') ?? 0;
  }

  /** Plans the moments of this run at which the wall clock of `machine` is set, forth or back. */
  stepClock(machine: Machine): void {
    const { clock } = this.#context.scenario;
    if (clock === undefined) return;
    const draws = this.#world.choices.stream('fault', `${machine.name}:clock`);
    this.#stepClockNext(machine, draws, draws.choose(clock.stepsMax + 1), clock);
  }

  #stepClockNext(machine: Machine, draws: Draws, left: number, faults: ClockFaults): void {
    if (left === 0) return;
    this.#world.kernel.afterSteps(logUniform(draws, faults.distanceStepsMax), 'clock-step', () => {
      if (this.#stopped) return;
      const ms = logUniform(draws, faults.msMax);
      const isBack = draws.choose(2) === 1;
      machine.clock.step(isBack ? -ms : ms);
      this.#count('clock-step', 1);
      this.#context.record(
        'fault',
        machine.name,
        `has its clock set ${isBack ? 'back' : 'forward'} by ${ms} ms`,
      );
      this.#stepClockNext(machine, draws, left - 1, faults);
    });
  }

  /** Cuts the power of `machine` now. */
  powerLoss(machine: Machine): void {
    const report = machine.powerLoss();
    this.#count('power-loss', 1);
    for (const { sectors, sizeBefore, sizeAfter } of report.files) {
      this.#count('lost-size', sizeAfter < sizeBefore ? 1 : 0);
      this.#count('lost-write', sectors.lost + sectors.older);
      this.#count('torn-write', sectors.torn);
    }
    this.#count('lost-name', report.names.length);
    this.#context.record('fault', machine.name, 'loses power');
  }

  /** Kills the process on `machine` now. */
  kill(machine: Machine): void {
    machine.kill();
    this.#count('kill', 1);
    this.#context.record('fault', machine.name, 'is killed');
  }

  /** Lets one bit rot in a file of `machine` under `directory`. */
  rotOneBit(machine: Machine, directory: string): void {
    const rotten = machine.rotOneBit(directory);
    if (rotten === undefined) return;
    this.#count('bit-rot', 1);
    const { path, position, bit } = rotten;
    this.#context.record('fault', machine.name, `finds bit ${bit} of byte ${position} of ${path} flipped`);
  }

  #count(fault: string, times: number): void {
    if (times > 0) this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + times);
  }
}

interface ArmedDisk {
  readonly injector: FaultInjector;
  failures: number;
}

interface CrashesLeft {
  readonly powerLosses: number;
  readonly kills: number;
}

/** In `[1, max]`, small as likely as large: two steps into recovery, or after a thousand. */
function logUniform(draws: Draws, max: number): number {
  const octaves = 31 - Math.clz32(max);
  const octave = octaves - draws.choose(octaves + 1);
  return Math.min(max, 2 ** octave + draws.choose(2 ** octave));
}
