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
import { Chaos } from './chaos.ts';
import type { Scenario } from './scenario.ts';
import { swarmKinds } from './swarm.ts';

/** What an arena works with: a world to build in, choices to make, and a history to keep. */
export class ArenaContext {
  readonly history = new History();
  readonly scenario: Scenario;
  readonly chaos: Chaos;
  readonly #world: World;
  readonly #knobs = new Map<string, string>();
  readonly #latenciesMicros = new Map<string, Measure>();

  /** `drawn` are options that were drawn before, to be told with the knobs. */
  constructor(world: World, scenario: Scenario, drawn: Readonly<Record<string, string>> = {}) {
    this.#world = world;
    this.scenario = scenario;
    this.chaos = new Chaos(this, world);
    for (const [name, value] of Object.entries(drawn)) this.#knobs.set(name, value);
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
    return this.#world.machine(name, crashProfile(profile));
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

  /** A stream that decides on faults other than the planned crashes. */
  faults(site: string): Draws {
    return this.#world.choices.stream('fault', site);
  }

  /** Bytes that nobody can foresee but the seed. */
  entropy(site: string): Entropy {
    return new SimEntropy(this.workload(site));
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
    const value = values[this.#world.choices.stream('knobs', name).choose(values.length)] ?? values[0];
    this.#knobs.set(name, String(value));
    return value;
  }

  /**
   * Which of `kinds` of operations exist in this run: the first always. What is there several times stays or goes as
   * one.
   */
  kinds<T extends string>(name: string, kinds: readonly [T, ...T[]]): readonly [T, ...T[]] {
    const kept = swarmKinds(kinds, (site) => this.#world.choices.stream('knobs', `${name}:${site}`));
    this.#knobs.set(name, [...new Set(kept)].join(' '));
    return kept;
  }

  /** Every option that the seed expanded to, by name in the order of drawing. */
  knobs(): Record<string, string> {
    return Object.fromEntries(this.#knobs);
  }

  /** Counts that the path `marker` was taken. */
  reached(marker: string): void {
    this.#world.telemetry.reached(marker);
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
