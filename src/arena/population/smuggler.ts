import { assertionHash, encodeAssertion, encodeVote } from '../../engine/index.ts';
import { Journal, type JournalOptions } from '../../engine/wal/index.ts';
import type { SmuggledModel } from '../../check/index.ts';
import type { Draws, SimProcess } from '../../sim/index.ts';
import type { Agent } from '../agent.ts';
import type { ArenaContext } from '../context.ts';

/** Of the content of a claim, which comes after kind, version and number of signatures: see `content-codec.ts`. */
const confidenceAt = 3 + 3;

/** Each makes an honest record one that breaks a rule. */
const damages: readonly ((record: Uint8Array, draws: Draws) => Uint8Array)[] = [
  // Signed by nobody: the signature is the end of each record.
  (record, draws) => changed(record, record.length - 1 - draws.choose(64), 1),
  (record, draws) => record.slice(0, record.length - 1 - draws.choose(64)),
  (record) => Uint8Array.from([...record, 0]),
  (record) => changed(record, 0, 0xff),
  (record) => changed(record, 1, 0x7f),
  (record) => changed(record, 2, 0xf0),
  // The most significant byte of a double: far out of range.
  (record) => changed(record, confidenceAt + 7, 0x40),
];

function changed(record: Uint8Array, at: number, mask: number): Uint8Array {
  const bytes = record.slice();
  bytes[at] = (bytes[at] ?? 0) ^ mask;
  return bytes;
}

/**
 * Puts records into the log of a database while that is closed, past all its checks: as an older release might have,
 * or one with a bug. Each is intact as a record of the log, and breaks a rule of the model.
 */
export class Smuggler {
  readonly #context: ArenaContext;
  readonly #agent: Agent;
  readonly #model: SmuggledModel;
  #left: number;
  #visits = 0;
  #records = 0;

  constructor(context: ArenaContext, agent: Agent, model: SmuggledModel) {
    this.#context = context;
    this.#agent = agent;
    this.#model = model;
    this.#left = context.scenario.hostileRecords ?? 0;
  }

  /** Comes to the log in `directory`, perhaps. */
  async visit(process: SimProcess, directory: string, options: JournalOptions | undefined): Promise<void> {
    if (this.#left === 0) return;
    const visit = `visit-${this.#visits++}`;
    if (this.#context.omits(`smuggler ${visit}`)) return;
    const draws = this.#context.workloadPart('smuggler', visit);
    const records = Math.min(this.#left, draws.choose(4));
    if (records === 0) return;
    this.#left -= records;
    await process.call('smuggle', async () => {
      const journal = await Journal.open(process.ports, directory, options);
      try {
        for (let nth = 0; nth < records; nth++) await this.#put(journal, draws);
      } finally {
        await journal.close();
      }
    });
  }

  async #put(journal: Journal, draws: Draws): Promise<void> {
    const body = this.#badRecord(draws);
    this.#context.history.count('smuggle');
    this.#context.record('invoke', 'smuggler', `puts a bad record of ${body.length} bytes into the log`);
    this.#model.attempt(body);
    await journal.append(body);
    this.#model.acknowledge(body);
    this.#context.reached('arena.bad-record-in-the-log');
  }

  #badRecord(draws: Draws): Uint8Array {
    const timestamp = ++this.#records;
    const claim = this.#agent.sign({
      subject: 'contraband',
      predicate: 'kind',
      object: { type: 'number', value: timestamp },
      lifecycle: 'proposed',
      confidence: 1,
      timestamp,
    });
    const kind = draws.choose(damages.length + 1);
    const damage = damages[kind];
    if (damage !== undefined) return damage(encodeAssertion(claim), draws);
    const vote = this.#agent.vote({ assertionHash: assertionHash(claim), weightMillionths: 1, timestamp });
    return changed(encodeVote(vote), 34 + draws.choose(32), 1);
  }
}
