import { memoisedSignatures } from '../crypto/index.ts';
import type { Clock, Scheduler, Signatures } from '../ports/index.ts';
import { Choices, type ChoiceMode, type StrikeWatch, type Tape, type Uniform } from './choices/index.ts';
import { MachineClock } from './clock/index.ts';
import type { CrashProfile } from './disk/index.ts';
import { SimulationError } from './errors.ts';
import { armGuard, type LeakError, type StandIn } from './guard/index.ts';
import { Machine, type Measure, SimProcess, SimTelemetry } from './machine/index.ts';
import { calmNetwork, Network, type NetworkFaults } from './network/index.ts';
import {
  asynchronousDrain,
  createStrategy,
  enterMacrotask,
  guessedProfile,
  Kernel,
  type KernelObserver,
  type LatencyModel,
  type Overtaking,
  Overtakings,
  type ScheduleProfile,
  SimScheduler,
  type Strategy,
  synchronousDrain,
  type TaskOwner,
} from './schedule/index.ts';
import { RollingDigest, type ReplayStates, type StateLimits, StateLog, Trace } from './trace/index.ts';

export interface WorldOptions {
  readonly choices: ChoiceMode;
  /** A name from `strategies`, or one made from dice of its own. */
  readonly strategy: string | ((dice: Uniform) => Strategy);
  /** Instead of the strategy: in order, but for these. */
  readonly overtakings?: readonly Overtaking[] | undefined;
  /** In mode `prefix`: the step at which the run is cut loose from its tape, and what to do then. */
  readonly cut?: { readonly step: number; effect(): void } | undefined;
  readonly observer?: KernelObserver | undefined;
  /** Looks on as faults strike calls and messages, or decides it in place of the draws. */
  readonly strikes?: StrikeWatch | undefined;
  /** About how many steps a run makes; what PCT spreads its change points over, without a profile. */
  readonly choicesPerRun: number;
  /** Measured on an earlier schedule; better than `choicesPerRun`. */
  readonly profile?: ScheduleProfile | undefined;
  readonly latency: LatencyModel;
  /** What is not said here does not happen; or drawn. */
  readonly network?:
    Partial<NetworkFaults> | ((choices: Choices) => Partial<NetworkFaults> | undefined) | undefined;
  /** A run that needs more steps is a livelock. */
  readonly stepsMax: number;
  /** The world stands still after this many steps, without a verdict. */
  readonly stepsUntil?: number | undefined;
  readonly trace: boolean;
  /** Also keep what disks, clocks and tasks were like after each step. Only with `trace`. */
  readonly states?: StateLimits | undefined;
  readonly signatures: Signatures;
  /** Called from outside of the world, every so many steps and at the end: to look at the real machine. */
  readonly watch?: { readonly everySteps: number; look(): void } | undefined;
}

/** How often the disks are measured. */
const stepsPerLook = 256;

/** What is left of a world when it has ended. */
export interface WorldOutcome {
  /** Why the root task, or the world as a whole, failed; `undefined` when it came to its end. */
  readonly failure: WorldFailure | undefined;
  readonly digest: string;
  readonly steps: number;
  /** Steps at which there was something to choose. */
  readonly choices: number;
  /** Tasks that were ever started. */
  readonly tasks: number;
  readonly virtualMicros: number;
  readonly markers: Readonly<Record<string, number>>;
  readonly measures: Readonly<Record<string, Measure>>;
  /** Most bytes that were on any one disk, looked at every 256 steps, at every crash and at the end. */
  readonly diskBytesPeak: number;
  readonly tape: Tape | undefined;
  /** What a tape or a schedule asked for and the run gave no occasion to. Empty for runs by seed. */
  readonly missed: readonly string[];
  readonly trace: Trace | undefined;
  readonly states: ReplayStates | undefined;
}

export type WorldFailure =
  /** The root task threw. */
  | { readonly kind: 'thrown'; readonly error: unknown }
  /** `StuckError`: deadlock or livelock. */
  | { readonly kind: 'stuck'; readonly error: SimulationError }
  /** A promise or task was rejected and nobody was there to see it. */
  | { readonly kind: 'unhandled'; readonly error: unknown; readonly task: string }
  /** The code under test reached real time, randomness or I/O. */
  | { readonly kind: 'leak'; readonly error: LeakError }
  /** The simulator itself, or its use: a strict replay that left the tape. */
  | { readonly kind: 'simulator'; readonly error: unknown };

