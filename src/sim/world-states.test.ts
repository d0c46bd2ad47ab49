import { describe, expect, it } from 'vitest';
import { nobleSignatures } from '../crypto/index.ts';
import type { Ports } from '../ports/index.ts';
import { crashProfile } from './disk/index.ts';
import { type ReplayStates, type StateFrame, stateAt, wallMsAt, type WorldState } from './trace/index.ts';
import { World, type WorldOptions, type WorldOutcome } from './world.ts';

const everything = { fromStep: 0, bytesMax: Infinity };

describe('the states of a world', () => {
  it('show what of a file is durable after a write, a sync of its name, a sync of it, another write', async () => {
    const states = await statesOf(async (world) => {
      const process = world.machine('node', crashProfile('strict')).boot();
      await process.call('write', () => writeTwice(process.ports));
    });
    const file = (operation: string, nth = 1): unknown =>
      after(states, operation, nth).machines['node']?.files['/file'];
    const empty = { kind: 'file', size: 0, durableSize: 0, unsynced: [], stale: [], name: 'unsynced' };
    expect(file('open')).toEqual(empty);
    expect(file('write')).toEqual({ ...empty, size: 10, unsynced: [[0, 10]] });
    expect(file('fsync', 1)).toEqual({ ...empty, size: 10, durableSize: 10 });
    expect(file('fsync', 2)).toEqual({ ...empty, size: 10, durableSize: 10, name: 'durable' });
    const rewritten = [
      [2, 4],
      [8, 12],
    ];
    expect(file('write', 3)).toEqual({
      ...empty,
      size: 12,
      durableSize: 10,
      unsynced: rewritten,
      name: 'durable',
    });
  });

  it('show a power loss as a frame of its own: the process, its tasks and what was not durable are gone', async () => {
    const states = await statesOf(async (world) => {
      const machine = world.machine('node', crashProfile('lazy'));
      const process = machine.boot();
      world.kernel.afterOperations('write', 1, 'power-loss', () => void machine.powerLoss());
      await process.call('write', () => writeTwice(process.ports)).catch(() => undefined);
      await world.scheduler.yield();
    });
    const loss = states.frames.findIndex(({ operation }) => operation === 'fault');
    const [before, then] = [stateAt(states, loss - 1), stateAt(states, loss)];
    expect(states.frames[loss]).toMatchObject({
      resource: 'power-loss',
      step: states.frames[loss - 1]?.step,
    });
    expect(before.machines['node']).toMatchObject({ process: 'node/1', files: { '/file': { size: 10 } } });
    expect(then.machines['node']).toMatchObject({ process: null });
    expect(then.machines['node']?.files['/file']?.size ?? 0).toBe(0);
    expect(ownersOf(before)).toEqual(['main', 'node/1']);
    expect(ownersOf(then)).toEqual(['main']);
  });

  it('show what each task waits for, since when, and who has it', async () => {
    const states = await statesOf(async ({ scheduler, clock }) => {
      const keeper = scheduler.spawn('keeper', async () => {
        const lock = scheduler.park<void>('a lock', () => 'main/root/keeper');
        await clock.sleep(5);
        lock.wake();
        await lock.promise;
      });
      await keeper.join();
    });
    const [start] = states.frames.map(({ step }) => step);
    expect(stateAt(states, 1).tasks).toEqual({
      'main/root': {
        owner: 'main',
        waits: [
          {
            on: 'task main/root/keeper to end',
            state: 'parked',
            sinceStep: start,
            sinceMicros: expect.any(Number),
          },
        ],
      },
      'main/root/keeper': {
        owner: 'main',
        waits: [
          { on: 'a lock', state: 'parked', sinceStep: 2, sinceMicros: 2, heldBy: 'main/root/keeper' },
          { on: 'timer', state: 'later', sinceStep: 2, sinceMicros: 2, dueMicros: 5002 },
        ],
      },
    });
    expect(stateAt(states, states.frames.length - 1).tasks).toEqual({});
  });

  it('show a process that stands still', async () => {
    const states = await statesOf(async (world) => {
      const process = world.machine('node', crashProfile('strict')).boot();
      const work = process.spawn('work', () => process.ports.scheduler.yield());
      process.pause();
      await world.scheduler.yield();
      process.resume();
      await work.join();
    });
    const [paused, going] = [stateAt(states, 0), stateAt(states, 1)];
    expect(paused.machines['node']).toMatchObject({ isPaused: true });
    expect(Object.values(paused.tasks).flatMap(({ waits }) => waits)).toContainEqual(
      expect.objectContaining({ on: 'start', state: 'paused' }),
    );
    expect(going.machines['node']).toMatchObject({ isPaused: false });
  });

  it('show how a wall clock goes, and change nothing about it while nobody sets it', async () => {
    const states = await statesOf(async (world) => {
      const { clock } = world.machine('node', crashProfile('strict'));
      const begun = clock.wallMs();
      await clock.sleep(1000);
      clock.step(-60_000);
      clock.drift(500_000);
      await clock.sleep(1000);
      expect(clock.wallMs()).toBe(begun + 1000 - 60_000 + 1500);
    });
    const shown = states.frames.map(({ timeMicros }, index) =>
      wallMsAt(stateAt(states, index).machines['node']!.clock, timeMicros),
    );
    expect(shown.map((wallMs) => wallMs - shown[0]!)).toEqual([0, -59_000, -57_500]);
    expect(states.frames.filter(({ machines }) => machines?.['node']?.clock !== undefined)).toHaveLength(2);
  });

  it('are one for each step and fault of the trace, and change no digest', async () => {
    const { trace, states, digest } = await run(busyWorld, everything);
    const plain = ({ step, task, operation }: Omit<StateFrame, 'fingerprint'>): unknown => [
      step,
      task,
      operation,
    ];
    expect(states?.frames.map(plain)).toEqual(trace?.steps.map(plain));
    expect(digest).toBe((await run(busyWorld)).digest);
    expect(JSON.parse(JSON.stringify(states))).toEqual(states);
  });

  it('are the same at the end of a long run whose beginning is left out, by steps or by size', async () => {
    const { states: all, steps } = await run(busyWorld, everything);
    const { states: late } = await run(busyWorld, { ...everything, fromStep: steps - 5 });
    const { states: small } = await run(busyWorld, { fromStep: 0, bytesMax: 4_000 });
    expect(late?.baseStep).toBe(steps - 5);
    expect(late?.frames[0]?.step).toBe(steps - 4);
    expect(small!.frames.length).toBeLessThan(all!.frames.length);
    expect(JSON.stringify(small!.frames).length).toBeLessThan(4_500);
    for (const { frames, base, baseStep } of [late!, small!]) {
      const skipped = all!.frames.length - frames.length;
      frames.forEach((_, index) => {
        const { machines, tasks } = stateAt({ ...all!, frames, base, baseStep }, index);
        const expected = stateAt(all!, skipped + index);
        expect(machines).toEqual(expected.machines);
        expect(Object.keys(tasks)).toEqual(Object.keys(expected.tasks));
      });
    }
  });
});

