import { nodeSignatures } from '../../crypto/index.ts';
import type { Ports } from '../../ports/index.ts';
import {
  crashProfile,
  DelayBounded,
  type Disk,
  enumerateCrashImages,
  type Machine,
  World,
  type WorldFailure,
  type WorldOptions,
} from '../../sim/index.ts';
import { ChoiceLog, type ChoicePoint } from './choice-log.ts';
import { walkSchedules } from './delayed-schedules.ts';
import type {
  ExhaustiveCoverage,
  ExhaustiveFailure,
  ExhaustiveLimits,
  SmallWorkload,
} from './small-workload.ts';

/** A disk that a power loss may leave, and what had been promised by then. */
interface Image {
  readonly disk: Disk;
  readonly promised: readonly string[];
  readonly beforeStep: number;
}

/** Far beyond what a small workload needs. */
const stepsMax = 100_000;

/**
 * Every schedule up to so many delays, a power loss before every step of each, and every disk that the profile
 * allows it to leave, each recovered from. What holds is proved up to these bounds.
 */
export async function exhaust(
  workload: SmallWorkload,
  limits: ExhaustiveLimits,
): Promise<ExhaustiveCoverage> {
  const exhaustion = new Exhaustion(workload, limits);
  const { delaysMax, schedulesMax } = limits;
  const coverage = await walkSchedules({
    delaysMax,
    schedulesMax,
    play: (delays) => exhaustion.play(delays),
  });
  return { ...coverage, ...exhaustion.coverage() };
}

class Exhaustion {
  readonly #workload: SmallWorkload;
  readonly #limits: ExhaustiveLimits;
  readonly #failures: ExhaustiveFailure[] = [];
  /** Disks and promises that were recovered from already. */
  readonly #judged = new Set<string>();
  #crashPoints = 0;
  #images = 0;
  #isEveryImage = true;

  constructor(workload: SmallWorkload, limits: ExhaustiveLimits) {
    this.#workload = workload;
    this.#limits = limits;
  }

  coverage(): Omit<ExhaustiveCoverage, 'schedules' | 'delaysProved'> {
    return {
      crashPoints: this.#crashPoints,
      images: this.#images,
      recoveries: this.#judged.size,
      isEveryImage: this.#isEveryImage,
      failures: this.#failures,
    };
  }

  async play(delays: readonly number[]): Promise<readonly ChoicePoint[]> {
    const promised: string[] = [];
    const images: Image[] = [];
    let steps = 0;
    const photograph = (): void => {
      steps++;
      for (const disk of this.#photograph(machine.disk, promised)) {
        images.push({ disk, promised: [...promised], beforeStep: steps });
      }
    };
    const log = new ChoiceLog(new DelayBounded(delays), photograph);
    const world = new World(worldOptions(() => log));
    const machine = this.#machine(world);
    const { failure } = await world.run(() =>
      inProcess(machine, (ports) => this.#workload.work(ports, (what) => promised.push(what))),
    );
    photograph();
    if (failure !== undefined)
      this.#failures.push({ delays, crashBeforeStep: undefined, error: failure.error });
    for (const image of images) {
      const broken = await this.#recover(image);
      if (broken === undefined) continue;
      this.#failures.push({ delays, crashBeforeStep: image.beforeStep, error: broken.error });
    }
    return log.points;
  }

  /** Each image of `disk` that nobody has recovered from yet with the same promises. */
  *#photograph(disk: Disk, promised: readonly string[]): Generator<Disk> {
    this.#crashPoints++;
    const profile = crashProfile(this.#workload.crashProfile);
    const images = enumerateCrashImages(disk, profile, this.#limits.imagesPerPointMax);
    for (;;) {
      const { value, done } = images.next();
      if (done === true) {
        this.#isEveryImage &&= value.exhaustive;
        return;
      }
      this.#images++;
      const key = [value.disk.digest(), ...promised].join('\n');
      if (this.#judged.has(key)) continue;
      this.#judged.add(key);
      yield value.disk;
    }
  }

  async #recover({ disk, promised }: Image): Promise<WorldFailure | undefined> {
    const world = new World(worldOptions(() => new DelayBounded([])));
    const machine = this.#machine(world);
    machine.insert(disk);
    const { failure } = await world.run(() =>
      inProcess(machine, (ports) => this.#workload.recover(ports, promised)),
    );
    return failure;
  }

  #machine(world: World): Machine {
    return world.machine('machine', crashProfile(this.#workload.crashProfile));
  }
}

function worldOptions(strategy: Exclude<WorldOptions['strategy'], string>): WorldOptions {
  return {
    choices: { kind: 'seed', seed: '0', record: false },
    strategy,
    choicesPerRun: 1,
    latency: { slow: 0, outOf: 1, microsMax: 0 },
    stepsMax,
    trace: false,
    signatures: nodeSignatures,
  };
}

/** Runs `body` inside of a new process of `machine`. */
function inProcess(machine: Machine, body: (ports: Ports) => Promise<void>): Promise<void> {
  const process = machine.boot();
  return process.call('work', () => body(process.ports));
}
