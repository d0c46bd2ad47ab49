import { toHex } from '../../crypto/index.ts';
import type { Receipt } from '../../engine/index.ts';
import { Channel, type Scheduler, type Task } from '../../ports/index.ts';
import type { Output } from './output.ts';

interface Pending {
  readonly line: number;
  readonly outcome: Promise<Receipt>;
}

/** Lines that were not acknowledged. */
export interface Unknown {
  readonly firstLine: number;
  readonly lines: number;
  /** Some may be in the log all the same. */
  readonly indeterminate: boolean;
  /** Why the first was not. */
  readonly cause: unknown;
}

/**
 * Claims or votes on their way into a database: many at a time, so that they share syncs, and acknowledged
 * in the order of their lines, each as soon as it is durable. When the output is slow, so is the input.
 */
export class Submission<T> {
  readonly #submit: (content: T) => Promise<Receipt>;
  readonly #output: Output;
  readonly #inFlight: Channel<Pending>;
  readonly #acknowledging: Task<void>;
  #acknowledged = 0;
  #lastLine = 0;
  #endOffset = 0;
  #unknown: Unknown | undefined;

  /** `submit` makes one durable; so many may be on their way at a time. */
  constructor(
    scheduler: Scheduler,
    output: Output,
    inFlightMax: number,
    submit: (content: T) => Promise<Receipt>,
  ) {
    this.#submit = submit;
    this.#output = output;
    this.#inFlight = new Channel(scheduler, 'lines in flight', inFlightMax);
    this.#acknowledging = scheduler.spawn('acknowledge', () => this.#acknowledge());
  }

  /** Nothing more can be submitted: the database has failed, or nobody hears the acknowledgements. */
  get isEnded(): boolean {
    return this.#unknown !== undefined || this.#output.isClosed;
  }

  /** Those that are durable, and whose acknowledgement has been written. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** The line of the last of them; 0 when there is none. */
  get lastLine(): number {
    return this.#lastLine;
  }

  /** Where the last durable one ends in the log, acknowledged or not. */
  get endOffset(): number {
    return this.#endOffset;
  }

  get unknown(): Unknown | undefined {
    return this.#unknown;
  }

  /** Sends what a line holds on its way; resolves when there is room for another. */
  async add(line: number, content: T): Promise<void> {
    const outcome = this.#submit(content);
    // It is looked at in its turn; until then a failure is nobody's fault.
    outcome.catch(() => undefined);
    await this.#inFlight.send({ line, outcome });
  }

  /** Resolves once everything that was added is acknowledged, or known not to be. */
  async finish(): Promise<void> {
    this.#inFlight.close();
    await this.#acknowledging.join();
  }

  async #acknowledge(): Promise<void> {
    for (;;) {
      const pending = await this.#inFlight.receive();
      if (pending === undefined) return;
      const { line } = pending;
      let receipt: Receipt;
      try {
        receipt = await pending.outcome;
      } catch (cause) {
        const first = this.#unknown ?? { firstLine: line, lines: 0, cause, indeterminate: false };
        const indeterminate = first.indeterminate || !isRefusal(cause);
        this.#unknown = { ...first, lines: first.lines + 1, indeterminate };
        continue;
      }
      const { hash, offset, endOffset } = receipt;
      this.#endOffset = endOffset;
      await this.#output.write(`${JSON.stringify({ line, hash: toHex(hash), offset })}\n`);
      if (this.#output.isClosed) continue;
      this.#acknowledged += 1;
      this.#lastLine = line;
    }
  }
}

/** Whether an error says that nothing was written. */
function isRefusal(error: unknown): boolean {
  return (error as { readonly indeterminate?: unknown }).indeterminate === false;
}
