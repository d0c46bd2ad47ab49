import { compareBytes } from './bytes.ts';
import { type Cursor, tombstone } from './cursor.ts';

/**
 * Several sources as one: of the entries with equal keys only that of the newest source is seen.
 *
 * Tombstones come through like values. The sources are few (a memory table or two and some runs), so
 * the least key is found by looking at all of them; a heap would cost more than it saves.
 */
export class MergeCursor implements Cursor {
  readonly #sources: readonly Cursor[];
  /** The sources that stand on `key`, newest first. */
  readonly #leaders: Cursor[] = [];
  #key: Uint8Array | undefined;

  /** `sources`: newest first. They belong to this cursor from now on. */
  constructor(sources: readonly Cursor[]) {
    this.#sources = sources;
    this.#findLeaders();
  }

  get key(): Uint8Array | undefined {
    return this.#key;
  }

  get value(): Uint8Array | typeof tombstone {
    return this.#leaders[0]?.value ?? tombstone;
  }

  advance(): Promise<void> | undefined {
    const leaders = this.#leaders;
    for (let index = 0; index < leaders.length; index += 1) {
      const pending = leaders[index]!.advance();
      if (pending !== undefined) return this.#advanceFrom(index + 1, pending);
    }
    this.#findLeaders();
    return undefined;
  }

  async #advanceFrom(index: number, pending: Promise<void>): Promise<void> {
    await pending;
    for (const leader of this.#leaders.slice(index)) await leader.advance();
    this.#findLeaders();
  }

  #findLeaders(): void {
    const leaders = this.#leaders;
    leaders.length = 0;
    let least: Uint8Array | undefined;
    for (const source of this.#sources) {
      const { key } = source;
      if (key === undefined) continue;
      const order = least === undefined ? -1 : compareBytes(key, least);
      if (order < 0) {
        leaders.length = 0;
        least = key;
      }
      if (order <= 0) leaders.push(source);
    }
    this.#key = least;
  }
}
