import type { Scenario } from '../arena/index.ts';
import { History, signatureOf } from '../check/index.ts';
import { parseTape } from '../sim/index.ts';
import type { PlayedRun } from './play.ts';
import type { RunPlan } from './run-plan.ts';
import type { FailureDetail, RunRecord } from './run-record.ts';
import { statsOf } from './stats.ts';

const failure: FailureDetail = {
  property: 'simulator',
  category: 'unhandled',
  code: 'SIM_HANG',
  message: 'The run stands still within one step: code that never waits, or awaits nothing for ever.',
  explanation:
    'Its thread was ended and nothing of the run is left but its seed. ' +
    'To see where it is, replay it with --mode seed under "node --inspect".',
};

const signature = signatureOf(failure);

/** What is known of a run that had to be ended from outside. Nothing in it depends on when that was. */
export function hungRecord(plan: RunPlan): RunRecord {
  const nothing = { virtualMicros: 0, measures: {}, diskBytesPeak: 0 };
  return {
    type: 'run',
    ...plan,
    verdict: 'error',
    property: failure.property,
    signature,
    steps: 0,
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
export function isHang(record: RunRecord): boolean {
  return record.signature === signature;
}

/** As if it had been played, for its file: with an empty tape. */
export function hungRun(record: RunRecord, scenario: Scenario): PlayedRun {
  return {
    record,
    failure,
    scenario,
    knobs: {},
    profile: undefined,
    history: new History(),
    tape: parseTape({ knobs: {}, workload: {}, fault: {}, schedule: {} }),
    trace: undefined,
    states: undefined,
    tasks: 0,
    missed: [],
    observed: { overtakings: [], faults: [], landmarks: [] },
  };
}
