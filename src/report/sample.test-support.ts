import type { CaseSize, ReplayStates, RunFile, RunRecord, RunTrace } from '../explore/index.ts';

const none = { count: 0, p50: 0, p99: 0, p999: 0, max: 0 };

/** A failing run of one agent, as small as they come. */
export const sampleRecord: RunRecord = {
  type: 'run',
  arena: 'arena-9-sample',
  scenario: 'torn-writes',
  strategy: 'random',
  seed: '42',
  run: 7,
  verdict: 'violated',
  property: 'acknowledged-survives',
  signature: 'acknowledged-survives/lost-ack/-',
  steps: 6,
  virtualMs: 0.2,
  wallMs: 1.5,
  digest: '0123456789abcdef',
  operations: { submit: 1 },
  faults: { 'power-loss': 1 },
  markers: {},
  stats: {
    assertions: 1,
    votes: 0,
    assertionsPerSecond: 1,
    votesPerSecond: 0,
    assertionsPerRealSecond: 1,
    votesPerRealSecond: 0,
    p50: 0.1,
    p99: 0.1,
    p999: 0.1,
    latencyMs: {},
    ingestLagBytes: none,
    viewStalenessMs: none,
    queryCandidates: none,
    peakBytes: { disk: 1024, heap: 0, rss: 0 },
  },
};

const history: RunFile['history'] = [
  { kind: 'invoke', step: 1, timeMicros: 1, actor: 'node-1', text: 'starts' },
  { kind: 'invoke', step: 2, timeMicros: 2, actor: 'agent-1', text: 'submits "<script>|`x`"' },
  { kind: 'ok', step: 5, timeMicros: 100, actor: 'agent-1', text: 'has it acknowledged' },
  { kind: 'fault', step: 5, timeMicros: 100, actor: 'node-1', text: 'loses power' },
];

/** With text in it that would be markup anywhere if it were let. */
export const sampleFile: RunFile = {
  type: 'run-file',
  format: 1,
  record: sampleRecord,
  failure: {
    property: 'acknowledged-survives',
    category: 'lost-ack',
    message: 'A claim & its "<b>" are gone.',
    expected: '"</script><img src=x>"',
    actual: 'nothing',
  },
  scenario: {} as RunFile['scenario'],
  knobs: { agents: '1' },
  mutant: null,
  version: { stemedbSim: '0.1.0', node: 'v20.0.0' },
  history,
  tape: {} as RunFile['tape'],
};

const file = '/data/wal/1.seg';

export const sampleTrace: RunTrace = {
  steps: [
    step(1, 1, 'main/root/node-1', 'start', ''),
    step(2, 2, 'main/root/agent-1', 'start', ''),
    step(3, 60, 'main/root/agent-1/request', 'request', 'agent-1>node-1'),
    step(4, 80, 'main/root/agent-1/submit', 'write', file),
    step(5, 100, 'main/root/agent-1/submit', 'write', file),
    step(6, 200, 'main/root/node-1', 'wake', 'node-1 to answer'),
  ],
  notes: [],
  waits: [
    { step: 1, owner: 'main', askedStep: 0, askedMicros: 0, others: 0 },
    { step: 2, owner: 'main', askedStep: 1, askedMicros: 1, others: 1 },
    { step: 3, owner: 'node-1/1', askedStep: 2, askedMicros: 2, others: 0 },
    { step: 4, owner: 'node-1/1', askedStep: 3, askedMicros: 60, others: 2 },
    { step: 5, owner: 'node-1/1', askedStep: 3, askedMicros: 60, others: 0 },
    { step: 6, owner: 'main', askedStep: 5, askedMicros: 100, others: 0 },
  ],
  disks: [
    { step: 1, timeMicros: 1, machine: 'node-1', bytes: 512, unsyncedBytes: 0, unsyncedNames: 0 },
    { step: 4, timeMicros: 80, machine: 'node-1', bytes: 1024, unsyncedBytes: 512, unsyncedNames: 0 },
  ],
  powerLosses: [
    {
      step: 5,
      timeMicros: 100,
      machine: 'node-1',
      profile: 'strict',
      mode: 'single',
      files: [
        {
          path: file,
          sizeBefore: 1024,
          sizeAfter: 600,
          ranges: [
            { from: 0, to: 512, fate: 'durable' },
            { from: 512, to: 600, fate: 'torn' },
            { from: 600, to: 1024, fate: 'lost' },
          ],
        },
      ],
      names: [{ path: '/data/wal/2.seg', before: 'file', after: 'nothing' }],
    },
  ],
};

