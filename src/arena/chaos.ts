import type { Disk, Draws, FaultInjector, Machine, World } from '../sim/index.ts';
import { faultClock } from './clock-chaos.ts';
import type { ArenaContext } from './context.ts';
import { diskFaults } from './disk-faults.ts';
import type { FaultKit } from './fault-kit.ts';
import { drawDistance } from './log-uniform.ts';
import { networkFaults } from './network-faults.ts';
import { CrashLoop, faultPace } from './process-chaos.ts';
import { Rot, rotAtTimes, tellOf } from './rot.ts';

/**
 * Crashes a machine at moments that the seed decides, counted in steps, so that any two steps of the
 * system, recovery included, may have a crash between them. Tells of what the network does to messages, and
 * disks to the calls of a file system.
 */
export class Chaos {
  readonly #context: ArenaContext;
  readonly #world: World;
  readonly #counts = new Map<string, number>();
  readonly #rots = new Map<Machine, Rot>();
  readonly #failedSyncs: string[] = [];
  readonly #disks = new Map<Machine, ArmedDisk>();
  readonly #loops = new Map<Machine, CrashLoop>();
  readonly #kit: FaultKit;
  #heal: (() => void)[] = [];
  #stopped = false;

  constructor(context: ArenaContext, world: World) {
    this.#context = context;
    this.#world = world;
    this.#kit = this.#makeKit();
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
   * From now on nothing is injected by itself, the network is whole, clocks run true, and disks do as they are
   * told, though what they have lost is lost: what remains must recover and make progress.
   */
  stop(): void {
    this.#stopped = true;
    for (const heal of this.#heal.splice(0)) heal();
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
    const { crashes, crashLoops } = this.#context.scenario;
    const { powerLossesMax, killsMax } = crashes;
    const draws = this.#world.choices.stream('fault', `${machine.name}:crashes`);
    const powerLosses = draws.choose(powerLossesMax + 1);
    const kills = draws.choose(killsMax + 1);
    this.#next(machine, draws, { powerLosses, kills });
    if (crashLoops === undefined) return;
    const ways = powerLossesMax === 0 ? 1 : 2;
    const wayDraws = this.#kit.draws(machine, 'crash-loop-ways');
    const crash = (): void => {
      if (wayDraws.choose(ways) === 1) this.powerLoss(machine);
      else this.kill(machine);
    };
    this.#loops.set(machine, new CrashLoop(this.#kit, machine, crashLoops, crash));
  }

  /** Plans the pauses of whatever process runs on `machine`. */
  faultPace(machine: Machine): void {
    const { pauses } = this.#context.scenario;
    if (pauses !== undefined) faultPace(this.#kit, machine, pauses);
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
    const distance = drawDistance(draws, this.#context.scenario.crashes.distanceWritesMax);
    this.#world.kernel.afterOperations('write', distance, 'crash-image', () => {
      if (this.#stopped) return;
      keep(machine.crashImage().disk);
      this.#count('crash-image', 1);
      this.#photographNext(machine, draws, left - 1, keep);
    });
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
    if (draws.choose(2) === 0) kernel.afterSteps(drawDistance(draws, distanceStepsMax), name, effect);
    else kernel.afterOperations('write', drawDistance(draws, distanceWritesMax), name, effect);
  }

  /** From its next start on, the file-system calls of `machine` meet the disk faults of the scenario. */
  faultDisk(machine: Machine): void {
    const { disk } = this.#context.scenario;
    if (disk === undefined || this.#disks.has(machine)) return;
    const injector = machine.armFaults(disk, (event, { path }) => {
      const { name, told, fails } = diskFaults[event];
      this.#count(name, 1);
      if (fails === true) armed.failures += 1;
      if (event === 'syncError' || event === 'lateSyncError') this.#failedSyncs.push(path);
      if (told !== undefined) this.#context.record('fault', machine.name, `${told}: ${path}`);
    });
    const armed: ArmedDisk = { injector, failures: 0 };
    if (this.#stopped) injector.stop();
    this.#disks.set(machine, armed);
  }

  /** Whether the database on `machine` is open, or being opened: some faults wait for the one. */
  setServing(machine: Machine, isServing: boolean): void {
    this.#loops.get(machine)?.setServing(isServing);
    this.#disks.get(machine)?.injector.setServing(isServing);
  }

  /** File-system calls of `machine` that a fault made fail so far, those that need only be repeated aside. */
  diskFailures(machine: Machine): number {
    return this.#disks.get(machine)?.failures ?? 0;
  }

  /** Syncs that failed so far, of files and directories whose path contains `under`. */
  failedSyncs(under: string): number {
    return this.#failedSyncs.filter((path) => path.includes(under)).length;
  }

  /** Times that some wall clock was set. */
  get clockSteps(): number {
    return this.#counts.get('clock-step') ?? 0;
  }

  /** Plans what this run does to the wall clock of `machine`. */
  faultClock(machine: Machine): void {
    const { clock } = this.#context.scenario;
    if (clock !== undefined) faultClock(this.#kit, machine, clock);
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

  /** Plans the moments of this run at which a bit flips in a file under `directory` of `machine`. */
  rot(machine: Machine, directory: string): void {
    const { rot: faults } = this.#context.scenario;
    if (faults === undefined) return;
    const rot = new Rot(machine);
    this.#rots.set(machine, rot);
    rotAtTimes(this.#kit, machine, rot, directory, faults);
  }

  /** What rots on `machine`, if anything does. */
  rotOf(machine: Machine): Rot | undefined {
    return this.#rots.get(machine);
  }

  /** Restores from a good copy what has rotten on `machine`. */
  heal(machine: Machine): void {
    const rot = this.#rots.get(machine);
    const healedBefore = rot?.healed ?? 0;
    rot?.heal();
    if ((rot?.healed ?? 0) > healedBefore)
      this.#context.record('info', machine.name, 'has what is damaged restored from a good copy');
  }

  /** Lets one bit rot in a file of `machine` under `directory`. */
  rotOneBit(machine: Machine, directory: string): void {
    const rotten = machine.rotOneBit(directory);
    if (rotten !== undefined) this.#kit.injected('bit-rot', machine, tellOf(rotten));
  }

  #makeKit(): FaultKit {
    const { choices, kernel } = this.#world;
    return {
      draws: (machine, kind) => choices.stream('fault', `${machine.name}:${kind}`),
      steps: () => kernel.steps,
      afterSteps: (steps, name, effect) => kernel.afterSteps(steps, name, effect),
      after: (ms, name, machine, effect) => {
        kernel.post(this.#world, name, machine.name, ms * 1000, () => {
          effect();
          return 0;
        });
      },
      isOver: () => this.#stopped,
      onEnd: (heal) => this.#heal.push(heal),
      injected: (fault, machine, told) => {
        this.#count(fault, 1);
        this.#context.record('fault', machine.name, told);
      },
    };
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
