import { EventEmitter } from 'node:events';

/** Terminals that know them show all changes between these two at once; others ignore them. */
const beginUpdate = '\u001b[?2026h';
const endUpdate = '\u001b[?2026l';

export type Paper = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write' | 'on' | 'off'>;

/**
 * What ink draws on: takes whole frames and rewrites the lines that differ, each where it belongs. ink's own
 * incremental rendering is off by one line in 6.8.0.
 */
export class Painter extends EventEmitter {
  readonly #paper: Paper;
  #lines: readonly string[] = [];
  #frame = '';

  constructor(paper: Paper) {
    super();
    this.#paper = paper;
    paper.on('resize', this.#onResize);
  }

  get columns(): number {
    return this.#paper.columns;
  }

  get rows(): number {
    return this.#paper.rows;
  }

  /** A frame: lines from the first of the screen on. */
  write(frame: string): boolean {
    this.#frame = frame;
    const lines = frame.split('\n');
    const changes: string[] = [];
    for (let row = 0; row < Math.max(lines.length, this.#lines.length); row++) {
      const line = lines[row] ?? '';
      if (line !== this.#lines[row]) changes.push(`\u001b[${row + 1};1H${line}\u001b[0m\u001b[K`);
    }
    this.#lines = lines;
    return changes.length === 0 || this.#paper.write(`${beginUpdate}${changes.join('')}${endUpdate}`);
  }

  close(): void {
    this.#paper.off('resize', this.#onResize);
  }

  /** Nobody knows what a terminal makes of its lines then. */
  readonly #onResize = (): void => {
    this.#lines = [];
    this.#paper.write('\u001b[2J');
    this.emit('resize');
    this.write(this.#frame);
  };
}
