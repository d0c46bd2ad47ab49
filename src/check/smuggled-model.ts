import { hexOf } from './bytes.ts';
import type { QuarantinedBody } from './collisions-model.ts';
import { Violation } from './violation.ts';

/**
 * Records that break a rule and are in the log all the same: a store must set each of them aside whole, with a reason,
 * and go on behind it.
 */
export class SmuggledModel {
  /** By body: whether it is in the log for certain. */
  readonly #isDurable = new Map<string, boolean>();

  /** Somebody is about to put `body`, which is like no other, into the log. */
  attempt(body: Uint8Array): void {
    this.#isDurable.set(hexOf(body), false);
  }

  acknowledge(body: Uint8Array): void {
    this.#isDurable.set(hexOf(body), true);
  }

  /** How many of the records that a store has set aside belong there. */
  countIn(quarantine: readonly QuarantinedBody[]): number {
    return quarantine.filter(({ body }) => this.#isDurable.has(hexOf(body))).length;
  }

  /** Judges what a store that has caught up with its log has set aside: every such record that is in the log, once. */
  judge(quarantine: readonly QuarantinedBody[]): void {
    const times = new Map<string, number>();
    for (const { body } of quarantine) times.set(hexOf(body), (times.get(hexOf(body)) ?? 0) + 1);
    for (const [key, isDurable] of this.#isDurable) {
      const found = times.get(key) ?? 0;
      if (found === 1 || (found === 0 && !isDurable)) continue;
      throw new Violation({
        property: 'bad-records-are-set-aside',
        category: found === 0 ? 'lost-ack' : 'inconsistent',
        message: 'A record of the log that breaks a rule is not in quarantine, or more than once.',
        expected: 'once, whole, with the reason',
        actual: `${found} times`,
      });
    }
  }
}
