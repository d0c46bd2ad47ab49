import { SimulationError } from '../errors.ts';
import type { Draws, DrawSource } from './draws.ts';
import { emptyTape, type Lane, lanes, type MutableTape, type Tape } from './tape.ts';
import { tycheiStream, type Uniform } from './tychei-stream.ts';

/** A stream that may also be told what somebody else decided. */
export interface Stream extends Draws {
  /** As `choose`, but a new value comes from `propose` instead of the stream's own generator. */
  decide(domain: number, propose: () => number): number;
  /** Whether a decision is kept, or comes from a tape. If not, `decide` does nothing but ask `propose`. */
  readonly isTaped: boolean;
}

export type ChoiceMode =
  /** Every value from the seed; `record` keeps the tape. */
  | {
      readonly kind: 'seed';
      readonly seed: string;
      readonly record: boolean;
      /** Of the lane `schedule` and of strategies; by default `seed` too. */
      readonly scheduleSeed?: string | undefined;
    }
  /** Every value from the tape; one that does not fit, is missing or is left over is an error. */
  | { readonly kind: 'strict'; readonly seed: string; readonly tape: Tape }
  /** Values from the tape where it has them, cut to the domain; elsewhere 0, the calmest. */
  | {
      readonly kind: 'steps';
      readonly seed: string;
      readonly tape: Tape;
      /** `strategy`: decisions are not looked up but proposed, and recorded. Default `tape`. */
      readonly decisions?: 'tape' | 'strategy' | undefined;
      /** Whether what the tape says nothing of is left out of the workload, rather than done. */
      readonly omitsUnlisted?: boolean | undefined;
      /** Of the dice of strategies; by default `seed` too. */
      readonly scheduleSeed?: string | undefined;
    }
  /** As `steps`, until `cutLoose`: from then on faults and the schedule are new, from the `scheduleSeed`. */
  | {
      readonly kind: 'prefix';
      readonly seed: string;
      readonly tape: Tape;
      readonly scheduleSeed: string;
      /** Cut loose from the beginning. */
      readonly isLoose?: boolean | undefined;
    };

/**
 * The source of everything that a seed decides. A choice is keyed by (lane, site, nth): it comes from
 * a stream of its own lane and site, so that a new choice in one place shifts no other.
 */
export class Choices {
  readonly #mode: ChoiceMode;
  readonly #onMismatch: (error: SimulationError) => void;
  readonly #recorded: MutableTape | undefined;
  readonly #streams = new Map<string, Stream>();
  readonly #seeded = new Map<string, Stream>();
  readonly #replays: Replay[] = [];
  readonly #cut: { isLoose: boolean };

  /**
   * `onMismatch` hears of a strict replay that leaves its tape, before the error is thrown into whatever
   * code was drawing: that code may catch it.
   */
  constructor(mode: ChoiceMode, onMismatch: (error: SimulationError) => void = () => undefined) {
    this.#mode = mode;
    this.#onMismatch = onMismatch;
    this.#cut = { isLoose: mode.kind === 'prefix' && mode.isLoose === true };
    this.#recorded = mode.kind === 'seed' && !mode.record ? undefined : emptyTape();
  }

  /** What was chosen so far; `undefined` unless this run records or replays. */
  get tape(): Tape | undefined {
    return this.#recorded;
  }

  lane(lane: Lane): DrawSource {
    return { at: (site) => this.stream(lane, site) };
  }

