import { StemeError } from '../errors.ts';

/** What `body` returns, or the error that it throws about what it was given. */
export function tried<T>(body: () => T): T | StemeError {
  try {
    return body();
  } catch (error) {
    if (error instanceof StemeError) return error;
    throw error;
  }
}
