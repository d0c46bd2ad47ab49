import { fork } from 'node:child_process';
import type { CampaignPlan } from '../run-plan.ts';
import type { RunRecord } from '../run-record.ts';

/** Runs with one planted bug, or with none. */
export interface Trial {
  readonly mutant: string | undefined;
  readonly plan: CampaignPlan;
  readonly firstRun: number;
  readonly runs: number;
  /** Ends after so many runs that did not hold. */
  readonly enough: number;
}

/** What the matrix keeps of a run. */
export interface TrialRun extends Pick<
  RunRecord,
  'run' | 'seed' | 'strategy' | 'verdict' | 'property' | 'signature' | 'steps' | 'wallMs' | 'digest'
> {
  /** The mutated code ran. */
  readonly reached: boolean;
}

export interface TrialOutcome {
  readonly runs: readonly TrialRun[];
  /** Why there are fewer runs than asked for: the process ended, or hung, in the one after the last. */
  readonly died: string | undefined;
}

/** Far longer than any run takes that makes progress. */
const runMsMax = 300_000;

/**
 * Plays a trial in a process of its own, for a planted bug is in the modules from the start. `onRun` hears of
 * each run as it ends. What goes wrong with the process is told, not thrown: planted bugs may do that.
 */
export async function playTrial(trial: Trial, onRun: (run: TrialRun) => void): Promise<TrialOutcome> {
  const runs: TrialRun[] = [];
  const child = fork(new URL('./trial-process.js', import.meta.url), { serialization: 'advanced' });
  let died: string | undefined;
  const hang = setTimeout(() => {
    died = `no run ended within ${runMsMax / 1000} s`;
    child.kill('SIGKILL');
  }, runMsMax);
  try {
    return await new Promise<TrialOutcome>((resolve, reject) => {
      child.on('message', (run: TrialRun) => {
        hang.refresh();
        runs.push(run);
        onRun(run);
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        if (code !== 0) died ??= `the process ended with ${signal ?? `code ${code}`}`;
        resolve({ runs, died });
      });
      child.send(trial);
    });
  } finally {
    clearTimeout(hang);
    child.kill();
  }
}
