/** A stable name of one kind of failure; documented, and safe to branch on. */
export type ErrorCode = `STEME_${string}`;

/**
 * What every error of the engine is. `code` is for programs and never changes its meaning; `message` is
 * for people and says what to do next.
 */
export abstract class StemeError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Something that cannot happen has happened: a defect of this program, whatever its input was. */
export class InvariantError extends StemeError {
  constructor(message: string) {
    super('STEME_INVARIANT', `${message} (a defect of StemeDB: please report it with what led here)`);
  }
}

/** Throws `InvariantError` unless `condition` holds. For what only a defect can violate, never for input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
