import type { Scenario } from '../../arena/index.ts';
import type { ArenaSource } from '../arena-source.ts';
import type { Candidate } from '../minimize/candidate.ts';
import type { Tried } from '../minimize/player.ts';
import type { PlayedRun, PlayOptions } from '../play.ts';
import type { RunPlan } from '../run-plan.ts';

/** What a thread is given to begin with. */
export interface ThreadInput {
  readonly heart: SharedArrayBuffer;
  readonly mutant: string | undefined;
  readonly source: ArenaSource | undefined;
}

/** What a thread is asked to do. */
export type ThreadTask =
  | { readonly kind: 'play'; readonly plan: RunPlan; readonly options: PlayOptions }
  | {
      readonly kind: 'try';
      readonly plan: RunPlan;
      /** Of the failure that is looked for. */
      readonly signature: string;
      readonly candidate: Candidate;
      readonly stepsMax: number | undefined;
    };

/** It answers twice: when it begins, and when it has done it. */
export type ThreadAnswer =
  | { readonly kind: 'begun'; readonly scenario: Scenario | undefined }
  | { readonly kind: 'played'; readonly played: PlayedRun }
  | { readonly kind: 'tried'; readonly tried: Tried };
