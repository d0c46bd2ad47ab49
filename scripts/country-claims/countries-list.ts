import { continentReference, type CountryClaim, type CountrySource, SourceFile } from './source.ts';

type Content = Pick<typeof import('countries-list'), 'continents' | 'countries' | 'languages'>;

export const countriesList: CountrySource = {
  package: 'countries-list',
  version: '3.4.1',
  publishedAt: '2026-07-14T23:44:10.147Z',
  about: 'continents, countries, capitals, currencies, languages and calling codes',
  claims,
};

function* claims(): Generator<CountryClaim> {
  const file = new SourceFile<Content>('countries-list', countriesList);
  const { continents, countries, languages } = file.content;
  for (const [code, country] of Object.entries(countries)) {
    yield file.claim(code, 'name', country.name);
    yield file.claim(code, 'nativeName', country.native);
    yield file.claim(code, 'continent', continentReference(continents[country.continent]));
    if (country.capital !== '') yield file.claim(code, 'capital', country.capital);
    yield* file.claimOfMany(code, 'currency', country.currency);
    yield* file.claimOfMany(code, 'callingCode', country.phone.map(String));
    yield* file.claimOfMany(code, 'languageCode', country.languages);
    const names = country.languages.map((language) => languages[language].name);
    yield* file.claimOfMany(code, 'language', names);
  }
}
