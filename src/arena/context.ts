import { type IdentityOf, wholeHash } from '../engine/index.ts';
import type { Clock, Entropy, Scheduler, Signatures, Task } from '../ports/index.ts';
import { History, type HistoryEvent, Violation, type ViolationDetail } from '../check/index.ts';
import {
  crashProfile,
  type Draws,
  type FetchHandler,
  type Link,
  type Listener,
  type Machine,
  Measure,
  SimEntropy,
  type SimProcess,
  type World,
} from '../sim/index.ts';
import type { Landmarks } from './anchors/index.ts';
import { Chaos } from './chaos.ts';
import type { Scenario } from './scenario.ts';
import { shortIdentity } from './short-identity.ts';
import { drawKnob } from './knob.ts';
import { drawKinds } from './swarm.ts';
import { runUsers, type User, type UsersPlan } from './users.ts';

/** What a run is told that was taken apart, or kept. */
export interface Guidance {
  /** Knows the moments of the run, and plans faults by them. */
  readonly landmarks?: Landmarks | undefined;
  /** Options by name, in place of what would be drawn. */
  readonly knobs?: Readonly<Record<string, string>> | undefined;
  /** Options that were drawn before the arena began, to be told with the others. */
  readonly drawn?: Readonly<Record<string, string>> | undefined;
}

/** What an arena works with: a world to build in, choices to make, and a history to keep. */
export class ArenaContext {
  readonly history = new History();
  readonly scenario: Scenario;
  readonly chaos: Chaos;
  readonly #world: World;
  readonly #knobs = new Map<string, string>();
  readonly #given: Readonly<Record<string, string>> | undefined;
  readonly #latenciesMicros = new Map<string, Measure>();

  constructor(world: World, scenario: Scenario, guidance: Guidance = {}) {
    this.#world = world;
    this.#given = guidance.knobs;
    for (const [name, value] of Object.entries(guidance.drawn ?? {})) this.#knobs.set(name, value);
    this.scenario = scenario;
    this.chaos = new Chaos(this, world, guidance.landmarks);
  }

  /** Options that were given and that nobody has asked for, or that cannot be had any more. */
  missedKnobs(): readonly string[] {
    return Object.entries(this.#given ?? {})
      .filter(([name, value]) => this.#knobs.get(name) !== value)
      .map(([name, value]) => `option ${name} = ${value}`);
  }

  /** What databases know content by; to be said in their config. */
  get identityOf(): IdentityOf {
    const { collisions } = this.scenario;
    return collisions === undefined ? wholeHash : shortIdentity(collisions.bits);
  }

  /** What the users of the system wait with: their tasks survive every crash. */
  get scheduler(): Scheduler {
    return this.#world.scheduler;
  }

  /** Starts a user of the system. The run ends at once when `body` throws. */
  spawn(name: string, body: () => Promise<void>): Task<void> {
    return this.#world.scheduler.spawn(name, async () => {
      try {
        await body();
      } catch (error) {
        this.#world.fail(error);
      }
    });
  }

  /**
   * Users `<role>-1` to `<role>-<count>`, each of whom calls `act` so many times, one after the other; resolves when all
   * are done. Nobody else need care that a minimizer leaves out users and single operations.
   */
  users(role: string, plan: UsersPlan, act: (user: User) => Promise<void>): Promise<void> {
    return runUsers(this, role, plan, act);
  }

  /** True time, for the users of the system. */
  get clock(): Clock {
    return this.#world.clock;
  }

  get signatures(): Signatures {
    return this.#world.signatures;
  }

  /** A new machine; its crash profile is one of the scenario's. */
  machine(name: string): Machine {
    const [first = 'strict', ...others] = this.scenario.profiles;
    const profile = this.knob(`${name}.profile`, [first, ...others]);
    return this.#world.machine(name, crashProfile(profile), this.scenario.memory?.bufferBytesMax);
  }

  /** How `client` reaches the server at address `server`: over the network, with its faults. */
  link(client: string, server: string): Link {
    return this.#world.network.link(client, server);
  }

  /** Requests to `address` are answered by `handler`, inside of `process` and for as long as that runs. */
  listen(address: string, process: SimProcess, handler: FetchHandler): Listener {
    return this.#world.network.listen(address, process, handler);
  }

  /** A stream that decides what the users do. */
  workload(site: string): Draws {
    return this.#world.choices.stream('workload', site);
  }

  /** One part of what `site` decides on, such as one operation: it can be left out without disturbing others. */
  workloadPart(site: string, part: string): Draws {
    return this.#world.choices.section('workload', site, part);
  }

  /** Whether a minimizer has left this out: an agent, an operation. By seed nothing ever is. */
  omits(what: string): boolean {
    return this.#world.choices.omits('workload', what);
  }

  /** A stream that decides on faults other than the planned crashes. */
  faults(site: string): Draws {
    return this.#world.choices.stream('fault', site);
  }

  /** Bytes that nobody can foresee but the seed. */
  entropy(site: string): Entropy {
    return new SimEntropy(this.#world.choices.entropy(site));
  }

  /**
   * An operation took this long from the point of view of its user, from call to answer. `submit` and `vote`
   * are counted as assertions and votes that were acknowledged.
   */
  latency(operation: string, micros: number): void {
    let measure = this.#latenciesMicros.get(operation);
    if (measure === undefined) {
      measure = new Measure();
      this.#latenciesMicros.set(operation, measure);
    }
    measure.add(micros);
  }

  /** What `latency` was told, by operation in the order of their first samples. */
  latenciesMicros(): ReadonlyMap<string, Measure> {
    return this.#latenciesMicros;
  }

  /** One of `values`, drawn once for this run: a size, a limit, a feature. The first is the calmest. */
  knob<T>(name: string, values: readonly [T, ...T[]]): T {
    const value = drawKnob(this.#world.choices, this.#given, name, values);
    this.#knobs.set(name, String(value));
    return value;
  }

  /**
   * Which of `kinds` of operations exist in this run: the first always. What is there several times stays or goes as
   * one.
   */
  kinds<T extends string>(name: string, kinds: readonly [T, ...T[]]): readonly [T, ...T[]] {
    return drawKinds(name, kinds, (option, values) => this.knob(option, values));
  }

  /** Every option that the seed expanded to, by name in the order of drawing. */
  knobs(): Record<string, string> {
    return Object.fromEntries(this.#knobs);
  }

  /** Counts that the path `marker` was taken. */
  reached(marker: string): void {
    this.#world.telemetry.reached(marker);
  }

  /** As `reached`, if `condition` holds: for what is rare, and should be seen all the same. */
  sometimes(marker: string, condition: boolean): void {
    if (condition) this.reached(marker);
  }

  get nowMicros(): number {
    return this.#world.kernel.nowMicros;
  }

  record(kind: HistoryEvent['kind'], actor: string, text: string): void {
    const { kernel } = this.#world;
    this.history.record({ kind, actor, text, step: kernel.steps, timeMicros: kernel.nowMicros });
    kernel.note(() => `${actor} ${text}`);
  }

  /** Ends the run with a counterexample unless `holds`. */
  require(holds: boolean, detail: () => ViolationDetail): void {
    if (!holds) throw new Violation(detail());
  }
}
