import { StemeError } from '../errors.ts';

/** Whoever asks has no key, a wrong one, or one that was revoked: which of them is nobody's business. */
export class UnauthenticatedError extends StemeError {
  constructor() {
    super(
      'STEME_UNAUTHENTICATED',
      'This needs a valid API key: send one as "Authorization: Bearer steme_...", or ask an admin for one.',
    );
  }
}

/** The key is good, and not for this. Nothing was written. */
export class ForbiddenError extends StemeError {
  declare readonly code: 'STEME_FORBIDDEN_ROLE' | 'STEME_FORBIDDEN_AGENT';
}

/** The key has used up what it may spend for now. Nothing was done. */
export class ThrottledError extends StemeError {
  /** Whole seconds after which the same request may succeed; at least 1. */
  readonly retryAfterSeconds: number;

  constructor(code: 'STEME_RATE_LIMITED' | 'STEME_QUOTA_EXCEEDED', retryAfterMs: number, reason: string) {
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
    super(code, `${reason} Try again in ${seconds} s.`);
    this.retryAfterSeconds = seconds;
  }
}

/** What is said of a key that is to be made breaks a rule. No key was made. */
export class ApiKeyInvalidError extends StemeError {
  /** Where, and what is wrong there. */
  readonly issues: readonly { readonly field: string; readonly detail: string }[];

  constructor(issues: readonly { readonly field: string; readonly detail: string }[]) {
    const list = issues.map(({ field, detail }) => `${field === '' ? 'the value' : field}: ${detail}`);
    super('STEME_API_KEY_INVALID', `No key was made. Mend this and try again: ${list.join('; ')}.`);
    this.issues = issues;
  }
}
