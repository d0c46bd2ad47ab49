import type {
  CrashReport,
  Disk,
  Draws,
  FaultInjector,
  Kernel,
  Machine,
  RotAim,
  World,
} from '../sim/index.ts';
import type { AnchoredFault, Landmarks } from './anchors/index.ts';
import { faultClock } from './clock-chaos.ts';
import type { ArenaContext } from './context.ts';
import { diskFaults } from './disk-faults.ts';
import type { FaultKit, Inject, PlannedEffect, SequenceRate } from './fault-kit.ts';
import { drawDistance } from './log-uniform.ts';
import { networkFaults } from './network-faults.ts';
import { Operator } from './operator.ts';
import { CrashLoop, faultPace } from './process-chaos.ts';
import { Rot, rotAtTimes, tellOf } from './rot.ts';
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
  readonly #rots = new Map<Machine, Rot>();
  readonly #failedSyncs: string[] = [];
  readonly #disks = new Map<Machine, ArmedDisk>();
  readonly #loops = new Map<Machine, CrashLoop>();
  readonly #kit: FaultKit;
  #heal: (() => void)[] = [];
  readonly #landmarks: Landmarks | undefined;
  /** Plans whose moment has not come, to be made anew when a run is cut loose from its tape. */
  readonly #open = new Map<Plan, () => void>();
  #stopped = false;

  constructor(context: ArenaContext, world: World, landmarks?: Landmarks) {
    this.#context = context;
    this.#world = world;
    this.#landmarks = landmarks;
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

  /** Counts a fault that came about otherwise than through here. */
  met(fault: string): void {
    this.#count(fault, 1);
  }

  /** Times that some machine lost its power. */
  get powerLosses(): number {
    return this.#counts.get('power-loss') ?? 0;
  }

  /** Makes new plans in place of those whose moment has not come. */
  planAnew(): void {
    const plans = [...this.#open.values()];
    this.#open.clear();
    for (const plan of plans) plan();
  }

  /** Plans the crashes of `machine` for this run. */
  crash(machine: Machine): void {
    if (this.#followsPlan(machine, 'power-loss', ({ number }) => this.#losePower(machine, number))) {
      this.#followsPlan(machine, 'kill', () => this.#end(machine));
      return;
    }
    const { powerLossesMax, killsMax } = this.#context.scenario.crashes;
    const draws = this.#draws(`${machine.name}:crashes`, 'count');
    const powerLosses = draws.choose(powerLossesMax + 1);
    const kills = draws.choose(killsMax + 1);
    this.#next(machine, 1, { powerLosses, kills });
    this.#planLoops(machine, powerLossesMax > 0);
  }

  #planLoops(machine: Machine, losesPower: boolean): void {
    const { crashLoops } = this.#context.scenario;
    if (crashLoops === undefined) return;
    const ways = this.#kit.draws(machine, 'crash-loop-ways');
    const crash = (): void => {
      if (losesPower && ways.choose(2) === 1) this.#losePower(machine);
      else this.#end(machine);
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
    const take = (number?: number): void => {
      const { disk, report } = machine.crashImage(number);
      keep(disk);
      this.#count('crash-image', 1);
      this.#context.record('fault', machine.name, `might lose its power here${toldLoss(report)}`);
      this.#landmarks?.note(machine.name, { kind: 'crash-image', number: machine.images });
    };
    if (this.#followsPlan(machine, 'crash-image', ({ number }) => take(number))) return;
    this.#photographNext(machine, 1, take);
  }

  #photographNext(machine: Machine, nth: number, take: () => void): void {
    const { distanceWritesMax, imagesMax } = this.#context.scenario.crashes;
    if (nth > imagesMax) return;
    const site = `${machine.name}:images`;
    const distance = drawDistance(this.#draws(site, `${nth}`), distanceWritesMax);
    const plan: Plan = (kernel, then) => kernel.afterOperations('write', distance, 'crash-image', then);
    this.#plan(
      plan,
      () => {
        if (this.#omits(`${site} ${nth}`)) machine.skipImage();
        else take();
        this.#photographNext(machine, nth + 1, take);
      },
      () => this.#photographNext(machine, nth, take),
    );
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

  #next(machine: Machine, nth: number, left: CrashesLeft): void {
    const total = left.powerLosses + left.kills;
    if (total === 0) return;
    const site = `${machine.name}:crashes`;
    const draws = this.#draws(site, `${nth}`);
    const powerLoss = draws.choose(total) < left.powerLosses;
    this.#plan(
      this.#distance(draws, powerLoss ? 'power-loss' : 'kill'),
      () => {
        const isOmitted = this.#omits(`${site} ${nth}`);
        if (!isOmitted && powerLoss) this.#losePower(machine);
        else if (!isOmitted) this.#end(machine);
        else if (powerLoss) machine.skipImage();
        const rest = powerLoss
          ? { ...left, powerLosses: left.powerLosses - 1 }
          : { ...left, kills: left.kills - 1 };
        this.#next(machine, nth + 1, rest);
      },
      () => this.#next(machine, nth, left),
    );
  }

  /**
   * Half of all crashes come after a number of steps, whatever these are, and half right after a write,
   * when something is sure to be neither here nor there.
   */
  #distance(draws: Draws, name: string): Plan {
    const { distanceStepsMax, distanceWritesMax } = this.#context.scenario.crashes;
    if (draws.choose(2) === 0) {
      const steps = drawDistance(draws, distanceStepsMax);
      return (kernel, then) => kernel.afterSteps(steps, name, then);
    }
    const writes = drawDistance(draws, distanceWritesMax);
    return (kernel, then) => kernel.afterOperations('write', writes, name, then);
  }

  /** Carries `effect` out when `plan` says so, unless `again` has been called in its place by then. */
  #plan(plan: Plan, effect: () => void, again: () => void): void {
    this.#open.set(plan, again);
    plan(this.#world.kernel, () => {
      if (this.#stopped || !this.#open.delete(plan)) return;
      effect();
    });
  }

  /** Whether a plan was given; if so, its faults of `kind` are what happens to `machine`, and no others. */
  #followsPlan(machine: Machine, kind: AnchoredFault['kind'], effect: PlannedEffect): boolean {
    const planned = this.#landmarks?.plannedFor(machine.name, kind);
    for (const fault of planned ?? []) {
      this.#landmarks?.when(this.#world.kernel, fault, () => !this.#stopped && effect(fault) !== false);
    }
    return planned !== undefined;
  }

  #draws(site: string, part: string): Draws {
    return this.#world.choices.section('fault', site, part);
  }

  #omits(what: string): boolean {
    return this.#world.choices.omits('fault', what);
  }

  /** From its next start on, the file-system calls of `machine` meet the disk faults of the scenario. */
  faultDisk(machine: Machine): void {
    const { disk } = this.#context.scenario;
    if (disk === undefined || this.#disks.has(machine)) return;
    const injector = machine.armFaults(disk, (event, { path }) => {
      const { name, told, fails } = diskFaults[event];
      this.#count(name, 1);
      if (fails === true) armed.failures += 1;
      if (isFailedSync.has(event)) this.#failedSyncs.push(path);
      if (told !== undefined) this.#context.record('fault', machine.name, `${told}: ${path}`);
    });
    const operator = new Operator(injector, (path) => {
      this.#context.reached('arena.bad-sector-restored');
      this.#context.record('info', machine.name, `has ${path} restored on good sectors`);
    });
    this.#world.telemetry.onTrouble((text) => operator.hear(text));
    const armed: ArmedDisk = { injector, operator, failures: 0 };
    if (this.#stopped) injector.stop();
    this.#disks.set(machine, armed);
  }

  /** From its next start on, databases on `machine` do now and then what is legal and unlikely. */
  armSites(machine: Machine): void {
    const { sites } = this.#context.scenario;
    if (sites !== undefined) machine.armSites(sites);
  }

  /** Whether the database on `machine` is open, or being opened: some faults wait for the one. */
  setServing(machine: Machine, isServing: boolean): void {
    this.#rots.get(machine)?.setServing(isServing);
    this.#loops.get(machine)?.setServing(isServing);
    this.#disks.get(machine)?.injector.setServing(isServing);
  }

  /** The operator of `machine` is told what a database has said to somebody else. */
  tellOperator(machine: Machine, error: unknown): void {
    const { operator } = this.#disks.get(machine) ?? {};
    for (let cause = error; cause instanceof Error; cause = cause.cause) operator?.hear(cause.message);
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
    this.#cutPower(machine);
  }

  /** As planned, rather than because the arena wants it. */
  #losePower(machine: Machine, number?: number): void {
    this.#cutPower(machine, number);
    this.#landmarks?.note(machine.name, { kind: 'power-loss', number: machine.images });
  }

  #end(machine: Machine): void {
    this.kill(machine);
    this.#landmarks?.note(machine.name, { kind: 'kill', number: 0 });
  }

  #cutPower(machine: Machine, number?: number): void {
    const report = machine.powerLoss(number);
    this.#count('power-loss', 1);
    for (const { sectors, sizeBefore, sizeAfter } of report.files) {
      this.#count('lost-size', sizeAfter < sizeBefore ? 1 : 0);
      this.#count('lost-write', sectors.lost + sectors.older);
      this.#count('torn-write', sectors.torn);
    }
    this.#count('lost-name', report.names.length);
    this.#context.record('fault', machine.name, `loses power${toldLoss(report)}`);
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
    const rot = new Rot(machine, directory);
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
  rotOneBit(machine: Machine, directory: string, aim?: RotAim): void {
    const rotten = machine.rotOneBit(directory, aim);
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
      sequence: (machine, kind, rate, inject) => this.#sequence(machine, kind, rate, inject),
      follows: (machine, kind, effect) => this.#followsPlan(machine, kind, effect),
      isOver: () => this.#stopped,
      onEnd: (heal) => this.#heal.push(heal),
      injected: (fault, machine, told) => {
        this.#count(fault, 1);
        this.#context.record('fault', machine.name, told);
      },
      note: (machine, fault) => this.#landmarks?.note(machine.name, fault),
    };
  }

  /** See `FaultKit.sequence`. */
  #sequence(machine: Machine, kind: string, { max, distanceStepsMax }: SequenceRate, inject: Inject): void {
    const site = `${machine.name}:${kind}`;
    const count = this.#draws(site, 'count').choose(max + 1);
    const planNext = (nth: number): void => {
      if (nth > count) return;
      const draws = this.#draws(site, `${nth}`);
      const distance = drawDistance(draws, distanceStepsMax);
      const next = (): void => planNext(nth + 1);
      this.#plan(
        (planKernel, then) => planKernel.afterSteps(distance, kind, then),
        () => {
          if (this.#omits(`${site} ${nth}`)) next();
          else inject(draws, next);
        },
        () => planNext(nth),
      );
    };
    planNext(1);
  }

  #count(fault: string, times: number): void {
    if (times > 0) this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + times);
  }
}