/** Everything that exists in one run: machines, network, time; decided by one seed. */
export class World implements TaskOwner {
  readonly name = 'main';
  readonly choices: Choices;
  /** The tasks of those who use the machines: they survive every crash. */
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly telemetry: SimTelemetry;
  readonly signatures: Signatures;
  readonly kernel: Kernel;
  readonly network: Network;
  readonly #machines: Machine[] = [];
  readonly #options: WorldOptions;
  readonly #digest = new RollingDigest();
  readonly #overtakings: Overtakings | undefined;
  readonly #trace: Trace | undefined;
  readonly #states: StateLog | undefined;
  #failure: WorldFailure | undefined;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.choices = new Choices(options.choices, (error) => this.#fail({ kind: 'simulator', error }));
    this.#trace = options.trace ? new Trace() : undefined;
    this.#states = options.trace && options.states ? new StateLog(options.states) : undefined;
    const dice = this.choices.unrecorded('strategy');
    this.#overtakings = options.overtakings && new Overtakings(options.overtakings);
    const { strategy, profile = guessedProfile(options.choicesPerRun) } = options;
    const made = typeof strategy === 'string' ? createStrategy(strategy, dice, profile) : strategy(dice);
    this.kernel = new Kernel(this, {
      strategy: this.#overtakings ?? made,
      observer: options.observer,
      onAlarm: () => this.#look(),
      picks: this.choices.stream('schedule', 'pick'),
      latencyOf: (task) => this.choices.stream('schedule', `${task.path}:latency`),
      latency: options.latency,
      digest: this.#digest,
      trace: this.#trace,
      stepsMax: options.stepsMax,
    });
    const { cut } = options;
    if (cut !== undefined) {
      this.kernel.afterSteps(cut.step, 'cut', () => {
        this.choices.cutLoose();
        cut.effect();
      });
    }
    this.scheduler = new SimScheduler(this.kernel, this);
    this.clock = new MachineClock(this.kernel);
    this.telemetry = new SimTelemetry(this.kernel);
    this.signatures = memoisedSignatures(options.signatures);
    const { kernel, choices } = this;
    const network = typeof options.network === 'function' ? options.network(choices) : options.network;
    const faults = { ...calmNetwork, ...network };
    this.network = new Network({ kernel, choices, faults, watch: options.strikes });
  }

  /**
   * A machine with an empty disk that loses data at a power loss as `profile` allows. A buffer of more than
   * `bufferBytesMax` that is handed to its file system is refused with ENOMEM.
   */
  machine(name: string, profile: CrashProfile, bufferBytesMax?: number): Machine {
    const { kernel, choices, telemetry, signatures } = this;
    const machine = new Machine({
      name,
      kernel,
      choices,
      telemetry,
      signatures,
      profile,
      bufferBytesMax,
      trace: this.#trace,
      watch: this.#options.strikes,
    });
    this.#machines.push(machine);
    return machine;
  }

  /**
   * Runs `root` and everything it starts, until `root` has ended. Never rejects: what went wrong is in
   * the outcome. A world runs once.
   */
  async run(root: () => Promise<void>): Promise<WorldOutcome> {
    let ended = false;
    const { stepsUntil = Infinity, watch } = this.#options;
    const watchSteps = watch?.everySteps ?? Infinity;
    this.kernel.spawn(this, 'root', async () => {
      try {
        await root();
      } catch (error) {
        this.#fail({ kind: 'thrown', error });
      }
      ended = true;
    });
    const step = (): boolean => {
      // Only now are the microtasks of the step before done.
      if (this.#states !== undefined) this.#look();
      if (ended || this.#failure !== undefined || this.kernel.steps >= stepsUntil) return false;
      try {
        if (this.kernel.step()) {
          if (this.#trace !== undefined) for (const machine of this.#machines) machine.traceDisk();
          if (this.kernel.steps % stepsPerLook === 0) this.#lookAtDisks();
          if (this.kernel.steps % watchSteps === 0) watch?.look();
          return true;
        }
        this.#blameUnjoined();
        this.#fail({ kind: 'stuck', error: this.kernel.stuck() });
      } catch (error) {
        if (error instanceof SimulationError && /^SIM_(LIVELOCK|DEADLOCK)$/.test(error.code)) {
          this.#fail({ kind: 'stuck', error });
        } else {
          this.#fail({ kind: 'simulator', error });
        }
      }
      return false;
    };
    await this.#sealedOff(step);
    this.#lookAtDisks();
    watch?.look();
    this.#blameUnjoined();
    if (this.#failure === undefined && ended) {
      try {
        this.choices.finish();
      } catch (error) {
        this.#fail({ kind: 'simulator', error });
      }
    }
    return this.#outcome();
  }

  /** Steps until there are no more, with real time, randomness and I/O closed and rejections caught. */
  #sealedOff(step: () => boolean): Promise<void> {
    const others = process.listeners('unhandledRejection');
    const onRejection = (error: unknown): void =>
      this.#fail({ kind: 'unhandled', error, task: this.kernel.current.path });
    const enter = (): (() => void) => {
      process.removeAllListeners('unhandledRejection');
      process.on('unhandledRejection', onRejection);
      const disarm = armGuard(
        (error) => this.#fail({ kind: 'leak', error }),
        (what) => this.#standInFor(what),
      );
      return () => {
        disarm();
        process.removeAllListeners('unhandledRejection');
        for (const listener of others) process.on('unhandledRejection', listener);
      };
    };
    return new Promise((resolve) => {
      enterMacrotask(() => {
        const drain = synchronousDrain();
        const leave = enter();
        const finish = (): void => {
          leave();
          resolve();
        };
        if (drain === undefined) {
          void stepAsynchronously(step).then(finish);
        } else {
          while (step()) drain();
          finish();
        }
      });
    });
  }

  #standInFor(what: string): StandIn | undefined {
    const { owner } = this.kernel.current;
    return owner instanceof SimProcess ? owner.standInFor(what) : undefined;
  }

  /** Ends the run at once, as if the root task had thrown `error`. */
  fail(error: unknown): void {
    this.#fail({ kind: 'thrown', error });
  }

  /** A task that died unseen explains whatever waits for it, so it is named rather than the deadlock. */
  #blameUnjoined(): void {
    const [first] = this.kernel.unjoinedFailures;
    if (first !== undefined) this.#fail({ kind: 'unhandled', error: first.error, task: first.task });
  }

  /** The first failure counts, but one of the simulation itself explains whatever else went wrong. */
  #fail(failure: WorldFailure): void {
    const current = this.#failure?.kind;
    if (current === 'leak' || current === 'simulator') return;
    if (current === undefined || failure.kind === 'leak' || failure.kind === 'simulator') {
      this.#failure = failure;
    }
  }

  #look(): void {
    this.#states?.look(this.#trace?.steps.at(-1), () => ({
      machines: Object.fromEntries(this.#machines.map((machine) => [machine.name, machine.state()])),
      waiting: this.kernel.waiting(),
    }));
  }

  #lookAtDisks(): void {
    for (const machine of this.#machines) machine.lookAtDisk();
  }

  #outcome(): WorldOutcome {
    return {
      failure: this.#failure,
      digest: this.#digest.toString(),
      steps: this.kernel.steps,
      choices: this.kernel.choices,
      tasks: this.kernel.tasks,
      virtualMicros: this.kernel.nowMicros,
      markers: this.telemetry.markers(),
      measures: this.telemetry.measures(),
      diskBytesPeak: Math.max(0, ...this.#machines.map((machine) => machine.diskBytesPeak)),
      tape: this.choices.tape,
      missed: [
        ...this.choices.unasked(),
        ...(this.#overtakings?.left ?? []).map(({ who, whom }) => `schedule ${who} before ${whom}`),
      ],
      trace: this.#trace,
      states: this.#states?.states,
    };
  }
}

async function stepAsynchronously(step: () => boolean): Promise<void> {
  while (step()) await asynchronousDrain();
}
