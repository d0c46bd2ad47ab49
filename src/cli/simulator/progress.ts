const redrawMs = 250;

/** One line on a terminal that says how far a campaign is; nothing where nobody watches. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #runs: number;
  readonly #begun = performance.now();
  #drawn = this.#begun;
  #done = 0;
  #failed = 0;
  #shown = false;

  /** `runs` may be infinite. */
  constructor(stream: NodeJS.WriteStream, runs: number) {
    this.#stream = stream;
    this.#runs = runs;
  }

  /** A run has ended. */
  step(held: boolean): void {
    this.#done++;
    if (!held) this.#failed++;
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#drawn < redrawMs) return;
    this.#drawn = now;
    this.#shown = true;
    const total = this.#runs === Infinity ? '' : ` of ${this.#runs}`;
    const perSecond = Math.round((this.#done * 1000) / (now - this.#begun));
    this.#stream.write(`\r\u001b[K ${this.#done}${total} runs, ${perSecond} runs/s, ${this.#failed} failed`);
  }

  /** Clears the line. */
  end(): void {
    if (this.#shown) this.#stream.write('\r\u001b[K');
  }
}
