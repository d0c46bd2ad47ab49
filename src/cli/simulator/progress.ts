/** How often a line is drawn again on a terminal, and written anew where there is none. */
const redrawMs = 250;
const plainMs = 30_000;

/** Says how far a campaign is: a line that is drawn again on a terminal, and now and then a plain one elsewhere. */
export class Progress {
  readonly #stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;
  readonly #runs: number;
  readonly #nowMs: () => number;
  readonly #begunMs: number;
  #toldMs: number;
  #done = 0;
  #failed = 0;
  #isDrawn = false;

  /** `runs` may be infinite. */
  constructor(
    stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
    runs: number,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#stream = stream;
    this.#runs = runs;
    this.#nowMs = nowMs;
    this.#begunMs = nowMs();
    this.#toldMs = this.#begunMs;
  }

  /** A run has ended. */
  step(held: boolean): void {
    this.#done++;
    if (!held) this.#failed++;
    const nowMs = this.#nowMs();
    if (nowMs - this.#toldMs < (this.#stream.isTTY ? redrawMs : plainMs)) return;
    this.#toldMs = nowMs;
    const total = this.#runs === Infinity ? '' : ` of ${this.#runs}`;
    const perSecond = Math.round((this.#done * 1000) / (nowMs - this.#begunMs));
    const line = ` ${this.#done}${total} runs, ${perSecond} runs/s, ${this.#failed} failed`;
    this.#isDrawn = this.#stream.isTTY === true;
    this.#stream.write(this.#isDrawn ? `\r\u001b[K${line}` : `${line}\n`);
  }

  /** Clears the line. */
  end(): void {
    if (this.#isDrawn) this.#stream.write('\r\u001b[K');
  }
}