  stream(lane: Lane, site: string): Stream {
    const key = `${lane}|${site}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = this.#open(lane, site);
      this.#streams.set(key, stream);
    }
    return stream;
  }

  /**
   * What only has to differ, as ids and nonces have: from the seed in every mode, and on no tape. A minimizer that
   * made them alike would find failures that are none.
   */
  entropy(site: string): Stream {
    const key = `entropy|${site}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = new SeededStream(`${this.#mode.seed}|workload|${site}`);
      this.#streams.set(key, stream);
    }
    return stream;
  }

  /**
   * A part of what is decided at `site`, such as one operation of many. By seed its values are the next ones
   * of the whole site; on a tape it is a site of its own, so that parts can be left out and disturb no other.
   */
  section(lane: Lane, site: string, part: string): Stream {
    if (this.#recorded === undefined) return this.stream(lane, site);
    const name = `${site} ${part}`;
    const key = `${lane}|${name}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = this.#record(lane, name, this.#source(lane, name, site));
      this.#streams.set(key, stream);
    }
    return stream;
  }

  /**
   * Whether `what` is to be left out: an operation, an agent, a planned fault. Nothing ever is but by a tape
   * that says so, and a seed draws nothing for it.
   */
  omits(lane: Lane, what: string): boolean {
    const site = `${omission} ${what}`;
    if (this.#mode.kind === 'seed') return false;
    const isListed = this.#mode.tape[lane][site] !== undefined;
    if (!isListed && this.#mode.kind === 'strict') return false;
    if (!isListed && this.#mode.kind === 'steps' && this.#mode.omitsUnlisted === true) {
      return lane === 'workload';
    }
    return this.stream(lane, site).choose(2) === 1;
  }

  /** In mode `prefix`: what faults and the schedule do from now on comes from the seed. */
  cutLoose(): void {
    this.#cut.isLoose = true;
  }

  /**
   * Where the tape has values other than 0 that nobody has asked for, or that have answered another question, as
   * `lane site`.
   */
  unasked(): readonly string[] {
    if (this.#mode.kind === 'seed') return [];
    const { tape } = this.#mode;
    const left = this.#replays
      .filter((replay) => replay.hasValuesLeft || replay.isBent)
      .map((replay) => replay.name);
    for (const lane of lanes) {
      for (const [site, values] of Object.entries(tape[lane])) {
        const isCalm = values.every((value, index) => index % 2 === 0 || value === 0);
        if (!isCalm && !this.#streams.has(`${lane}|${site}`)) left.push(`${lane} ${site}`);
      }
    }
    return left;
  }

  /** A generator for decisions that are recorded elsewhere: a strategy's own dice. */
  unrecorded(site: string): Uniform {
    return tycheiStream(`${this.#seedOf('schedule')}|unrecorded|${site}`);
  }

  /** In a strict replay, throws `SIM_TAPE_MISMATCH` when the run did not use the whole tape. */
  finish(): void {
    if (this.#mode.kind !== 'strict') return;
    for (const replay of this.#replays) replay.assertUsedUp();
    for (const lane of lanes) {
      for (const site of Object.keys(this.#mode.tape[lane])) {
        if (!this.#streams.has(`${lane}|${site}`)) throw mismatch(lane, site, 0, 'the run never drew here');
      }
    }
  }

  #seedOf(lane: Lane): string {
    const mode = this.#mode;
    return (lane === 'schedule' && mode.kind !== 'strict' ? mode.scheduleSeed : undefined) ?? mode.seed;
  }

  #open(lane: Lane, site: string): Stream {
    const source = this.#source(lane, site, site);
    return this.#recorded === undefined ? source : this.#record(lane, site, source);
  }

  /** Where values come from: `seeded` names the site whose generator it is, by seed. */
  #source(lane: Lane, site: string, seeded: string): Stream {
    const mode = this.#mode;
    if (mode.kind === 'seed') {
      const key = `${lane}|${seeded}`;
      let stream = this.#seeded.get(key);
      if (stream === undefined) {
        stream = new SeededStream(`${this.#seedOf(lane)}|${key}`);
        this.#seeded.set(key, stream);
      }
      return stream;
    }
    const values = mode.tape[lane][site] ?? [];
    const replay = new Replay({ lane, site, values }, mode, this.#onMismatch);
    this.#replays.push(replay);
    const isFree = (lane === 'fault' || lane === 'schedule') && !isOmission(site);
    if (mode.kind !== 'prefix' || !isFree) return replay;
    return new CutStream(this.#cut, replay, new SeededStream(`${mode.scheduleSeed}|${lane}|${site}`));
  }

  #record(lane: Lane, site: string, source: Stream): Stream {
    const values: number[] = [];
    this.#recorded![lane][site] = values;
    return new RecordingStream(source, values);
  }
}

const omission = 'omit';

/** Whether the values of `site` say what is left out. */
export function isOmission(site: string): boolean {
  return site.startsWith(`${omission} `);
}

/** From a tape up to a moment, and from a generator then. */
class CutStream implements Stream {
  readonly isTaped = true;
  readonly #cut: { readonly isLoose: boolean };
  readonly #before: Stream;
  readonly #after: Stream;

  constructor(cut: { readonly isLoose: boolean }, before: Stream, after: Stream) {
    this.#cut = cut;
    this.#before = before;
    this.#after = after;
  }

  choose(domain: number): number {
    return (this.#cut.isLoose ? this.#after : this.#before).choose(domain);
  }

  decide(domain: number, propose: () => number): number {
    return (this.#cut.isLoose ? this.#after : this.#before).decide(domain, propose);
  }
}

class SeededStream implements Stream {
  readonly isTaped = false;
  readonly #key: string;
  #uniform: Uniform | undefined;

  constructor(key: string) {
    this.#key = key;
  }

  choose(domain: number): number {
    if (domain <= 1) return 0;
    this.#uniform ??= tycheiStream(this.#key);
    return this.#uniform.below(domain);
  }

  decide(domain: number, propose: () => number): number {
    return domain <= 1 ? 0 : propose();
  }
}

class RecordingStream implements Stream {
  readonly isTaped = true;
  readonly #inner: Stream;
  readonly #values: number[];

  constructor(inner: Stream, values: number[]) {
    this.#inner = inner;
    this.#values = values;
  }

  choose(domain: number): number {
    return this.#keep(domain, this.#inner.choose(domain));
  }

  decide(domain: number, propose: () => number): number {
    return this.#keep(domain, this.#inner.decide(domain, propose));
  }

  #keep(domain: number, value: number): number {
    if (domain > 1) this.#values.push(domain, value);
    return value;
  }
}

interface TapedSite {
  readonly lane: Lane;
  readonly site: string;
  readonly values: readonly number[];
}

class Replay implements Stream {
  readonly isTaped = true;
  readonly #taped: TapedSite;
  readonly #mode: ChoiceMode;
  readonly #onMismatch: (error: SimulationError) => void;
  #next = 0;
  #isBent = false;

  constructor(taped: TapedSite, mode: ChoiceMode, onMismatch: (error: SimulationError) => void) {
    this.#taped = taped;
    this.#mode = mode;
    this.#onMismatch = onMismatch;
  }

  get name(): string {
    return `${this.#taped.lane} ${this.#taped.site}`;
  }

  get hasValuesLeft(): boolean {
    return this.#taped.values.some((value, index) => index > this.#next && index % 2 === 1 && value > 0);
  }

  /** A value other than 0 has answered another question than the one that it was recorded for. */
  get isBent(): boolean {
    return this.#isBent;
  }

  choose(domain: number): number {
    if (domain <= 1) return 0;
    const { values } = this.#taped;
    const isStrict = this.#mode.kind === 'strict';
    // A choice that was forced on the way here left nothing on the tape, or has left something too many.
    if (!isStrict && values[this.#next] !== domain && values[this.#next + 2] === domain) this.#next += 2;
    const taped = values[this.#next];
    const value = values[this.#next + 1];
    if (taped === undefined || value === undefined) {
      if (isStrict) throw this.#mismatch(`the run drew once more (domain ${domain}) than the tape`);
      return 0;
    }
    if (isStrict && taped !== domain) {
      throw this.#mismatch(`the run asked for one of ${domain}, the tape answered one of ${taped}`);
    }
    this.#isBent ||= taped !== domain && value > 0;
    this.#next += 2;
    return Math.min(value, domain - 1);
  }

  decide(domain: number, propose: () => number): number {
    if (this.#mode.kind === 'steps' && this.#mode.decisions === 'strategy') return propose();
    return this.choose(domain);
  }

  assertUsedUp(): void {
    if (this.#next < this.#taped.values.length) throw this.#mismatch('the run ended before it drew this');
  }

  #mismatch(reason: string): SimulationError {
    const error = mismatch(this.#taped.lane, this.#taped.site, this.#next / 2, reason);
    this.#onMismatch(error);
    return error;
  }
}

function mismatch(lane: Lane, site: string, nth: number, reason: string): SimulationError {
  return new SimulationError(
    'SIM_TAPE_MISMATCH',
    `Strict replay left the tape at choice ${nth} of "${site}" (${lane}): ${reason}. ` +
      'The code has changed since it was recorded; replay with --mode steps or --mode seed.',
  );
}
