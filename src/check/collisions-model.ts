import { hexOf } from './bytes.ts';
import { Violation } from './violation.ts';

/** A record that a store has set aside, and why. */
export interface QuarantinedBody {
  readonly code: string;
  readonly body: Uint8Array;
}

/**
 * Contents whose identity had been given to other content before, for good. A database may refuse such content,
 * or take it and set it aside whole; it may never take one for the other, whatever it answers.
 */
export class CollisionsModel {
  /** By body: whether somebody was told that it is durable. */
  readonly #acknowledged = new Map<string, boolean>();

  /** Somebody is about to write `body`. */
  attempt(body: Uint8Array): void {
    const key = hexOf(body);
    if (!this.#acknowledged.has(key)) this.#acknowledged.set(key, false);
  }

  acknowledge(body: Uint8Array): void {
    this.#acknowledged.set(hexOf(body), true);
  }

  /**
   * Judges what a store that has caught up with its log has set aside: everything that was acknowledged is
   * there. Returns how many of the records are there rightly.
   */
  judge(quarantine: readonly QuarantinedBody[]): number {
    const kept = new Set<string>();
    let rightly = 0;
    for (const { code, body } of quarantine) {
      const key = hexOf(body);
      if (code !== 'STEME_HASH_COLLISION' || !this.#acknowledged.has(key)) continue;
      kept.add(key);
      rightly++;
    }
    for (const [key, isAcknowledged] of this.#acknowledged) {
      if (!isAcknowledged || kept.has(key)) continue;
      throw new Violation({
        property: 'collisions-are-refused',
        category: 'lost-ack',
        message:
          'Acknowledged content that has the identity of other content is gone: one was taken for the other.',
        expected: 'a refusal, or a record in quarantine',
        actual: 'neither',
      });
    }
    return rightly;
  }
}
