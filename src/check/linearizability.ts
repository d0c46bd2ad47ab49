/**
 * Whether a history of concurrent operations could have come from one that ran them one at a time.
 *
 * The search is that of Wing and Gong (1993) with Lowe's cache (2017) of what has been tried, in the form of
 * Porcupine (Athalye, 2017): an operation is lifted out of the list of calls and returns when it takes effect,
 * and put back when that leads nowhere; a set of operations together with a state is tried once. Keys are
 * independent, so each is searched by itself.
 */
export interface TimedOperation<Input, Output> {
  readonly key: string;
  readonly input: Input;
  /** When it was called; of equal times a call comes before a return, so that the two overlap. */
  readonly calledAt: number;
  readonly outcome: OperationOutcome<Output>;
}

export type OperationOutcome<Output> =
  /** It took effect once, between its call and `returnedAt`, and this is what came of it. */
  | { readonly kind: 'ok'; readonly output: Output; readonly returnedAt: number }
  /** Nobody knows: it takes effect once at any time after its call, however late, or never. */
  | { readonly kind: 'info' };

/** What operations on one key do, one at a time. */
export interface SequentialModel<State, Input, Output> {
  readonly initial: State;
  /** Equal for equal states only. */
  keyOf(state: State): string;
  /** The state that `input` leads to, and what it gives. */
  apply(state: State, input: Input): { readonly state: State; readonly output: Output };
  isSame(one: Output, other: Output): boolean;
  /** For messages. */
  describe(input: Input, output: Output | undefined): string;
}

export interface LinearizabilityBounds {
  /** Operations of one key that overlap at one moment; those of unknown outcome overlap all that follow. Default 50. */
  readonly concurrentMax?: number;
  /** Attempts to let an operation take effect, for one key. Default 1,000,000. */
  readonly attemptsMax?: number;
}

export type LinearizabilityVerdict =
  | { readonly kind: 'linearizable' }
  /** No order explains the operations of this key. `explanation` tells how far the best came, and what is against more. */
  | { readonly kind: 'illegal'; readonly key: string; readonly explanation: string }
  /** Not decided: more operations overlap, or more orders are to be tried, than the bounds allow. */
  | { readonly kind: 'too-much'; readonly key: string; readonly reason: string };

/** Judges each key by itself; an illegal one counts for more than one that is too much. */
export function checkLinearizability<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  operations: readonly TimedOperation<Input, Output>[],
  { concurrentMax = 50, attemptsMax = 1_000_000 }: LinearizabilityBounds = {},
): LinearizabilityVerdict {
  const byKey = new Map<string, TimedOperation<Input, Output>[]>();
  for (const operation of operations) {
    const others = byKey.get(operation.key);
    if (others === undefined) byKey.set(operation.key, [operation]);
    else others.push(operation);
  }
  let undecided: LinearizabilityVerdict | undefined;
  for (const [key, ofKey] of byKey) {
    const concurrent = mostConcurrent(ofKey);
    const verdict: LinearizabilityVerdict =
      concurrent > concurrentMax
        ? { kind: 'too-much', key, reason: `${concurrent} operations overlap, more than ${concurrentMax}` }
        : new Search(model, key, ofKey, attemptsMax).run();
    if (verdict.kind === 'illegal') return verdict;
    if (verdict.kind === 'too-much') undecided ??= verdict;
  }
  return undecided ?? { kind: 'linearizable' };
}

/** A call or a return, in a list from which operations are lifted out and put back. */
interface Entry {
  readonly operation: number;
  readonly isCall: boolean;
  /** Of a call: its return; `undefined` when nobody knows. */
  match: Entry | undefined;
  previous: Entry | undefined;
  next: Entry | undefined;
}

class Search<State, Input, Output> {
  readonly #model: SequentialModel<State, Input, Output>;
  readonly #key: string;
  readonly #operations: readonly TimedOperation<Input, Output>[];
  readonly #attemptsMax: number;
  readonly #head: Entry;
  /** Operations that returned and have not taken effect yet. */
  #certainLeft = 0;
  readonly #taken: boolean[];
  /** The longest order that was found, in operations. */
  #best: readonly number[] = [];

  constructor(
    model: SequentialModel<State, Input, Output>,
    key: string,
    operations: readonly TimedOperation<Input, Output>[],
    attemptsMax: number,
  ) {
    this.#model = model;
    this.#key = key;
    this.#operations = operations;
    this.#attemptsMax = attemptsMax;
    this.#taken = operations.map(() => false);
    this.#head = listOf(operations);
    for (const { outcome } of operations) if (outcome.kind === 'ok') this.#certainLeft++;
  }

