import { fork } from 'node:child_process';
import type { RunPlan } from '../run-plan.ts';
import type { MinimizedCase, RunRecord } from '../run-record.ts';

/** Runs with one planted bug, or with none. */
export interface Trial {
  readonly mutant: string | undefined;
  readonly plans: readonly RunPlan[];
  /** Ends after so many runs that did not hold. */
  readonly enough: number;
  /** Whether the first run that did not hold is made small afterwards. */
  readonly minimize: boolean;
}

/** What the matrix keeps of a run. */
export interface TrialRun extends Pick<
  RunRecord,
  'run' | 'seed' | 'strategy' | 'verdict' | 'property' | 'signature' | 'steps' | 'wallMs' | 'digest'
> {
  /** The mutated code ran. */
  readonly reached: boolean;
}

/** What the first failure was reduced to. */
export interface SmallCase {
  /** As that of the failure that it was made from. */
  readonly signature: string | null;
  readonly operations: number;
  readonly faults: number;
  readonly steps: number;
  readonly outcome: MinimizedCase['outcome'];
  readonly tries: number;
  /** Of the processor, not by the clock: the machine may have other work. */
  readonly seconds: number;
}

/** What the process of a trial tells. */
export type TrialMessage =
  | { readonly type: 'run'; readonly run: TrialRun }
  | { readonly type: 'small-case'; readonly smallCase: SmallCase };

export interface TrialOutcome {
  readonly runs: readonly TrialRun[];
  /** Absent when nothing failed, nobody wanted it, or the failure cannot be told as a case. */
  readonly smallCase: SmallCase | undefined;
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
  let smallCase: SmallCase | undefined;
  let died: string | undefined;
  const hang = setTimeout(() => {
    died = `no run ended within ${runMsMax / 1000} s`;
    child.kill('SIGKILL');
  }, runMsMax);
  try {
    return await new Promise<TrialOutcome>((resolve, reject) => {
      child.on('message', (message: TrialMessage) => {
        hang.refresh();
        if (message.type === 'small-case') {
          ({ smallCase } = message);
          return;
        }
        runs.push(message.run);
        onRun(message.run);
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        if (code !== 0) died ??= `the process ended with ${signal ?? `code ${code}`}`;
        resolve({ runs, smallCase, died });
      });
      child.send(trial);
    });
  } finally {
    clearTimeout(hang);
    child.kill();
  }
}
