import { Worker } from 'node:worker_threads';
import type { ArenaSource } from './arena-source.ts';
import { type CampaignPlan, planRun } from './run-plan.ts';
import type { RunRecord } from './run-record.ts';
import { Gate, positionsMax } from './worker-gate.ts';
import { Ledger } from './worker-ledger.ts';
import { hungRecord } from './watchdog/hang.ts';
import { Heart } from './watchdog/heart.ts';
import { looksPerSecond, Pulse } from './watchdog/pulse.ts';

export interface WorkerPoolOptions {
  readonly plan: CampaignPlan;
  readonly jobs: number;
  readonly mutant: string | undefined;
  /** What is loaded instead of all arenas. */
  readonly source?: ArenaSource | undefined;
  /** No runs are begun once this says so, but for the first; those under way end and are reported. */
  stop(): boolean;
  /** For as long as this says so no runs are begun; those under way end. Has no say once it is to stop. */
  isPaused?(): boolean;
  /** Called a few times a second, for whoever watches. */
  onWorkers?(workers: readonly WorkerState[]): void;
  /** See `Pulse`. */
  readonly hangMs?: number | undefined;
  /** What workers run; `worker.js` by default. */
  readonly script?: URL | undefined;
}

/** What a worker is at. */
export interface WorkerState {
  /** `undefined` before its first run. */
  readonly run: number | undefined;
  /** Steps of that run so far, about. */
  readonly steps: number;
}

/** What a worker is given to begin with. */
export interface WorkerInput {
  readonly plan: CampaignPlan;
  readonly mutant: string | undefined;
  readonly source: ArenaSource | undefined;
  readonly gate: SharedArrayBuffer;
  readonly ledger: SharedArrayBuffer;
  readonly heart: SharedArrayBuffer;
  /** To be played before all others: taken by a worker that was ended. */
  readonly redo: readonly number[];
  readonly positions: number;
  readonly firstRun: number;
  readonly runStride: number;
}

export interface WorkerOutput {
  readonly position: number;
  readonly record: RunRecord;
}

/** So many records may wait for one that is not there yet, or for whoever takes them. */
const backlogMax = 4096;

type CommonInput = Omit<WorkerInput, 'ledger' | 'heart' | 'redo'>;

interface Member {
  readonly worker: Worker;
  readonly ledger: Ledger;
  readonly heart: Heart;
  readonly pulse: Pulse;
}

/** Threads that take runs from one counter; their records come back in the order of the runs. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #gate = new Gate();
  readonly #members = new Set<Member>();
  readonly #arrived = new Map<number, RunRecord>();
  #failure: unknown;
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** Plays `positions` runs; `runAt` must be linear. Leaving the loop early stops the workers. */
  async *records(positions: number, runAt: (position: number) => number): AsyncGenerator<RunRecord> {
    const input = {
      plan: this.#options.plan,
      mutant: this.#options.mutant,
      source: this.#options.source,
      gate: this.#gate.shared,
      positions: Math.min(positions, positionsMax),
      firstRun: runAt(0),
      runStride: runAt(1) - runAt(0),
    };
    const ended: Promise<number>[] = [];
    let isStopping = false;
    const look = (): void => {
      const isToStop = this.#options.stop();
      const isHeld = this.#options.isPaused?.() === true || this.#arrived.size > backlogMax;
      this.#gate.hold(!isToStop && isHeld);
      for (const member of this.#members) {
        if (this.#isSilent(member)) ended.push(this.#end(member, input));
      }
      if (isStopping || !isToStop || this.#arrived.size + position === 0) return;
      isStopping = true;
      this.#gate.close();
    };
    let position = 0;
    const looking = setInterval(() => {
      look();
      this.#options.onWorkers?.(this.#states(input));
    }, 1000 / looksPerSecond);
    for (let job = 0; job < this.#options.jobs; job++) this.#begin(input);
    try {
      for (; position < positions; position++) {
        for (;;) {
          const record = this.#arrived.get(position);
          if (record !== undefined) {
            this.#arrived.delete(position);
            yield record;
            look();
            break;
          }
          if (this.#failure !== undefined) throw this.#failure;
          if (this.#members.size === 0) return;
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#isOver = true;
      clearInterval(looking);
      this.#gate.close();
      await Promise.all([...ended, ...[...this.#members].map(({ worker }) => worker.terminate())]);
    }
  }

  #states({ firstRun, runStride }: CommonInput): WorkerState[] {
    return [...this.#members].map(({ ledger, heart }) => {
      const position = ledger.taken().at(-1);
      const run = position === undefined ? undefined : firstRun + position * runStride;
      return { run, steps: heart.steps };
    });
  }

  #begin(input: CommonInput, redo: readonly number[] = []): void {
    const ledger = new Ledger();
    const heart = new Heart();
    const script = this.#options.script ?? new URL('./worker.js', import.meta.url);
    const workerData: WorkerInput = { ...input, redo, ledger: ledger.shared, heart: heart.shared };
    const worker = new Worker(script, { workerData });
    const member: Member = { worker, ledger, heart, pulse: new Pulse(heart, this.#options.hangMs) };
    this.#members.add(member);
    worker.on('message', (outputs: readonly WorkerOutput[]) => {
      for (const { position, record } of outputs) this.#arrived.set(position, record);
      this.#wake();
    });
    worker.on('error', (error) => {
      this.#failure ??= error;
      this.#wake();
    });
    worker.on('exit', () => {
      // One that hung is replaced first: whoever waits must not find that nobody is left.
      if (!member.ledger.isClosed) this.#members.delete(member);
      this.#wake();
    });
  }

  #isSilent({ ledger, pulse }: Member): boolean {
    // One that is at a run may hang even while others wait.
    if (this.#gate.isHeld && ledger.taken().length === 0) pulse.excuse();
    return !ledger.isClosed && pulse.isSilent(this.#members.size);
  }

  /** Ends a worker that hangs; another goes on with what it had not reported, but for the run that hangs. */
  async #end(member: Member, input: CommonInput): Promise<number> {
    member.ledger.close();
    const code = await member.worker.terminate();
    const redo = member.ledger.taken();
    const hung = redo.pop();
    if (hung === undefined) {
      this.#failure ??= new Error('A worker thread hung before it had begun a run.');
    } else {
      this.#arrived.set(hung, hungRecord(planRun(input.plan, input.firstRun + hung * input.runStride)));
      if (!this.#isOver) this.#begin(input, redo);
    }
    this.#members.delete(member);
    this.#wake();
    return code;
  }
}
