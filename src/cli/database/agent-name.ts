import { UsageError } from '../usage-error.ts';

/** Throws `UsageError` unless a file can be named so. */
export function requireAgentName(agent: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(agent)) return;
  throw new UsageError(
    `--agent takes up to 64 letters, digits, dots, hyphens and underscores, not "${agent}".`,
  );
}
