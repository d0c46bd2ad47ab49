import { Worker } from 'node:worker_threads';
import type { Scenario } from '../../arena/index.ts';
import type { ArenaSource } from '../arena-source.ts';
import type { Tried } from '../minimize/player.ts';
import type { PlayedRun, PlayOptions } from '../play.ts';
import type { RunPlan } from '../run-plan.ts';
import { hungRun } from '../watchdog/hang.ts';
import { Heart } from '../watchdog/heart.ts';
import { hangMsDefault, looksPerSecond, Pulse } from '../watchdog/pulse.ts';
import type { ThreadAnswer, ThreadInput, ThreadTask } from './thread-task.ts';

export interface PlayThreadsOptions {
  /** How many; 1 by default. */
  readonly jobs?: number;
  /** Planted bug that each of them loads. */
  readonly mutant?: string | undefined;
  /** What they load instead of all arenas. */
  readonly source?: ArenaSource | undefined;
  /** See `Pulse`. */
  readonly hangMs?: number | undefined;
  /** What they run; `play-thread.js` by default. */
  readonly script?: URL | undefined;
}

type Done = Exclude<ThreadAnswer, { readonly kind: 'begun' }>;
type Try = Extract<ThreadTask, { readonly kind: 'try' }>;

interface Waiting {
  readonly task: ThreadTask;
  scenario: Scenario | undefined;
  readonly resolve: (done: Done) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly heart: Heart;
  readonly pulse: Pulse;
  playing: Waiting | undefined;
}

/** Worker threads that play one run each at a time. One that hangs is ended and replaced, and the run is a hang. */
export class PlayThreads {
  readonly width: number;
  readonly #input: Omit<ThreadInput, 'heart'>;
  readonly #hangMs: number;
  readonly #script: URL;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Waiting[] = [];
  readonly #looking: NodeJS.Timeout;
  #failure: unknown;

  constructor({ jobs = 1, mutant, source, hangMs = hangMsDefault(), script }: PlayThreadsOptions) {
    this.width = jobs;
    this.#input = { mutant, source };
    this.#hangMs = hangMs;
    this.#script = script ?? new URL('./play-thread.js', import.meta.url);
    for (let job = 0; job < jobs; job++) this.#begin();
    this.#looking = setInterval(() => this.#look(), 1000 / looksPerSecond).unref();
  }

  /** As `play` does, but that a run that hangs has an end. What a bug has planted is not needed here. */
  readonly play = async (plan: RunPlan, options: PlayOptions = {}): Promise<PlayedRun> => {
    const done = await this.#ask({ kind: 'play', plan, options });
    if (done.kind !== 'played') throw new TypeError(`A thread has answered "${done.kind}".`);
    return done.played;
  };

  /** A candidate that hangs has that for its failure. */
  async try(task: Omit<Try, 'kind'>): Promise<Tried> {
    const done = await this.#ask({ kind: 'try', ...task });
    if (done.kind === 'tried') return done.tried;
    const { record, failure } = done.played;
    const { signature, steps } = record;
    return { signature, message: failure?.message ?? '', steps, found: undefined };
  }

  async close(): Promise<void> {
    clearInterval(this.#looking);
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #ask(task: ThreadTask): Promise<Done> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ task, scenario: undefined, resolve, reject });
      this.#next();
    });
  }

  #begin(): void {
    const heart = new Heart();
    const workerData: ThreadInput = { ...this.#input, heart: heart.shared };
    const worker = new Worker(this.#script, { workerData });
    const thread: Thread = { worker, heart, pulse: new Pulse(heart, this.#hangMs), playing: undefined };
    this.#threads.add(thread);
    worker.on('message', (answer: ThreadAnswer) => {
      const { playing } = thread;
      if (playing === undefined) return;
      if (answer.kind === 'begun') {
        playing.scenario = answer.scenario;
        return;
      }
      thread.playing = undefined;
      playing.resolve(answer);
      this.#next();
    });
    worker.on('error', (error) => {
      this.#failure ??= error;
      const playing = [...this.#threads].flatMap((one) => one.playing ?? []);
      for (const { reject } of [...playing, ...this.#waiting.splice(0)]) reject(error);
    });
    worker.on('exit', () => thread.playing?.reject(new Error('A thread ended while it played.')));
  }

  #next(): void {
    for (const thread of this.#threads) {
      if (thread.playing !== undefined) continue;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      thread.playing = next;
      thread.pulse.excuse();
      thread.worker.postMessage(next.task);
    }
  }

  #look(): void {
    const playing = [...this.#threads].filter((thread) => thread.playing !== undefined);
    for (const thread of playing) {
      if (thread.pulse.isSilent(playing.length)) this.#end(thread, thread.playing!);
    }
  }

  #end(thread: Thread, { task, scenario, resolve, reject }: Waiting): void {
    const { worker, heart } = thread;
    this.#threads.delete(thread);
    thread.playing = undefined;
    worker.terminate().catch(reject);
    const known = (task.kind === 'play' ? task.options.scenario : undefined) ?? scenario;
    if (known === undefined) {
      reject(new Error('A thread hung before it had begun a run.'));
      return;
    }
    const { steps, task: name } = heart;
    const at = name === '' ? undefined : { steps, task: name, hangMs: this.#hangMs };
    this.#begin();
    resolve({ kind: 'played', played: hungRun(task.plan, known, at) });
    this.#next();
  }
}
