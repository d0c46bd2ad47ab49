import { type CountryClaim, type CountrySource, SourceFile } from './source.ts';

interface Country {
  readonly countryCode: string;
  readonly countryNameEn: string;
  readonly countryNameLocal: string;
  readonly currencyCode: string;
  readonly countryCallingCode: string;
  /** What follows the calling code where several countries share it. */
  readonly areaCodes: readonly string[];
  readonly officialLanguageCode: string;
  readonly officialLanguageNameEn: string;
  readonly region: string;
}

export const countryCodesList: CountrySource = {
  package: 'country-codes-list',
  version: '3.2.0',
  publishedAt: '2026-09-21T16:55:11.927Z',
  about: 'codes of countries, their currency, main language and calling code',
  claims,
};

function* claims(): Generator<CountryClaim> {
  const file = new SourceFile<readonly Country[]>('country-codes-list/dist/countries.json', countryCodesList);
  for (const country of file.content) {
    const { countryCode: code, currencyCode, officialLanguageCode } = country;
    yield file.claim(code, 'name', country.countryNameEn);
    yield file.claim(code, 'nativeName', country.countryNameLocal);
    yield file.claim(code, 'region', country.region);
    if (currencyCode !== '') yield file.claim(code, 'currency', currencyCode);
    yield* file.claimOfMany(code, 'callingCode', callingCodes(country));
    if (officialLanguageCode !== '') {
      yield file.claim(code, 'languageCode', officialLanguageCode);
      yield file.claim(code, 'language', country.officialLanguageNameEn);
    }
  }
}

/** Up to three area codes are the country's share of a code; Canada's 42 are areas within it. */
const sharesMax = 3;

function callingCodes({ countryCallingCode, areaCodes }: Country): string[] {
  if (areaCodes.length === 0 || areaCodes.length > sharesMax) return [countryCallingCode];
  return areaCodes.map((areaCode) => `${countryCallingCode}${areaCode}`);
}
