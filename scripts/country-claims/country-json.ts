import { continentReference, type CountryClaim, type CountrySource, SourceFile } from './source.ts';

export const countryJson: CountrySource = {
  package: 'country-json',
  version: '2.3.0',
  publishedAt: '2025-10-03T03:31:31.417Z',
  about:
    'one file for each property, from many places; its capitals are in various languages, some cut short',
  claims,
};

/** A row of `country-by-<topic>.json`: the name of the country, and a value. */
type Row<Key extends string, Value> = { readonly country: string } & Readonly<Record<Key, Value>>;

function* claims(): Generator<CountryClaim> {
  const codes = new Map(
    fileOf<'abbreviation', string>('abbreviation').content.map((row) => [row.country, row.abbreviation]),
  );

  /** The rows of one file whose country has a code and whose value is known. */
  function* rows<Key extends string, Value>(topic: string, key: Key): Rows<Key, Value> {
    const file = fileOf<Key, Value | null>(topic);
    for (const row of file.content) {
      const code = codes.get(row.country);
      const value = row[key];
      if (code !== undefined && value !== null) yield { file, code, value };
    }
  }

  const named = fileOf<'abbreviation', string>('abbreviation');
  for (const { country, abbreviation } of named.content) yield named.claim(abbreviation, 'name', country);
  for (const { file, code, value } of rows<'city', string>('capital-city', 'city')) {
    yield file.claim(code, 'capital', value);
  }
  for (const { file, code, value } of rows<'continent', string>('continent', 'continent')) {
    yield file.claim(code, 'continent', continentReference(value));
  }
  for (const { file, code, value } of rows<'currency_code', string>('currency-code', 'currency_code')) {
    yield file.claim(code, 'currency', value);
  }
  for (const { file, code, value } of rows<'calling_code', number>('calling-code', 'calling_code')) {
    yield file.claim(code, 'callingCode', String(value));
  }
  for (const { file, code, value } of rows<'languages', readonly string[]>('languages', 'languages')) {
    yield* file.claimOfMany(code, 'language', value);
  }
  for (const { file, code, value } of rows<'location', string>('region-in-world', 'location')) {
    yield file.claim(code, 'region', value);
  }
  for (const { file, code, value } of rows<'population', number>('population', 'population')) {
    yield file.claim(code, 'population', value);
  }
  for (const { file, code, value } of rows<'area', number>('surface-area', 'area')) {
    yield file.claim(code, 'areaSquareKilometres', value);
  }
  for (const { file, code, value } of rows<'landlocked', string>('landlocked', 'landlocked')) {
    yield file.claim(code, 'landlocked', value === '1');
  }
}

type Rows<Key extends string, Value> = Generator<{
  readonly file: SourceFile<readonly Row<Key, Value | null>[]>;
  readonly code: string;
  readonly value: Value;
}>;

function fileOf<Key extends string, Value>(topic: string): SourceFile<readonly Row<Key, Value>[]> {
  return new SourceFile(`country-json/src/country-by-${topic}.json`, countryJson);
}
