import { UsageError } from '../usage-error.ts';

export type DashboardChoice = 'auto' | 'on' | 'off';

export const dashboardChoices: readonly string[] = ['auto', 'on', 'off'] satisfies DashboardChoice[];

export interface DashboardOccasion {
  /** Infinite with a deadline only. */
  readonly runs: number;
  /** Played in the thread that would draw. */
  readonly isExhaustive: boolean;
  /** JSON lines go to stdout. */
  readonly isJson: boolean;
}

interface Terminals {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: { readonly isTTY?: boolean };
  readonly stderr: { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
}

/** So many runs are over before anybody has read a dashboard. */
const fewRuns = 10;

/**
 * Whether a campaign has a dashboard. It is drawn on stderr, as progress is, and reads keys from stdin. By itself it
 * comes only where a person sees all of it: on a terminal, not in a pipe, not in CI. Throws `UsageError` where it
 * cannot be.
 */
export function wantsDashboard(
  choice: DashboardChoice,
  { runs, isExhaustive, isJson }: DashboardOccasion,
  { stdin, stdout, stderr, env }: Terminals,
): boolean {
  if (choice === 'off') return false;
  const canDraw = stdin.isTTY === true && stderr.isTTY === true && env['TERM'] !== 'dumb';
  const sharesScreen = isJson && stdout.isTTY === true;
  if (choice === 'auto') {
    const isWatched = canDraw && stdout.isTTY === true && (env['CI'] ?? '') === '';
    return isWatched && !isJson && !isExhaustive && runs > fewRuns;
  }
  if (isExhaustive) {
    throw new UsageError('--strategy exhaustive has no dashboard: leave out "--dashboard on".');
  }
  if (!canDraw) {
    throw new UsageError(
      '--dashboard on needs a terminal: it draws on stderr and reads keys from stdin. ' +
        'Redirect neither, or leave it out and have plain lines.',
    );
  }
  if (sharesScreen) {
    throw new UsageError(
      '--dashboard on and --reporter json would print on the same terminal: send one elsewhere, with "> runs.jsonl".',
    );
  }
  return true;
}
