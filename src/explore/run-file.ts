import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Scenario } from '../arena/index.ts';
import type { HistoryEvent } from '../check/index.ts';
import {
  parseTape,
  type ScheduleProfile,
  type Tape,
  TapeSyntaxError,
  type TraceDisk,
  type TraceNote,
  type TracePowerLoss,
  type TraceStep,
  type TraceWait,
} from '../sim/index.ts';
import { exitCodes } from './exit-code.ts';
import { packageRoot } from './package-root.ts';
import type { PlayedRun } from './play.ts';
import type { FailureDetail, MinimizedCase, RunRecord } from './run-record.ts';

/** One run with everything needed to replay and to understand it: `reports/<seed>.json`. */
export interface RunFile {
  readonly type: 'run-file';
  readonly format: 1;
  readonly record: RunRecord;
  readonly failure: FailureDetail | null;
  readonly scenario: Scenario;
  /** Every option that the seed expanded to. */
  readonly knobs: Readonly<Record<string, string>>;
  /** The planted bug that it ran with. */
  readonly mutant: string | null;
  readonly version: { readonly stemedbSim: string; readonly node: string };
  /** What the strategy went by: so that the run is drawn again the same though the code has changed. */
  readonly profile?: ScheduleProfile | undefined;
  readonly history: readonly HistoryEvent[];
  readonly tape: Tape;
  readonly trace?: RunTrace | undefined;
  /** What the minimizer made of it. */
  readonly minimized?: MinimizedCase | undefined;
}

/** What a traced run did. */
export interface RunTrace {
  readonly steps: readonly TraceStep[];
  readonly notes: readonly TraceNote[];
  readonly waits?: readonly TraceWait[];
  readonly disks?: readonly TraceDisk[];
  readonly powerLosses?: readonly TracePowerLoss[];
}

/** A file that is not a run file. The message names the file and says what is wrong. */
export class RunFileError extends Error {
  readonly code = 'SIM_RUN_FILE';
  readonly exitCode = exitCodes.usage;

  constructor(file: string, reason: string) {
    super(`${file} cannot be replayed: ${reason}. Give a file that "stemedb-sim run" wrote.`);
    this.name = 'RunFileError';
  }
}

/** `played` must have been recorded. */
export async function toRunFile(played: PlayedRun, mutant: string | undefined): Promise<RunFile> {
  if (played.tape === undefined) throw new TypeError('Only a recorded run has a tape to keep.');
  const manifest = JSON.parse(await readFile(new URL('package.json', packageRoot), 'utf8')) as {
    version: string;
  };
  return {
    type: 'run-file',
    format: 1,
    record: played.record,
    failure: played.failure ?? null,
    scenario: played.scenario,
    knobs: played.knobs,
    mutant: mutant ?? null,
    version: { stemedbSim: manifest.version, node: process.version },
    ...(played.profile === undefined ? {} : { profile: played.profile }),
    history: played.history,
    tape: played.tape,
    ...(played.trace === undefined ? {} : { trace: played.trace }),
  };
}

/** Writes `<folder>/<seed>.json` and returns its path. */
export async function writeRunFile(folder: string, file: RunFile): Promise<string> {
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, `${file.record.seed}.json`);
  await rewriteRunFile(target, file);
  return target;
}

/** As it stands in that file: to be written back once it has been minimized. */
export async function rewriteRunFile(target: string, file: RunFile): Promise<void> {
  await writeFile(target, `${JSON.stringify(file, undefined, 1)}\n`);
}

/** Throws `RunFileError` for anything that is not a run file of this format. */
export async function readRunFile(file: string): Promise<RunFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new RunFileError(file, (error as Error).message);
  }
  let value: Partial<RunFile>;
  try {
    value = JSON.parse(text) as Partial<RunFile>;
  } catch (error) {
    throw new RunFileError(file, `it is not JSON (${(error as Error).message})`);
  }
  if (value?.type !== 'run-file') throw new RunFileError(file, 'it is not a run file');
  if (value.format !== 1) throw new RunFileError(file, `format ${String(value.format)} is not known here`);
  const { record, tape } = value;
  if (typeof record?.arena !== 'string' || typeof record.seed !== 'string') {
    throw new RunFileError(file, 'its record is incomplete');
  }
  try {
    const minimized = value.minimized && { ...value.minimized, tape: parseTape(value.minimized.tape) };
    return { ...(value as RunFile), tape: parseTape(tape), minimized };
  } catch (error) {
    if (error instanceof TapeSyntaxError) throw new RunFileError(file, error.message);
    throw error;
  }
}
