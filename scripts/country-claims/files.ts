import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { countriesList } from './countries-list.ts';
import { countryCodesList } from './country-codes-list.ts';
import { countryJson } from './country-json.ts';
import { readme } from './readme.ts';
import type { CountryClaim, CountrySource } from './source.ts';

const sources: readonly CountrySource[] = [countriesList, countryCodesList, countryJson];

export function fileNameOf(source: CountrySource): string {
  return `countries-${source.package}.jsonl`;
}

/** Everything in `fixtures/claims`: content by file name. The same packages give the same bytes. */
export function countryClaimFiles(): ReadonlyMap<string, string> {
  const made = sources.map((source) => ({ source, claims: [...source.claims()].toSorted(byPlace) }));
  return new Map([
    ...made.map(({ source, claims }) => [fileNameOf(source), linesOf(claims)] as const),
    ['LICENSES.txt', sources.map(licenseOf).join('\n')],
    ['README.md', readme(made)],
  ]);
}

function linesOf(claims: readonly CountryClaim[]): string {
  return claims.map((claim) => `${JSON.stringify(claim)}\n`).join('');
}

function byPlace(one: CountryClaim, other: CountryClaim): number {
  if (one.subject !== other.subject) return one.subject < other.subject ? -1 : 1;
  if (one.predicate !== other.predicate) return one.predicate < other.predicate ? -1 : 1;
  return 0;
}

/** The license text that every copy has to bring along. */
function licenseOf({ package: name, version }: CountrySource): string {
  const roots = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const root of roots) {
    const text = readIfThere(`${root}/${name}/LICENSE`);
    if (text !== undefined) return `${name} ${version}\n\n${text.replaceAll('\r\n', '\n').trim()}\n`;
  }
  throw new Error(`The license of ${name} is not there: run "npm ci" first.`);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
