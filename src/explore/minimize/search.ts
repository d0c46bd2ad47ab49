import type { MinimizerPass, SlippedFailure } from '../run-record.ts';
import { type Candidate, keyOf } from './candidate.ts';
import type { Found, Player, Tried } from './player.ts';
import { isSmaller } from './size.ts';

export interface SearchLimits {
  readonly triesMax: number;
  /** Says when real time is up. */
  isTimeUp(): boolean;
}

/** A candidate, and what it is to whoever proposes it. */
export type Option<T> = readonly [candidate: Candidate, tag: T];

export interface TakeAwayOptions {
  /** Others to try when a candidate does not fail. */
  readonly nearby?: ((candidate: Candidate) => readonly Candidate[]) | undefined;
  /** Sizes of the smallest and of the largest pieces. */
  readonly least?: number;
  readonly most?: number;
}

/** Only with so few left is it worth it to look around a run without a single one of them. */
const fewItems = 12;

/** Thrown out of a pass when there is nothing left to spend. */
export class BudgetSpent extends Error {
  constructor() {
    super('The budget is spent.');
    this.name = 'BudgetSpent';
  }
}

/**
 * The smallest failing run so far, and how smaller ones are tried. Its result depends on the tries alone, and not on
 * how many of them are played side by side.
 */
export class Search {
  readonly passes: MinimizerPass[] = [];
  readonly #player: Player;
  readonly #signature: string;
  readonly #limits: SearchLimits;
  readonly #known = new Set<string>();
  readonly #slipped = new Map<string, { signature: string; times: number; message: string }>();
  #best: Found;
  #tries = 0;
  #steps = 0;
  #pass = { name: '', tries: 0, accepted: 0 };

  constructor(player: Player, signature: string, first: Found, limits: SearchLimits) {
    this.#player = player;
    this.#signature = signature;
    this.#best = first;
    this.#limits = limits;
  }

  get best(): Found {
    return this.#best;
  }

  get tries(): number {
    return this.#tries;
  }

  /** That all tries have taken together. */
  get steps(): number {
    return this.#steps;
  }

  get slipped(): readonly SlippedFailure[] {
    return [...this.#slipped.values()];
  }

  /** Everything tried from now on is counted under `name`. */
  begin(name: string): void {
    this.end();
    this.#pass = { name, tries: 0, accepted: 0 };
  }

  end(): void {
    if (this.#pass.tries > 0) this.passes.push({ ...this.#pass, size: this.#best.size });
    this.#pass.tries = 0;
  }

  /** Whether `candidate` fails in the same way and is smaller. If so it is the best from now on. */
  async attempt(candidate: Candidate): Promise<boolean> {
    return (await this.firstOf([[candidate, true]])) === true;
  }

  /**
   * Plays `options` in their order, several at a time where there are threads for it, but for those that have been
   * played before. The first that fails in the same way and is smaller is the best from now on, as it was recorded,
   * and its tag is returned; `undefined` when there is none, or when those before have taken `stepsMost` steps together.
   * Throws `BudgetSpent`.
   */
  async firstOf<T>(options: Iterable<Option<T>>, stepsMost = Infinity): Promise<T | undefined> {
    const left = options[Symbol.iterator]();
    const stepsMax = this.#stepsMax();
    const ahead: { readonly key: string; readonly tag: T; readonly tried: Promise<Tried> }[] = [];
    const keys = new Set<string>();
    const end = this.#steps + stepsMost;
    while (this.#steps < end) {
      while (ahead.length < this.#player.width) {
        const { done, value } = left.next();
        if (done === true) break;
        const [candidate, tag] = value;
        const key = keyOf(candidate);
        if (this.#known.has(key) || keys.has(key)) continue;
        if (ahead.length === 0) this.#requireBudget();
        keys.add(key);
        const tried = this.#player.play(candidate, stepsMax);
        // Nobody waits for those that come after the first success.
        tried.catch(() => undefined);
        ahead.push({ key, tag, tried });
      }
      const next = ahead.shift();
      if (next === undefined) return undefined;
      this.#requireBudget();
      this.#known.add(next.key);
      this.#tries += 1;
      this.#pass.tries += 1;
      const tried = await next.tried;
      this.#steps += tried.steps;
      if (this.#accepts(tried)) return next.tag;
    }
    return undefined;
  }

  /**
   * Takes as many of `items` away as it can: all, halves, and so on down to pieces of `least`, in their order; or
   * pieces of `most` first. `without` makes the candidate.
   */
  async takeAway<T>(
    items: readonly T[],
    without: (best: Candidate, taken: readonly T[]) => Candidate,
    { nearby = () => [], least = 1, most = items.length }: TakeAwayOptions = {},
  ): Promise<void> {
    const left = [...items];
    const optionsFrom = function* (best: Candidate, from: number, chunk: number): Generator<Option<number>> {
      const looksAround = chunk > 1 || left.length <= fewItems;
      for (let start = from; start < left.length; start += chunk) {
        const candidate = without(best, left.slice(start, start + chunk));
        yield [candidate, start];
        if (looksAround) for (const near of nearby(candidate)) yield [near, start];
      }
    };
    for (let chunk = most; chunk >= least; chunk = chunk <= 1 ? 0 : Math.ceil(chunk / 2)) {
      let from: number | undefined = 0;
      while (from !== undefined && from < left.length) {
        from = await this.firstOf(optionsFrom(this.#best.candidate, from, chunk));
        if (from !== undefined) left.splice(from, chunk);
      }
    }
  }

  #accepts({ signature, message, found }: Tried): boolean {
    if (found === undefined) {
      if (signature !== null && signature !== this.#signature) this.#slip(signature, message);
      return false;
    }
    if (!isSmaller(found.size, this.#best.size)) return false;
    this.#best = found;
    this.#pass.accepted += 1;
    return true;
  }

  #requireBudget(): void {
    if (this.#tries >= this.#limits.triesMax || this.#limits.isTimeUp()) throw new BudgetSpent();
  }

  /** What does less and has not failed by then hardly will; of a livelock the end is the failure. */
  #stepsMax(): number | undefined {
    return this.#signature.includes('LIVELOCK') ? undefined : Math.ceil(1.2 * this.#best.size.steps) + 200;
  }

  #slip(signature: string, message: string): void {
    // Our own limit has cut it short.
    if (signature.endsWith('/SIM_LIVELOCK')) return;
    const known = this.#slipped.get(signature);
    if (known === undefined) this.#slipped.set(signature, { signature, times: 1, message });
    else known.times += 1;
  }
}
