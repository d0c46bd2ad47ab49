import { invariant } from '../errors.ts';

/** `run-00000012` and `manifest-00000012`; longer numbers grow to the left. */
export function runName(id: number): string {
  return numbered('run', id);
}

export function manifestName(number: number): string {
  return numbered('manifest', number);
}

/** The directory of the store's own log, in that of the store. */
export const logDirectoryName = 'log';

/** The numbers in the names that are exactly what `runName` gives, ascending. */
export function runIdsIn(names: readonly string[]): number[] {
  return numbersIn('run', names);
}

/** The numbers in the names that are exactly what `manifestName` gives, ascending. */
export function manifestNumbersIn(names: readonly string[]): number[] {
  return numbersIn('manifest', names);
}

/** Numbers are 32 bits in the files. */
const numberMax = 0xffffffff;

/** A file with a number above this was not made by a store: none lives long enough. */
export const numberBelievable = numberMax - 0xffff;

function numbered(kind: string, number: number): string {
  invariant(number <= numberMax, `the numbers of ${kind} files are used up`);
  return `${kind}-${String(number).padStart(8, '0')}`;
}

function numbersIn(kind: string, names: readonly string[]): number[] {
  const numbers: number[] = [];
  for (const name of names) {
    if (!name.startsWith(`${kind}-`)) continue;
    const number = Number(name.slice(kind.length + 1));
    if (number <= numberMax && numbered(kind, number) === name) numbers.push(number);
  }
  return numbers.sort((one, other) => one - other);
}
