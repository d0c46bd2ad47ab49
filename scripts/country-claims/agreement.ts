import type { CountryClaim, CountrySource } from './source.ts';

export interface SourceClaims {
  readonly source: CountrySource;
  /** By subject, then by predicate. */
  readonly claims: readonly CountryClaim[];
}

/** What the sources say of one predicate. */
export interface PredicateAgreement {
  readonly predicate: string;
  /** Claims by package, in the order of the sources. */
  readonly claims: readonly number[];
  /** Countries of which two sources or more say something. */
  readonly shared: number;
  /** Those of them on which not all say the same. */
  readonly contested: number;
}

/** Where the sources agree and where not, predicate by predicate in order. */
export function agreements(sources: readonly SourceClaims[]): PredicateAgreement[] {
  const objects = new Map<string, Map<string, string[]>>();
  for (const { claims } of sources) {
    for (const { subject, predicate, object } of claims) {
      const bySubject = objects.get(predicate) ?? new Map<string, string[]>();
      objects.set(predicate, bySubject);
      bySubject.set(subject, [...(bySubject.get(subject) ?? []), JSON.stringify(object)]);
    }
  }
  return [...objects.keys()].toSorted().map((predicate) => {
    const said = [...(objects.get(predicate)?.values() ?? [])];
    const shared = said.filter((values) => values.length > 1);
    return {
      predicate,
      claims: sources.map(({ claims }) => claims.filter((claim) => claim.predicate === predicate).length),
      shared: shared.length,
      contested: shared.filter((values) => new Set(values).size > 1).length,
    };
  });
}
