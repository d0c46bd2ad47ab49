import { MILLIONTHS } from '../model/index.ts';

const millionths = BigInt(MILLIONTHS);

/** A sum of weights as the shortest exact decimal: `12.5`. */
export function decimalOfMillionths(weight: bigint): string {
  const rest = (weight % millionths).toString().padStart(6, '0').replace(/0+$/, '');
  return `${weight / millionths}${rest === '' ? '' : `.${rest}`}`;
}

/** The sum that `decimalOfMillionths` wrote. */
export function millionthsOfDecimal(text: string): bigint {
  const [whole = '', rest = ''] = text.split('.');
  return BigInt(whole + rest.padEnd(6, '0'));
}
