import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { blake3, toHex } from '../../src/crypto/index.ts';

/** A claim as the fixtures hold it: unsigned, ready for `stemedb submit`. */
export interface CountryClaim {
  /** `country/NO`: the two letters of ISO 3166-1. */
  readonly subject: string;
  readonly predicate: string;
  readonly object: string | number | boolean | { readonly reference: string };
  /** Of the file in the package that says so. */
  readonly sourceHash: string;
  readonly confidence: number;
  /** When that release of the package was published. */
  readonly timestamp: number;
}

/** A package whose data become the claims of one agent. */
export interface CountrySource {
  readonly package: string;
  readonly version: string;
  readonly publishedAt: string;
  readonly about: string;
  /** In the order of the package. */
  claims(): Iterable<CountryClaim>;
}

/** The packages say nothing of how sure they are, so all get the same, and no lens can prefer one by it. */
const confidence = 0.8;

const require = createRequire(import.meta.url);

/** One file of an installed package, and the claims that it supports. */
export class SourceFile<T> {
  readonly content: T;
  readonly #sourceHash: string;
  readonly #timestamp: number;

  /** `path` begins with the name of the package. */
  constructor(path: string, { publishedAt }: Pick<CountrySource, 'publishedAt'>) {
    this.content = require(path) as T;
    this.#sourceHash = toHex(blake3(readFileSync(require.resolve(path))));
    this.#timestamp = Date.parse(publishedAt);
  }

  claim(code: string, predicate: string, object: CountryClaim['object']): CountryClaim {
    return {
      subject: `country/${code}`,
      predicate,
      object,
      sourceHash: this.#sourceHash,
      confidence,
      timestamp: this.#timestamp,
    };
  }

  /** One claim of all values, ascending, so that sources which list the same in another order agree. */
  *claimOfMany(code: string, predicate: string, values: readonly string[]): Generator<CountryClaim> {
    const distinct = [...new Set(values)].toSorted();
    if (distinct.length > 0) yield this.claim(code, predicate, distinct.join(', '));
  }
}

/** `continent/Europe`: what claims about continents refer to. */
export function continentReference(name: string): { readonly reference: string } {
  return { reference: `continent/${name}` };
}