  run(): LinearizabilityVerdict {
    const order: { readonly entry: Entry; readonly state: State }[] = [];
    const tried = new Set<string>();
    let { initial: state } = this.#model;
    let entry = this.#head.next;
    for (let attempts = 0; this.#certainLeft > 0; attempts++) {
      if (attempts > this.#attemptsMax) {
        return {
          kind: 'too-much',
          key: this.#key,
          reason: `${this.#attemptsMax} attempts did not decide it`,
        };
      }
      if (entry?.isCall === true) {
        const next = this.#effectOf(entry.operation, state);
        if (next !== undefined && this.#isNew(tried, entry.operation, next.state)) {
          order.push({ entry, state });
          state = next.state;
          this.#take(entry);
          if (order.length > this.#best.length) this.#best = order.map((step) => step.entry.operation);
          entry = this.#head.next;
        } else {
          entry = entry.next;
        }
      } else {
        // A return whose operation has not taken effect, or the end: the last step was wrong.
        const last = order.pop();
        if (last === undefined) return { kind: 'illegal', key: this.#key, explanation: this.#explanation() };
        this.#putBack(last.entry);
        ({ state } = last);
        entry = last.entry.next;
      }
    }
    return { kind: 'linearizable' };
  }

  #effectOf(operation: number, state: State): { readonly state: State } | undefined {
    const { input, outcome } = this.#operations[operation]!;
    const { state: after, output } = this.#model.apply(state, input);
    if (outcome.kind === 'ok' && !this.#model.isSame(outcome.output, output)) return undefined;
    return { state: after };
  }

  /** Whether this set of operations has not led to this state before. */
  #isNew(tried: Set<string>, operation: number, state: State): boolean {
    this.#taken[operation] = true;
    let bits = '';
    for (const isTaken of this.#taken) bits += isTaken ? '1' : '0';
    this.#taken[operation] = false;
    const configuration = `${bits} ${this.#model.keyOf(state)}`;
    if (tried.has(configuration)) return false;
    tried.add(configuration);
    return true;
  }

  #take(call: Entry): void {
    this.#taken[call.operation] = true;
    unlink(call);
    if (call.match === undefined) return;
    unlink(call.match);
    this.#certainLeft--;
  }

  #putBack(call: Entry): void {
    this.#taken[call.operation] = false;
    if (call.match !== undefined) {
      relink(call.match);
      this.#certainLeft++;
    }
    relink(call);
  }

  #explanation(): string {
    const explained = new Set(this.#best);
    const lines = this.#best.map((operation, index) => `  ${index + 1}. ${this.#describe(operation)}`);
    const others = this.#operations
      .map((_, operation) => operation)
      .filter((operation) => !explained.has(operation))
      .map((operation) => `  - ${this.#describe(operation)}`);
    return [
      `the longest order that explains some of "${this.#key}":`,
      ...lines,
      'and then none of:',
      ...others,
    ].join('\n');
  }

  #describe(operation: number): string {
    const { input, calledAt, outcome } = this.#operations[operation]!;
    return outcome.kind === 'ok'
      ? `${this.#model.describe(input, outcome.output)} [${calledAt}, ${outcome.returnedAt}]`
      : `${this.#model.describe(input, undefined)} [${calledAt}, unknown]`;
  }
}

/** Calls and returns in the order of time behind a head; of one moment, calls first. Unknown ones never return. */
function listOf(operations: readonly TimedOperation<unknown, unknown>[]): Entry {
  const entryOf = (operation: number, isCall: boolean): Entry => ({
    operation,
    isCall,
    match: undefined,
    previous: undefined,
    next: undefined,
  });
  const events: { readonly at: number; readonly entry: Entry }[] = [];
  for (const [operation, { calledAt, outcome }] of operations.entries()) {
    const call = entryOf(operation, true);
    events.push({ at: calledAt, entry: call });
    if (outcome.kind === 'info') continue;
    if (outcome.returnedAt < calledAt) {
      throw new RangeError(`operation ${operation} returned at ${outcome.returnedAt}, called at ${calledAt}`);
    }
    call.match = entryOf(operation, false);
    events.push({ at: outcome.returnedAt, entry: call.match });
  }
  events.sort((one, other) => one.at - other.at || Number(other.entry.isCall) - Number(one.entry.isCall));
  const head = entryOf(-1, false);
  let last = head;
  for (const { entry } of events) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return head;
}

function unlink(entry: Entry): void {
  if (entry.previous !== undefined) entry.previous.next = entry.next;
  if (entry.next !== undefined) entry.next.previous = entry.previous;
}

/** To where it was: whatever has been taken out since has been put back. */
function relink(entry: Entry): void {
  if (entry.previous !== undefined) entry.previous.next = entry;
  if (entry.next !== undefined) entry.next.previous = entry;
}

function mostConcurrent(operations: readonly TimedOperation<unknown, unknown>[]): number {
  const changes: (readonly [at: number, change: number])[] = [];
  for (const { calledAt, outcome } of operations) {
    changes.push([calledAt, 1]);
    if (outcome.kind === 'ok') changes.push([outcome.returnedAt, -1]);
  }
  changes.sort(([one, up], [other, otherUp]) => one - other || otherUp - up);
  let now = 0;
  let most = 0;
  for (const [, change] of changes) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}
