import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** A stream that somebody reads at his own speed, or has ceased to read. */
export class Output {
  readonly #stream: Writable;
  #failure: Error | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  /** What is written goes nowhere any more. */
  get isClosed(): boolean {
    return this.#failure !== undefined;
  }

  /** Why, unless it is only that the reader has gone, as `head` does: a full disk behind the stream. */
  get failure(): Error | undefined {
    const { code } = (this.#failure ?? {}) as { code?: unknown };
    return code === 'EPIPE' ? undefined : this.#failure;
  }

  /** Resolves when there is room for more, or when the stream is closed. */
  async write(text: string): Promise<void> {
    if (this.isClosed || this.#stream.write(text)) return;
    const waiting = new AbortController();
    const events = ['drain', 'close'].map((event) => once(this.#stream, event, { signal: waiting.signal }));
    // That one of them rejects is an error of the stream, which the listener above has.
    await Promise.race(events).catch(() => undefined);
    waiting.abort();
    await Promise.allSettled(events);
  }
}
