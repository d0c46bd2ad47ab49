import type { SeenAnswer } from '../../check/index.ts';
import { layoutOf } from '../../engine/index.ts';
import type { ArenaContext } from '../context.ts';
import type { DatabaseDump } from '../store-dump.ts';
import type { Reply } from './door.ts';

/** Part of the path of whatever lies in the log of a store. */
const storeLogFolder = `${layoutOf('').storeLog}/`;

/** Which queries must have left a record of what was asked and what won. */
export class AuditLedger {
  readonly #context: ArenaContext;
  readonly #queryIds = new Set<string>();
  /** Queries with a record, by id, and how often such records could have been lost before. */
  readonly #audited = new Map<string, { readonly answer: SeenAnswer; readonly lossesBefore: number }>();

  constructor(context: ArenaContext) {
    this.#context = context;
  }

  /**
   * How often audit records may have gone, which are written and not synced: with a power loss, and with a failed
   * sync of the store's log, whose pages are clean from then on and may be dropped from memory though no disk has them.
   */
  get losses(): number {
    const { powerLosses } = this.#context.chaos;
    return powerLosses + this.#context.chaos.failedSyncs(storeLogFolder);
  }

  /** A query was answered; `lossesBefore` is `losses` as it was when it was asked. Throws `Violation`. */
  answered({ queryId, audited }: Reply, answer: SeenAnswer, lossesBefore: number): void {
    // The record of one query must not be written over by that of another.
    this.#context.require(!this.#queryIds.has(queryId), () => ({
      property: 'queries-are-audited',
      category: 'altered',
      message: 'Two queries have the same id, so that one of them has lost its record.',
      expected: 'an id that no other query has',
      actual: queryId,
    }));
    this.#queryIds.add(queryId);
    if (audited) this.#audited.set(queryId, { answer, lossesBefore });
  }

  /** Holds the records that a database has against what was asked and answered. Throws `Violation`. */
  judge(dump: DatabaseDump): void {
    for (const [queryId, { answer, lossesBefore }] of this.#audited) {
      if (lossesBefore !== this.losses) continue;
      const { query, resolution } = answer;
      const audit = dump.audits.get(queryId);
      const { lens, subject, predicate } = query;
      const expected = JSON.stringify([lens, subject, predicate, resolution.winner ?? null]);
      this.#context.require(audit === expected, () => ({
        property: 'queries-are-audited',
        category: audit === undefined ? 'lost-ack' : 'altered',
        message: 'The record of a query is not there, or tells of something else.',
        expected,
        actual: audit ?? 'no record',
      }));
    }
  }
}
