import {
  type Agent,
  type ArenaContext,
  type Assertion,
  type AssertionContent,
  assertionHash,
  ClaimsModel,
  DatabaseClosedError,
  type DatabaseDump,
  defineArena,
  type Disk,
  type Draws,
  dumpStore,
  encodeAssertion,
  type KnownClaim,
  Laboratory,
  makeAgents,
  ProcessGoneError,
  type RotAim,
  sameDump,
  type Scenario,
  type StemeConfig,
  type StemeDB,
  StemeNode,
  type SyncImages,
  Violation,
  toHex,
} from '../src/index.ts';

const losesPower = ({ crashes }: Scenario): boolean => crashes.powerLossesMax > 0;
const crashes = (scenario: Scenario): boolean => losesPower(scenario) || scenario.crashes.killsMax > 0;

/** Agents sign claims and submit them; log, ingestor, store and indexes keep them. */
export default defineArena({
  name: 'arena-0-spine',
  summary: 'agents sign assertions; WAL, ingest, KV store and indexes keep them through crashes',
  scenarios: ['torn-writes', 'calm'],
  onRequest: ['slow-disk', 'crash-images', 'rot-at-rest', 'few-claims', 'few-turns', 'crowd'],
  properties: [
    {
      id: 'acknowledged-survives',
      kind: 'safety',
      claim: 'what was acknowledged, or read once, can be read from then on',
    },
    { id: 'nothing-invented-or-altered', kind: 'safety', claim: 'what is stored was submitted, bit for bit' },
    {
      id: 'indexes-complete',
      kind: 'safety',
      claim: 'every claim is found by subject, and by subject and predicate; no entry dangles',
    },
    {
      id: 'written-equals-verified',
      kind: 'safety',
      claim: 'every acknowledged claim was verified at the end, and there were some',
    },
    {
      id: 'cursor-monotone',
      kind: 'safety',
      claim: 'the ingest cursor goes back only at a power loss, and never below its last checkpoint or close',
    },
    {
      id: 'recovery-is-stable',
      kind: 'safety',
      claim: 'crashing again before anything was written brings back the same state',
    },
    { id: 'crash-state-opens', kind: 'safety', claim: 'whatever a crash leaves can be opened' },
    {
      id: 'damage-is-loud',
      kind: 'safety',
      claim: 'a bit that flips in a closed database changes nothing, or is refused',
    },
    { id: 'nothing-leaks', kind: 'safety', claim: 'a closed database holds no file open' },
    { id: 'always-makes-progress', kind: 'liveness', claim: 'nothing waits for ever' },
  ],
  markers: [
    'wal.rotated',
    'wal.carried-tail',
    'wal.torn-tail-cut',
    'kv.flushed',
    'kv.compacted',
    'ingest.duplicate-skipped',
    { label: 'arena.crashed-while-starting-or-closing', when: crashes },
    'arena.crashed-again-before-serving',
    { label: 'arena.rot-was-harmless', when: losesPower },
    { label: 'arena.rot-was-refused', when: losesPower },
  ],
  async play(context) {
    await new Spine(context).play();
  },
});

const subjects = ['Tesla', 'Norway', '🚗 \u0000Inc', 'مصر'] as const;
const predicates = ['revenue', 'population', 'a\u0000b'] as const;

/** What an agent may do next; the first is the calmest. */
const operations = [
  'submit',
  ...Array.from({ length: 9 }, () => 'submit' as const),
  'submit-again',
  'cosign',
  'read',
  'read',
  'list',
  'compact',
  'restart',
] as const;

interface Submitted {
  readonly assertion: Assertion;
  readonly claim: KnownClaim;
  /** Known once it was acknowledged. */
  endOffset: number | undefined;
}

