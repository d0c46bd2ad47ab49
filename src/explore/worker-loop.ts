import { parentPort } from 'node:worker_threads';
import { planRun, type RunPlan } from './run-plan.ts';
import type { RunRecord } from './run-record.ts';
import { beat, giveHeart } from './watchdog/heart.ts';
import { Gate } from './worker-gate.ts';
import { Ledger, postBatch } from './worker-ledger.ts';
import type { WorkerInput, WorkerOutput } from './worker-pool.ts';

/** Records are sent no later than this after they are there, so that somebody who watches sees them. */
const postMs = 200;

/** Takes runs from the gate until there are no more, and sends the records to the pool. */
export async function workThrough(
  input: WorkerInput,
  playOne: (plan: RunPlan) => Promise<RunRecord>,
): Promise<void> {
  const gate = new Gate(input.gate);
  const ledger = new Ledger(input.ledger);
  giveHeart(input.heart);
  let outputs: WorkerOutput[] = [];
  let posted = performance.now();
  const post = (): void => {
    if (outputs.length > 0) parentPort?.postMessage(outputs);
    ledger.settle();
    outputs = [];
    posted = performance.now();
  };
  for (const position of positions(input, gate, post)) {
    ledger.take(position);
    beat(0);
    const plan = planRun(input.plan, input.firstRun + position * input.runStride);
    const record = await playOne(plan);
    outputs.push({ position, record });
    const isDue = outputs.length >= postBatch || performance.now() - posted >= postMs;
    if (isDue || record.verdict !== 'held') post();
  }
  post();
}

/** `settle` is called before this thread stands still. */
function* positions(
  { redo, positions: end }: WorkerInput,
  gate: Gate,
  settle: () => void,
): Generator<number> {
  yield* redo;
  for (;;) {
    if (gate.isHeld) {
      settle();
      gate.wait();
    }
    const position = gate.take();
    if (position >= end || position < 0) return;
    yield position;
  }
}