const options: WorldOptions = {
  choices: { kind: 'seed', seed: '1', record: false },
  strategy: 'random',
  choicesPerRun: 100,
  latency: { slow: 0, outOf: 1, microsMax: 0 },
  stepsMax: 10_000,
  trace: true,
  signatures: nobleSignatures,
};

async function run(
  body: (world: World) => Promise<void>,
  states?: WorldOptions['states'],
): Promise<WorldOutcome> {
  const world = new World({ ...options, states });
  const outcome = await world.run(() => body(world));
  if (outcome.failure !== undefined) throw outcome.failure.error;
  return outcome;
}

async function statesOf(body: (world: World) => Promise<void>): Promise<ReplayStates> {
  const { states } = await run(body, everything);
  return states!;
}

/** After the nth delivery of an operation. */
function after(states: ReplayStates, operation: string, nth: number): WorldState {
  const indexes = states.frames.flatMap((frame, index) => (frame.operation === operation ? [index] : []));
  return stateAt(states, indexes[nth - 1]!);
}

function ownersOf({ tasks }: WorldState): string[] {
  return [...new Set(Object.values(tasks).map(({ owner }) => owner))].sort();
}

/** Ten bytes, both syncs, and then two writes that are never synced. */
async function writeTwice({ fs }: Ports): Promise<void> {
  const handle = await fs.open('/file', 'w');
  await handle.write(new Uint8Array(10), 0, 10, 0);
  await handle.sync();
  const directory = await fs.open('/', 'r');
  await directory.sync();
  await directory.close();
  await handle.write(new Uint8Array(2), 0, 2, 2);
  await handle.write(new Uint8Array(4), 0, 4, 8);
  await handle.close();
}

async function busyWorld(world: World): Promise<void> {
  const machine = world.machine('node', crashProfile('strict'));
  const process = machine.boot();
  world.kernel.afterSteps(20, 'power-loss', () => void machine.powerLoss());
  const calls = ['a', 'b', 'c'].map((name) => process.call(name, () => writeTwice(process.ports)));
  await Promise.allSettled(calls);
}
