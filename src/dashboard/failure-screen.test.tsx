import { render } from 'ink-testing-library';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { catalogueOf, type Replayed, replayStates, type RunFile, simulate } from '../explore/index.ts';
import { defineArena, Service } from '../index.ts';
import type { Failure } from './campaign-model.ts';
import { FailureScreen } from './failure-screen.tsx';
import { rowsMax } from './heights.ts';

/** A promise about bytes that nobody has synced. */
const arena = defineArena({
  name: 'note',
  summary: 'one note, one power loss',
  scenarios: ['calm'],
  properties: [{ id: 'note-survives', kind: 'safety', claim: 'what was noted is there' }],
  markers: [],
  async play(context) {
    const service = new Service(context, {
      name: 'node-1',
      start: async ({ fs }) => fs.open('/note', 'a+'),
      close: (note) => note.close(),
    });
    service.start();
    context.record('invoke', 'agent-1', 'notes something');
    await service.insist('note', (note) => note.write(new Uint8Array(700), 0, 700, 0));
    context.record('ok', 'agent-1', 'has it acknowledged');
    context.chaos.powerLoss(service.machine);
    const { size } = await service.insist('look', (note) => note.stat());
    context.require(size === 700, () => ({
      property: 'note-survives',
      category: 'lost-ack',
      message: 'The note is gone.',
      expected: '700 bytes',
      actual: `${size} bytes`,
    }));
    await service.stop();
  },
});

let file: RunFile;
let replayed: Replayed | undefined;
beforeAll(async () => {
  const { failures } = await simulate(arena, { runs: 20, bail: 1 });
  expect(failures).toHaveLength(1);
  ({ file } = failures[0]!);
  replayed = await replayStates(await catalogueOf(arena), file);
});

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()));

function opened(columns: number, isPlayable = true) {
  const failure: Failure = {
    signature: file.record.signature ?? '',
    record: file.record,
    runs: 1,
    stage: 'explained',
    file,
    commands: { replay: 'stemedb-sim replay reports/1.json', open: 'reports/1.html' },
  };
  let hasGoneBack = false;
  const app = render(
    <FailureScreen
      failure={failure}
      size={{ columns, rows: rowsMax }}
      replay={async () => (isPlayable ? replayed : undefined)}
      onBack={() => {
        hasGoneBack = true;
      }}
    />,
  );
  cleanups.push(() => app.unmount());
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return {
    frame: () => app.lastFrame() ?? '',
    isClosed: () => hasGoneBack,
    async press(...keys: readonly string[]): Promise<void> {
      await settled();
      for (const key of keys) {
        app.stdin.write(key);
        await settled();
      }
    },
  };
}

const home = '\u001B[H';
const end = '\u001B[F';
const right = '\u001B[C';
const tab = '\t';

describe('a failure that is open', () => {
  it('shows the story, what was expected, the commands and the world at the end', async () => {
    const { frame, press } = opened(100);
    await press();
    expect(frame()).toContain('✗ note > note-survives');
    expect(frame()).toContain('The note is gone.');
    expect(frame()).toContain('- expected  700 bytes');
    expect(frame()).toMatch(/agent-1 +has it acknowledged +<- promise/);
    expect(frame()).toContain('Replay  stemedb-sim replay reports/1.json');
    expect(frame().split('\n').length).toBeLessThanOrEqual(rowsMax);
  });

  it('goes through the replay step by step, forth and back, with the disk as it was then', async () => {
    const { frame, press } = opened(100);
    await press(tab, home);
    const seen = new Set<string>();
    for (let step = 0; step < (replayed?.states.frames.length ?? 0); step++) {
      await press(right);
      for (const line of frame().split('\n'))
        if (line.includes('/note')) seen.add(line.split('│')[0]!.trim());
    }
    const sizes = [...seen].join('\n');
    expect(sizes).toContain('700 unsynced');
    const atEnd = frame();
    await press(home);
    expect(frame()).not.toBe(atEnd);
    await press(end);
    expect(frame()).toBe(atEnd);
  });

  it('says so when the code does not play the run any more', async () => {
    const { frame, press, isClosed } = opened(80, false);
    await press();
    expect(frame()).toContain('The code does not play this run any more');
    await press('\u001B');
    expect(isClosed()).toBe(true);
  });
});