class Spine {
  readonly #context: ArenaContext;
  readonly #model = new ClaimsModel();
  readonly #config: StemeConfig;
  readonly #node: StemeNode;
  readonly #agents: readonly Agent[];
  readonly #operationsPerAgent: number;
  readonly #operations: readonly (typeof operations)[number][];
  readonly #submitted: Submitted[] = [];
  readonly #images: { readonly disk: Disk; readonly model: ClaimsModel }[] = [];
  readonly #atSyncs: SyncImages<ClaimsModel>;
  /** What was there when the database was crashed on purpose, before anybody wrote. */
  #recovered: DatabaseDump | undefined;
  /** The cursor when last seen, in which life of the machine, and what it may never fall below. */
  #cursor = { value: 0, powerLosses: 0, floor: 0 };
  #verified = 0;

  constructor(context: ArenaContext) {
    this.#context = context;
    const { workload } = context.scenario;
    const agents = workload?.agents ?? context.knob('agents', [3, 1, 2, 5, 8]);
    this.#agents = makeAgents(context.signatures, agents);
    this.#operationsPerAgent =
      workload?.operationsPerAgent ?? context.knob('operationsPerAgent', [8, 4, 16, 24]);
    this.#operations = context.kinds('operations', operations);
    this.#config = configOf(context);
    this.#node = new StemeNode(context, {
      name: 'node-1',
      config: this.#config,
      examine: (db) => this.#examine(db),
      closed: (db) => {
        this.#cursor.floor = db.ingestStatus.cursor;
      },
    });
    this.#atSyncs = context.chaos.photographSyncs(this.#node.machine, () => this.#model.copy());
  }

  async play(): Promise<void> {
    this.#node.start();
    this.#context.chaos.photograph(this.#node.machine, (disk) => {
      this.#images.push({ disk, model: this.#model.copy() });
    });
    const users = this.#agents
      .filter((agent) => !this.#context.omits(agent.name))
      .map((agent) => this.#context.spawn(agent.name, () => this.#use(agent)));
    for (const user of users) await user.join();
    this.#context.chaos.stop();
    await this.#progress();
    await this.#node.stop();
    await this.#examineImages();
    await this.#rotAtRest();

    this.#crash();
    this.#node.start();
    await this.#node.insist('settle', (db) => db.waitUntilOffset(db.durableOffset));
    this.#context.require(this.#verified === this.#model.acknowledged && this.#verified > 0, () => ({
      property: 'written-equals-verified',
      category: 'inconsistent',
      message: 'The run ended without having verified all that it wrote.',
      expected: `${this.#model.acknowledged} claims verified, and at least one`,
      actual: `${this.#verified} verified`,
    }));
    await this.#node.stop();
  }

  get #losesPower(): boolean {
    return losesPower(this.#context.scenario);
  }

  #crash(): void {
    if (this.#losesPower) this.#context.chaos.powerLoss(this.#node.machine);
    else this.#context.chaos.kill(this.#node.machine);
  }

  /** What a crash would have left at moments of this run opens, and holds what was promised by then. */
  async #examineImages(): Promise<void> {
    for (const { disk, model } of this.#images) {
      await this.#inLaboratory(disk, async (laboratory) => {
        model.judge(await laboratory.dump());
      });
    }
    const atSyncs = this.#atSyncs.all();
    if (atSyncs.length === 0) return;
    const laboratory = new Laboratory(this.#context, this.#config);
    await laboratory.judgeAll(atSyncs, (dump, model) => model.copy().judge(dump));
  }

  /**
   * After a proper close every bit that matters is proven to be durable: if one flips in what a power loss
   * leaves, that is noticed.
   */
  async #rotAtRest(): Promise<void> {
    const { rotAtRest } = this.#context.scenario;
    if (rotAtRest === undefined) {
      if (this.#losesPower) await this.#rot({});
      return;
    }
    for (let bit = 0; bit < rotAtRest; bit++) {
      await this.#rot({ aim: { atHeads: bit % 2 === 1 }, ask: (db) => this.#askAndWrite(db) });
    }
  }

  async #rot({ aim, ask }: { aim?: RotAim; ask?: (db: StemeDB) => Promise<void> }): Promise<void> {
    const { disk } = this.#node.machine.crashImage();
    await this.#inLaboratory(disk, async (laboratory) => {
      this.#context.chaos.rotOneBit(laboratory.machine, this.#config.directory, aim);
      try {
        this.#model.judge(await laboratory.dump(ask));
        this.#context.reached('arena.rot-was-harmless');
      } catch (error) {
        const cause = error instanceof Violation ? (error.cause ?? error) : error;
        if (cause instanceof Violation) {
          throw new Violation({ ...cause.detail, property: 'damage-is-loud' }, { cause });
        }
        if (!tellsOfDamage(cause)) throw error;
        this.#context.reached('arena.rot-was-refused');
      }
    });
  }

  /**
   * Each claim by its hash, which is another way to it than through all entries; and one more is taken, for a log that
   * ends too early is noticed by who writes.
   */
  async #askAndWrite(db: StemeDB): Promise<void> {
    for (const { assertion, claim } of this.#submitted) {
      const found = await db.get(assertionHash(assertion));
      this.#model.observe(claim.hash, found && encodeAssertion(found));
    }
    const [agent] = this.#agents;
    if (agent === undefined) return;
    const assertion = agent.sign({
      ...this.#contentOf(agent, -2, this.#context.workload('more')),
      timestamp: 0,
    });
    const { hash, endOffset } = await db.submit(assertion);
    await db.waitUntilOffset(endOffset);
    const found = await db.get(hash);
    this.#context.require(found !== undefined, () => ({
      property: 'damage-is-loud',
      category: 'lost-ack',
      message: 'What was acknowledged after a bit had flipped cannot be read.',
      expected: toHex(hash),
      actual: 'nothing',
    }));
  }

  async #inLaboratory(disk: Disk, work: (laboratory: Laboratory) => Promise<void>): Promise<void> {
    const laboratory = new Laboratory(this.#context, this.#config);
    laboratory.insert(disk);
    try {
      await work(laboratory);
    } finally {
      laboratory.close();
    }
  }

  /** Once the faults have stopped, a claim is taken. It may be closed in before it was ingested. */
  async #progress(): Promise<void> {
    const [agent] = this.#agents;
    if (agent === undefined) return;
    const content = { ...this.#contentOf(agent, -1, this.#context.workload('last')), timestamp: 0 };
    const assertion = agent.sign(content);
    while (!(await this.#answered(agent, 'submit', () => this.#submit(agent, assertion))));
  }

  /** Judges the state that a start has brought back, and sometimes crashes it to see it once more. */
  async #examine(db: StemeDB): Promise<'serve' | 'kill' | 'power-loss'> {
    this.#watchCursor(db);
    await db.waitUntilOffset(db.durableOffset);
    const dump = await dumpStore(db);
    this.#verified = this.#model.judge(dump);
    this.#context.require(this.#recovered === undefined || sameDump(this.#recovered, dump), () => ({
      property: 'recovery-is-stable',
      category: 'unstable',
      message:
        'The same state was not there again after another crash, though nothing was written in between.',
      expected: `${this.#recovered?.claims.size} claims as before`,
      actual: `${dump.claims.size} claims, or others`,
    }));
    this.#watchCursor(db);
    const { chaos } = this.#context;
    const next = chaos.isStopped ? 0 : this.#context.faults('node-1:crash-again').choose(8);
    this.#recovered = next < 6 ? undefined : dump;
    if (next < 6) return 'serve';
    this.#context.reached('arena.crashed-again-before-serving');
    return next === 6 ? 'kill' : 'power-loss';
  }

  /** The cursor goes back only when the power is lost, and never below what was durable. */
  #watchCursor(db: StemeDB): void {
    const { cursor: value, checkpoint } = db.ingestStatus;
    const { powerLosses } = this.#context.chaos;
    const least = powerLosses === this.#cursor.powerLosses ? this.#cursor.value : this.#cursor.floor;
    this.#context.require(value >= least, () => ({
      property: 'cursor-monotone',
      category: 'regressed',
      message: 'The ingest cursor went back.',
      expected: `at least ${least}`,
      actual: String(value),
    }));
    this.#cursor = { value, powerLosses, floor: Math.max(this.#cursor.floor, checkpoint) };
  }

  async #use(agent: Agent): Promise<void> {
    for (let nth = 0; nth < this.#operationsPerAgent; nth++) {
      if (this.#context.omits(`${agent.name} op-${nth}`)) continue;
      const draws = this.#context.workloadPart(agent.name, `op-${nth}`);
      const operation = this.#operations[draws.choose(this.#operations.length)] ?? 'submit';
      this.#context.history.count(operation);
      await this.#answered(agent, operation, () => this.#operate(agent, operation, nth, draws));
      const pauseMs = draws.choose(8) === 7 ? draws.choose(40) : 0;
      if (pauseMs > 0) await this.#context.clock.sleep(pauseMs);
    }
  }

  /** Whether there was an answer. There is none from a process that goes away, or closes. */
  async #answered(agent: Agent, operation: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ProcessGoneError || error instanceof DatabaseClosedError)) throw error;
      this.#context.record('info', agent.name, `gets no answer to "${operation}"`);
      return false;
    }
  }

  async #operate(
    agent: Agent,
    operation: (typeof operations)[number],
    nth: number,
    draws: Draws,
  ): Promise<void> {
    const earlier = this.#submitted[draws.choose(Math.max(1, this.#submitted.length))];
    switch (operation) {
      case 'submit':
        return this.#submit(agent, agent.sign(this.#contentOf(agent, nth, draws)));
      case 'submit-again':
        return earlier && this.#submit(agent, earlier.assertion);
      case 'cosign':
        return earlier && this.#submit(agent, agent.sign(earlier.assertion));
      case 'read':
        return earlier && this.#read(agent, earlier);
      case 'list':
        return this.#list(agent, draws);
      case 'compact':
        this.#context.record('invoke', agent.name, 'has the store compacted');
        return this.#node.call('compact', (db) => db.compact());
      case 'restart':
        this.#context.record('invoke', agent.name, 'has the database closed and opened again');
        return this.#node.restart();
    }
  }

  #contentOf(agent: Agent, nth: number, draws: Draws): AssertionContent {
    const subject = subjects[draws.choose(subjects.length)] ?? subjects[0];
    const predicate = predicates[draws.choose(predicates.length)] ?? predicates[0];
    const length = [0, 1, 400, 480, 512, 1500][draws.choose(6)] ?? 0;
    return {
      subject,
      predicate,
      object: { type: 'text', value: `${agent.name} ${nth} ${'x'.repeat(length)}` },
      lifecycle: 'proposed',
      confidence: draws.choose(101) / 100,
      timestamp: nth,
    };
  }

  async #submit(agent: Agent, assertion: Assertion): Promise<void> {
    const claim: KnownClaim = {
      hash: toHex(assertionHash(assertion)),
      subject: assertion.subject,
      predicate: assertion.predicate,
      bytes: encodeAssertion(assertion),
    };
    const submitted: Submitted = { assertion, claim, endOffset: undefined };
    this.#submitted.push(submitted);
    this.#model.issue(claim);
    this.#context.record('invoke', agent.name, `submits ${nameOf(claim)}`);
    const begun = this.#context.nowMicros;
    const receipt = await this.#node.call('submit', (db) => db.submit(assertion));
    this.#context.latency('submit', this.#context.nowMicros - begun);
    this.#model.acknowledge(claim.hash);
    submitted.endOffset = receipt.endOffset;
    this.#context.record('ok', agent.name, `has ${nameOf(claim)} acknowledged`);
  }

  /** Once ingest has passed it, an acknowledged claim is read, whoever asks. */
  async #read(agent: Agent, { claim, assertion, endOffset }: Submitted): Promise<void> {
    this.#context.record('invoke', agent.name, `asks for ${nameOf(claim)}`);
    const found = await this.#node.call('read', async (db) => {
      if (endOffset !== undefined) await db.waitUntilOffset(endOffset);
      const stored = await db.get(assertionHash(assertion));
      this.#watchCursor(db);
      return stored;
    });
    if (found === undefined && endOffset === undefined) return;
    this.#model.observe(claim.hash, found === undefined ? undefined : encodeAssertion(found));
    this.#context.record('ok', agent.name, `reads ${nameOf(claim)}`);
  }

  /** Every claim that was acknowledged before the question is in the answer, by either index. */
  async #list(agent: Agent, draws: Draws): Promise<void> {
    const subject = subjects[draws.choose(subjects.length)] ?? subjects[0];
    const predicate = draws.choose(2) === 1 ? predicates[draws.choose(predicates.length)] : undefined;
    this.#context.record('invoke', agent.name, `asks for the claims about ${JSON.stringify(subject)}`);
    const expected = this.#submitted.filter(
      ({ assertion, endOffset }) =>
        endOffset !== undefined &&
        assertion.subject === subject &&
        (predicate === undefined || assertion.predicate === predicate),
    );
    const listed = await this.#node.call('list', async (db) => {
      for (const { endOffset } of expected) await db.waitUntilOffset(endOffset ?? 0);
      const hashes = new Set<string>();
      const listing =
        predicate === undefined ? db.bySubject(subject) : db.bySubjectPredicate(subject, predicate);
      for await (const hash of listing) hashes.add(toHex(hash));
      this.#watchCursor(db);
      return hashes;
    });
    for (const { claim } of expected) {
      this.#context.require(listed.has(claim.hash), () => ({
        property: 'indexes-complete',
        category: 'inconsistent',
        message: 'An acknowledged claim is missing from a listing.',
        expected: nameOf(claim),
        actual: `${listed.size} other claims`,
      }));
    }
    this.#context.record('ok', agent.name, `lists ${listed.size} claims about ${JSON.stringify(subject)}`);
  }
}

