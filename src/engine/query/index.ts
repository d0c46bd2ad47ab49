export { listClaims, listPredicates, listQuarantined } from './listings.ts';
export type { QueryOptions } from './options.ts';
export { QueryEngine } from './query-engine.ts';
export type { Answer, ListedClaim, Page, PageOptions, Query } from './types.ts';
