import { grouped } from '../../report/index.ts';
import { describeProblem, type LineProblem } from './json-line.ts';

/** As many as a person reads; the others are counted. */
const shownMax = 20;

/** Shows what is wrong with lines as they come, up to a point. */
export class ProblemList {
  readonly #show: (line: string) => void;
  #count = 0;

  constructor(show: (line: string) => void) {
    this.#show = show;
  }

  get count(): number {
    return this.#count;
  }

  add(problem: LineProblem): void {
    this.#count += 1;
    if (this.#count <= shownMax) this.#show(describeProblem(problem));
  }

  /** Says how many were not shown, if any. */
  finish(): void {
    const hidden = this.#count - shownMax;
    if (hidden > 0) this.#show(`... and ${grouped(hidden)} more`);
  }
}
