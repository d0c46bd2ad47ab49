import type { Scenario } from '../../arena/index.ts';
import { signatureOf } from '../../check/index.ts';
import { parseTape } from '../../sim/index.ts';
import type { PlayedRun } from '../play.ts';
import type { RunPlan } from '../run-plan.ts';
import type { FailureDetail, RunRecord } from '../run-record.ts';
import { statsOf } from '../stats.ts';

/** Where a run stands still, if somebody has watched each of its steps. */
export interface Standstill {
  /** The last step that was made. */
  readonly steps: number;
  /** Whose step that was. */
  readonly task: string;
  readonly hangMs: number;
}

const failure: FailureDetail = {
  property: 'simulator',
  category: 'unhandled',
  code: 'SIM_HANG',
  message: 'The run stands still within one step: code that never waits, or awaits nothing for ever.',
  explanation:
    'Its thread was ended and nothing of the run is left but its seed. ' +
    '"stemedb-sim replay" of its file says in which step, and in which task.',
};

const signature = signatureOf(failure);

/** What is known of a run that had to be ended from outside. Nothing in it depends on when that was. */
export function hungRecord(plan: RunPlan, steps = 0): RunRecord {
  const { arena, scenario, strategy, seed, run } = plan;
  const nothing = { virtualMicros: 0, measures: {}, diskBytesPeak: 0 };
  return {
    type: 'run',
    arena,
    scenario,
    strategy,
    seed,
    run,
    verdict: 'error',
    property: failure.property,
    signature,
    steps,
    virtualMs: 0,
    wallMs: 0,
    digest: '',
    operations: {},
    faults: {},
    markers: {},
    stats: statsOf(new Map(), nothing, { seconds: 0, heapBytesPeak: 0, rssBytesPeak: 0 }),
  };
}

/** Whether the run must not be played in this thread. */
export function isHang(record: Pick<RunRecord, 'signature'>): boolean {
  return record.signature === signature;
}

/** As if it had been played, for its file: with an empty tape. */
export function hungRun(plan: RunPlan, scenario: Scenario, at?: Standstill): PlayedRun {
  return {
    record: hungRecord(plan, at?.steps),
    failure: at === undefined ? failure : { ...failure, ...told(at) },
    scenario,
    knobs: {},
    profile: undefined,
    history: [],
    tape: parseTape({ knobs: {}, workload: {}, fault: {}, schedule: {} }),
    trace: undefined,
    states: undefined,
    tasks: 0,
    missed: [],
    observed: { overtakings: [], faults: [], landmarks: [] },
  };
}

function told({ steps, task, hangMs }: Standstill): Pick<FailureDetail, 'message' | 'explanation'> {
  const last = steps === 0 ? 'its first step' : `step ${steps}, of task ${task}`;
  return {
    message: `No step was made for ${hangMs / 1000} s of processor time after ${last}.`,
    explanation:
      'What the task does after that step never waits, or awaits nothing for ever. Its thread was ended. ' +
      `"--until ${Math.max(0, steps - 1)} --trace full" shows the way there.`,
  };
}
