import { StemeError } from '../errors.ts';
import type { PageOptions } from './types.ts';

/** A page was asked for that there cannot be. */
export class PageError extends StemeError {
  constructor(field: 'limit' | 'after', reason: string) {
    super('STEME_PAGE_INVALID', `${field}: ${reason}`);
  }
}

const limitDefault = 100;
const limitMax = 1000;

/** Throws `PageError`. */
export function limitOf({ limit = limitDefault }: PageOptions): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= limitMax) return limit;
  throw new PageError('limit', `ask for 1 to ${limitMax} items, not ${limit}.`);
}

/** What `after` names, if it is given and `pattern` is its form. Throws `PageError`. */
export function afterOf({ after }: PageOptions, pattern: RegExp): string | undefined {
  if (after === undefined || pattern.test(after)) return after;
  throw new PageError('after', 'give back what the page before had as "next".');
}
