export { candidatesOf, type ClaimFilter } from './candidates.ts';
export { QueryTooLargeError, resolve, type ResolveOptions } from './resolve.ts';
