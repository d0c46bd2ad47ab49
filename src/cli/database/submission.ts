import { toHex } from '../../crypto/index.ts';
import { type AssertionContent, type Receipt, signAssertion, type StemeDB } from '../../engine/index.ts';
import { Channel, type Ports, type Task } from '../../ports/index.ts';
import type { Output } from './output.ts';

/** Claims on their way at a time: enough for large groups, and bounded, as a claim is. */
const inFlightMax = 1024;

interface Pending {
  readonly line: number;
  readonly outcome: Promise<Receipt>;
}

/** Lines whose claims may be in the log or not. */
export interface Unknown {
  readonly firstLine: number;
  readonly lines: number;
  readonly cause: unknown;
}

/**
 * Claims on their way into a database: many at a time, so that they share syncs, and acknowledged in the
 * order of their lines, each as soon as it is durable. When the output is slow, so is the input.
 */
export class Submission {
  readonly #db: StemeDB;
  readonly #signatures: Ports['signatures'];
  readonly #secretKey: Uint8Array;
  readonly #output: Output;
  readonly #inFlight: Channel<Pending>;
  readonly #acknowledging: Task<void>;
  #acknowledged = 0;
  #lastLine = 0;
  #endOffset = 0;
  #unknown: Unknown | undefined;

  constructor(db: StemeDB, { scheduler, signatures }: Ports, secretKey: Uint8Array, output: Output) {
    this.#db = db;
    this.#signatures = signatures;
    this.#secretKey = secretKey;
    this.#output = output;
    this.#inFlight = new Channel(scheduler, 'claims in flight', inFlightMax);
    this.#acknowledging = scheduler.spawn('acknowledge', () => this.#acknowledge());
  }

  /** Nothing more can be submitted: the database has failed, or nobody hears the acknowledgements. */
  get isEnded(): boolean {
    return this.#unknown !== undefined || this.#output.isClosed;
  }

  /** Claims that are durable, and whose acknowledgement has been written. */
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

  /** Signs the claim of a line and sends it on its way; resolves when there is room for another. */
  async add(line: number, content: AssertionContent): Promise<void> {
    const outcome = this.#db.submit(signAssertion(content, [this.#secretKey], this.#signatures));
    // It is looked at in its turn; until then a failure is nobody's fault.
    outcome.catch(() => undefined);
    await this.#inFlight.send({ line, outcome });
  }

  /** Resolves once every claim that was added is acknowledged, or known not to be. */
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
        const first = this.#unknown ?? { firstLine: line, lines: 0, cause };
        this.#unknown = { ...first, lines: first.lines + 1 };
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