/** Small enough that a short run rotates, flushes and compacts; the first value of each is the calmest. */
function configOf(context: ArenaContext): StemeConfig {
  return {
    directory: '/data/steme',
    wal: {
      sectorBytes: 512,
      segmentBytes: context.knob('wal.segmentBytes', [16_384, 4096, 8192]),
      groupBytesMax: context.knob('wal.groupBytesMax', [65_536, 2048]),
      idleWatermarkMs: context.knob('wal.idleWatermarkMs', [0, 2, 20]),
    },
    kv: {
      memtableBytes: context.knob('kv.memtableBytes', [16_384, 1024, 4096]),
      runsMax: context.knob('kv.runsMax', [4, 1, 2]),
      blockBytes: context.knob('kv.blockBytes', [1024, 256]),
    },
    kvLog: {
      sectorBytes: 512,
      segmentBytes: context.knob('kvLog.segmentBytes', [16_384, 4096]),
      idleWatermarkMs: 0,
    },
    ingest: {
      batchBytesMax: context.knob('ingest.batchBytesMax', [16_384, 1, 2048]),
      checkpointBytes: context.knob('ingest.checkpointBytes', [8192, 1, 2048]),
    },
  };
}

/** Whether the error, or what caused it, says that something durable is damaged. */
function tellsOfDamage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/_(CORRUPT|VERSION)$/.test((cause as { code?: string }).code ?? '')) return true;
  }
  return false;
}

function nameOf(claim: KnownClaim): string {
  return `${JSON.stringify(claim.subject)} ${JSON.stringify(claim.predicate)} (${claim.hash.slice(0, 8)})`;
}
