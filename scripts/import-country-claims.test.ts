import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countryClaimFiles } from './country-claims/files.ts';

const directory = new URL('../fixtures/claims/', import.meta.url);

describe('fixtures/claims', () => {
  const files = countryClaimFiles();

  it('has the files that the script makes and no others', () => {
    expect(readdirSync(directory).toSorted()).toEqual([...files.keys()].toSorted());
  });

  it.each([...files.keys()])('%s is what the script makes of the installed packages', (name) => {
    expect(readFileSync(new URL(name, directory), 'utf8')).toBe(files.get(name));
  });

  it('has sources that contradict each other on what everybody can look up', () => {
    const capitals = [...files.values()]
      .flatMap((content) => content.split('\n'))
      .filter((line) => line.startsWith('{"subject":"country/BO","predicate":"capital"'))
      .map((line) => (JSON.parse(line) as { object: string }).object);
    expect(capitals.toSorted()).toEqual(['La Paz', 'Sucre']);
  });
});
