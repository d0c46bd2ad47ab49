import type { MinimizeProgress } from '../minimize/index.ts';
import type { Replayed } from '../replay-states.ts';
import type { RunFile } from '../run-file.ts';
import type { RunRecord } from '../run-record.ts';

/** What the thread of an examiner is given to begin with. */
export interface ExaminerInput {
  readonly mutant: string | undefined;
  /** One word: not 0 while minimizing must come to its end. */
  readonly stop: SharedArrayBuffer;
}

/** What can be asked of it. */
export type Examination =
  | { readonly kind: 'record'; readonly record: RunRecord }
  | { readonly kind: 'minimize'; readonly file: RunFile; readonly jobs: number }
  | { readonly kind: 'replay'; readonly file: RunFile };

/** What comes of each. */
export interface Findings {
  readonly record: RunFile;
  readonly minimize: MinimizeOutcome;
  /** `undefined` when the code does not play the run any more. */
  readonly replay: Replayed | undefined;
}

export type MinimizeOutcome =
  | { readonly file: RunFile }
  /** Why there is nothing to minimize; divergent: one tape led to two runs. */
  | { readonly refusal: string; readonly isDivergent: boolean };

export interface Request {
  readonly call: number;
  readonly examination: Examination;
}

export type Response =
  | { readonly call: number; readonly progress: MinimizeProgress }
  | { readonly call: number; readonly finding: Findings[keyof Findings] };