/** After these, pages count as written that no disk has. */
const isFailedSync: ReadonlySet<string> = new Set(['syncError', 'lateSyncError', 'lateNoSpace', 'lateQuota']);

interface ArmedDisk {
  readonly injector: FaultInjector;
  readonly operator: Operator;
  failures: number;
}

/** Sees to it that `then` is called between two steps, at some moment to come. */
type Plan = (kernel: Kernel, then: () => void) => void;

/** `; wal/000001.seg keeps 37 of 64 unsynced sectors`: the file that lost most. */
function toldLoss({ files, names }: CrashReport): string {
  const losses = files
    .map(({ path, sectors: { kept, older, lost, torn } }) => ({ path, kept, of: kept + older + lost + torn }))
    .filter(({ kept, of }) => kept < of)
    .toSorted((one, other) => other.of - other.kept - (one.of - one.kept));
  const [worst] = losses;
  const told = [''];
  if (worst !== undefined) {
    const more = losses.length > 1 ? `, and ${losses.length - 1} more files lose something` : '';
    told.push(`${worst.path} keeps ${worst.kept} of ${worst.of} unsynced sectors${more}`);
  }
  if (names.length > 0) told.push(`${names[0]!.path} is ${namedAfter(names[0]!)}`);
  return told.join('; ');
}

function namedAfter({ before, after }: CrashReport['names'][number]): string {
  return after === 'nothing' ? 'gone' : before === 'nothing' ? 'back' : `${after} again`;
}

interface CrashesLeft {
  readonly powerLosses: number;
  readonly kills: number;
}