const onDisk = { kind: 'file', stale: [], name: 'durable' } as const;
const clock = { anchorWallMs: 1_767_225_600_000, anchorMicros: 0, driftPpm: 0, isFrozen: false };

/** Of the same run: the file is half durable when the power goes, and a task waits for a lock. */
export const sampleStates: ReplayStates = {
  baseStep: 0,
  baseMicros: 0,
  base: { machines: {}, tasks: {} },
  frames: [
    {
      ...frame(1, 1, 'start', ''),
      machines: {
        'node-1': {
          clock,
          process: 'node-1/1',
          isPaused: false,
          files: { [file]: { ...onDisk, size: 512, durableSize: 512, unsynced: [] } },
        },
      },
    },
    {
      ...frame(4, 80, 'write', file),
      machines: {
        'node-1': { files: { [file]: { ...onDisk, size: 1024, durableSize: 512, unsynced: [[512, 1024]] } } },
      },
      tasks: {
        'main/root/agent-1/submit': {
          owner: 'node-1/1',
          waits: [{ on: 'lock of the log', state: 'parked', sinceStep: 4, sinceMicros: 80 }],
        },
      },
    },
    {
      ...frame(5, 100, 'fault', 'power-loss'),
      machines: {
        'node-1': {
          process: null,
          files: { [file]: { ...onDisk, size: 600, durableSize: 600, unsynced: [] } },
        },
      },
      tasks: { 'main/root/agent-1/submit': null },
    },
  ],
};

function frame(
  number: number,
  timeMicros: number,
  operation: string,
  resource: string,
): ReplayStates['frames'][number] {
  return { step: number, timeMicros, task: 'main/root', operation, resource, outcome: 0 };
}

function step(
  number: number,
  timeMicros: number,
  task: string,
  operation: string,
  resource: string,
): RunTrace['steps'][number] {
  return { step: number, timeMicros, task, operation, resource, outcome: 0, fingerprint: number };
}

const size: CaseSize = { faults: 1, operations: 1, tasks: 2, deviations: 0, steps: 6, values: 0 };

export const sampleMinimized: RunFile = {
  ...sampleFile,
  record: { ...sampleRecord, steps: 1847 },
  minimized: {
    record: sampleRecord,
    failure: sampleFile.failure!,
    knobs: sampleFile.knobs,
    history,
    story: [
      { step: 2, timeMicros: 2, who: 'agent-1', text: 'submits "<script>|`x`"', mark: null },
      { step: 5, timeMicros: 100, who: 'agent-1', text: 'has it acknowledged', mark: 'promise' },
      { step: 5, timeMicros: 100, who: 'fault', text: 'node-1 loses power', mark: null },
      { step: 6, timeMicros: 200, who: 'check', text: 'It is gone.', mark: 'promise broken' },
    ],
    tape: sampleFile.tape,
    overtakings: [],
    sizeBefore: { ...size, steps: 1847, operations: 30 },
    size,
    outcome: '1-minimal',
    tries: 63,
    wallMs: 2100,
    passes: [{ name: 'faults', tries: 20, accepted: 3, size }],
    slipped: [{ signature: 'other/stuck/-', times: 2, message: 'Another failure.' }],
    pointOfNoReturn: {
      continuations: 8,
      curve: [
        { step: 2, failed: 2, share: 0.25 },
        { step: 5, failed: 8, share: 1 },
      ],
      jump: { fromStep: 2, toStep: 5, rise: 0.75 },
    },
  },
};
