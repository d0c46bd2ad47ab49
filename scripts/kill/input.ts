import { readFileSync } from 'node:fs';

const fixtures = ['countries-list', 'country-codes-list', 'country-json'];

/** Real claims without end: those of the fixtures, again and again, each time of another epoch. */
export class EndlessClaims {
  readonly #claims: readonly object[];

  /** `directory`: that of the fixtures, with a slash at the end. */
  constructor(directory: URL) {
    this.#claims = fixtures.flatMap((name) =>
      readFileSync(new URL(`countries-${name}.jsonl`, directory), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as object),
    );
  }

  /** The claim at `index`, from 0 on, as a line. */
  line(index: number): string {
    const claim = this.#claims[index % this.#claims.length];
    const epoch = Math.floor(index / this.#claims.length);
    return `${JSON.stringify({ ...claim, epoch })}\n`;
  }
}
