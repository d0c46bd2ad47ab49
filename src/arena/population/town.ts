import { toHex } from '../../crypto/index.ts';
import { createApi, StemeClient } from '../../engine/api/index.ts';
import { layoutOf, type StemeConfig, type StemeDB } from '../../engine/index.ts';
import { examineDatabase } from '../../engine/verify/index.ts';
import type { Ports } from '../../ports/index.ts';
import { Violation } from '../../check/index.ts';
import type { Draws, SimProcess } from '../../sim/index.ts';
import { makeAgents } from '../agent.ts';
import type { ArenaContext } from '../context.ts';
import { Laboratory } from '../laboratory.ts';
import type { MemoryBudgets, Workload } from '../scenario.ts';
import { StemeNode } from '../steme-node.ts';
import { type DatabaseDump, dumpStore, sameDump } from '../store-dump.ts';
import type { SyncImage } from '../sync-images.ts';
import { Citizen, type Role, type Topics } from './citizen.ts';
import { directDoor } from './direct-door.ts';
import { httpDoor } from './http-door.ts';
import { impersonate } from './impostor.ts';
import { Smuggler } from './smuggler.ts';
import { Society, type SocietyPromises } from './society.ts';
import { catchUpMsMax } from './town-properties.ts';
import { vandalize } from './vandal.ts';

export interface TownOptions {
  readonly workload: Workload;
  readonly config: StemeConfig;
  /** One of so many agents comes over the network, the others call the database itself; 0: nobody does. */
  readonly remoteOneOf: number;
  /** How those who write behave: the first agent as the first, and so on, over and over. */
  readonly writers: readonly [Role, ...Role[]];
  /** How those who query behave. */
  readonly queriers: readonly [Role, ...Role[]];
}

/**
 * A database and those who live with it: it is served through crashes, agents write and ask, and at the end
 * everything that was promised and answered is judged.
 */
export class Town {
  readonly society: Society;
  readonly node: StemeNode;
  readonly #context: ArenaContext;
  readonly #options: TownOptions;
  readonly #smuggler: Smuggler | undefined;
  /** What was there when the database was crashed on purpose, before anybody wrote. */
  #recovered: DatabaseDump | undefined;
  #verified = { claims: 0, votes: 0 };

  constructor(context: ArenaContext, options: TownOptions) {
    this.#context = context;
    this.#options = options;
    this.society = new Society(context);
    this.#smuggler = smugglerFor(context, options.workload, this.society);
    const { memory } = context.scenario;
    const limits = memory?.bodyBytesMax === undefined ? {} : { bodyBytesMax: memory.bodyBytesMax };
    this.node = new StemeNode(context, {
      name: 'node-1',
      config: { ...withinBudget(options.config, memory), identityOf: context.identityOf },
      examine: (db) => this.#examine(db),
      beforeOpen: (process) => this.#smuggle(process),
      ...(options.remoteOneOf > 0 && {
        api: (db: StemeDB, ports: Ports) =>
          createApi({ database: db, access: db.access, ports, limits }).fetch,
      }),
    });
  }

  /** Lives through a run. `judge` may ask the database last questions once all is quiet. */
  async live(judge: (db: StemeDB) => Promise<void>): Promise<void> {
    const { chaos } = this.#context;
    const images = chaos.photographSyncs(this.node.machine, () => this.society.promised());
    this.node.start();
    chaos.faultClock(this.node.machine);
    chaos.rot(this.node.machine, this.#options.config.directory);
    const citizens = await this.#citizens();
    const tasks = citizens
      .filter(({ citizen }) => !this.#context.omits(citizen.agent.name))
      .map(({ citizen, role }) => this.#context.spawn(citizen.agent.name, () => this.#behave(citizen, role)));
    tasks.push(this.#context.spawn('operator', () => this.#operate()));
    if (this.#options.remoteOneOf > 0 && !this.#context.omits('impostor')) {
      tasks.push(this.#context.spawn('impostor', () => this.#impersonate(citizens)));
      tasks.push(this.#context.spawn('vandal', () => this.#vandalize(citizens)));
    }
    for (const task of tasks) await task.join();
    chaos.stop();
    await this.#catchUp();
    await this.node.insist('settle', (db) => db.waitUntilViewsThrough(db.durableOffset));

    if (this.#context.scenario.crashes.powerLossesMax > 0) chaos.powerLoss(this.node.machine);
    else chaos.kill(this.node.machine);
    await this.node.insist('judge', async (db) => {
      await db.waitUntilViewsThrough(db.durableOffset);
      this.#verified = this.society.judgeStore(await dumpStore(db));
      await judge(db);
    });
    this.society.judgeAnswers();
    const { claims, votes } = this.society.acknowledged;
    this.#context.require(this.#verified.claims === claims && this.#verified.votes === votes, () => ({
      property: 'written-equals-verified',
      category: 'inconsistent',
      message: 'The run ended without having verified all that it wrote.',
      expected: `${claims} claims and ${votes} votes`,
      actual: `${this.#verified.claims} claims and ${this.#verified.votes} votes`,
    }));
    await this.node.stop();
    // What has rotten unnoticed, such as in a file that nobody has read since.
    chaos.heal(this.node.machine);
    await this.#requireSoundFiles();
    await this.#judgeImages(images.all());
  }

  /** What a power loss would have left at any sync of this run opens, and holds what was promised by then. */
  async #judgeImages(images: readonly SyncImage<SocietyPromises>[]): Promise<void> {
    if (images.length === 0) return;
    const laboratory = new Laboratory(this.#context, this.#options.config);
    await laboratory.judgeAll(images, (dump, promised) => this.society.judgeImage(dump, promised));
  }

  /** A last start that is still going on is part of it. That nothing happens at all is found as a deadlock. */
  async #catchUp(): Promise<void> {
    const { clock } = this.#context;
    const begunMs = clock.monotonicMs();
    await this.node.insist('catch-up', (db) => db.waitUntilOffset(db.durableOffset));
    const tookMs = clock.monotonicMs() - begunMs;
    this.#context.require(tookMs <= catchUpMsMax, () => ({
      property: 'ingest-catches-up',
      category: 'stuck',
      message: 'Ingest went on, but too slowly: what was durable could not be read in time.',
      expected: `${catchUpMsMax} ms of virtual time, once nobody wrote and nothing failed any more`,
      actual: `${Math.ceil(tookMs)} ms`,
    }));
  }

  async #citizens(): Promise<{ readonly citizen: Citizen; readonly role: Role }[]> {
    const { workload, writers, queriers, remoteOneOf } = this.#options;
    const agents = makeAgents(this.#context.signatures, workload.agents + workload.queriers);
    const direct = directDoor(this.node);
    const key = remoteOneOf === 0 ? undefined : await this.#apiKey();
    const topics = topicsFor(workload);
    return agents.map((agent, index) => {
      const roles = index < workload.agents ? writers : queriers;
      const isRemote = key !== undefined && index % remoteOneOf === 0;
      const door = isRemote ? httpDoor(this.#client(agent.name, key), this.node) : direct;
      const drawsOf = (nth: number): Draws => this.#context.workloadPart(agent.name, `op-${nth}`);
      const citizen = new Citizen({ agent, door, drawsOf, topics, society: this.society });
      return { citizen, role: roles[index % roles.length] ?? roles[0] };
    });
  }

  /** For everybody: what keys keep apart is for the impostor to try. */
  #apiKey(): Promise<string> {
    return this.#issueKey('the town', 'any');
  }

  async #issueKey(name: string, agents: 'any' | string[]): Promise<string> {
    this.#context.record('invoke', 'operator', `makes an API key for ${name}`);
    const { key } = await this.node.insist('create-key', (db) =>
      db.access.create({ name, roles: ['writer'], agents }),
    );
    return key;
  }

  async #impersonate(citizens: readonly { readonly citizen: Citizen }[]): Promise<void> {
    const [victim, impostor] = makeAgents(this.#context.signatures, citizens.length + 2).slice(-2);
    if (victim === undefined || impostor === undefined) return;
    const key = await this.#issueKey('one agent', [toHex(victim.id)]);
    await impersonate(this.#context, impostor, [
      { client: this.#client('impostor', key), status: 403 },
      { client: this.#client('stranger', `steme_${'0'.repeat(64)}`), status: 401 },
    ]);
  }

  async #vandalize(citizens: readonly { readonly citizen: Citizen }[]): Promise<void> {
    const { hostileRequests: requests = 0 } = this.#context.scenario;
    const agent = makeAgents(this.#context.signatures, citizens.length + 3).at(-1);
    if (requests === 0 || agent === undefined) return;
    const link = this.#context.link('vandal', 'node-1');
    const key = await this.#issueKey('vandal', 'any');
    await vandalize(this.#context, agent, { link, key, requests, server: this.node });
  }

  #client(name: string, key: string): StemeClient {
    const { clock, scheduler } = this.#context;
    const link = this.#context.link(name, 'node-1');
    return new StemeClient({
      fetch: (request) => link.fetch(request),
      baseUrl: 'http://node-1',
      key,
      ports: { clock, entropy: this.#context.entropy(`${name}:client`), scheduler },
      retries: { attemptTimeoutMs: 2000, attemptsMax: 4 },
    });
  }

  async #behave(citizen: Citizen, role: Role): Promise<void> {
    while (citizen.acts < this.#options.workload.operationsPerAgent) {
      if (this.#context.omits(`${citizen.agent.name} op-${citizen.acts}`)) {
        citizen.skip();
        continue;
      }
      await citizen.act(role);
      const pauseMs = citizen.draws.choose(4) === 3 ? citizen.draws.choose(40) : 0;
      if (pauseMs > 0) await this.#context.clock.sleep(pauseMs);
    }
  }

  /** Nobody writes between two recoveries that must come to the same. */
  async #smuggle(process: SimProcess): Promise<void> {
    if (this.#recovered !== undefined) return;
    const { directory, wal } = this.#options.config;
    await this.#smuggler?.visit(process, layoutOf(directory).log, wal);
  }

  /** Rewrites the store, or closes the database properly and opens it again, now and then. */
  async #operate(): Promise<void> {
    const works = this.#context.workloadPart('operator', 'count').choose(4);
    for (let nth = 0; nth < works; nth++) {
      if (this.#context.omits(`operator op-${nth}`)) continue;
      const draws = this.#context.workloadPart('operator', `op-${nth}`);
      await this.#context.clock.sleep(draws.choose(60));
      const isRestart = draws.choose(2) === 1;
      this.#context.history.count(isRestart ? 'restart' : 'compact');
      const what = isRestart ? 'closes the database and opens it again' : 'compacts the store';
      this.#context.record('invoke', 'operator', what);
      if (isRestart) this.node.restart();
      else await this.node.insist('compact', (db) => db.compact());
    }
  }

  /** Judges the state that a start has brought back, and sometimes crashes it to see it once more. */
  async #examine(db: StemeDB): Promise<'serve' | 'kill' | 'power-loss'> {
    await db.waitUntilOffset(db.durableOffset);
    const dump = await dumpStore(db);
    this.society.judgeStore(dump);
    this.#context.require(this.#recovered === undefined || sameDump(this.#recovered, dump), () => ({
      property: 'recovery-is-stable',
      category: 'unstable',
      message:
        'The same state was not there again after another crash, though nothing was written in between.',
      expected: `${this.#recovered?.claims.size} claims and ${this.#recovered?.votes.size} votes, as before`,
      actual: `${dump.claims.size} claims and ${dump.votes.size} votes, or others`,
    }));
    const next = this.#afterExamination();
    this.#recovered = next === 'serve' ? undefined : dump;
    return next;
  }

  #afterExamination(): 'serve' | 'kill' | 'power-loss' {
    const { chaos, scenario } = this.#context;
    if (chaos.isStopped) return 'serve';
    const next = this.#context.faults('node-1:crash-again').choose(8);
    if (next === 7 && scenario.crashes.powerLossesMax > 0) return 'power-loss';
    return next === 6 && scenario.crashes.killsMax > 0 ? 'kill' : 'serve';
  }

  /** What is closed has no damage, and holds nothing that does not follow from the log. */
  async #requireSoundFiles(): Promise<void> {
    const process = this.node.machine.boot();
    const { directory } = this.#options.config;
    const { identityOf } = this.#context;
    await process.call('verify', () =>
      examineDatabase(process.ports, { directory, depth: 'claims', identityOf }, (finding) => {
        if (finding.severity !== 'damage') return;
        throw new Violation({
          property: 'files-are-sound',
          category: 'inconsistent',
          message: 'The files of a database that was closed are not as they must be.',
          expected: 'no damage',
          actual: `${finding.path}: ${finding.reason}`,
        });
      }),
    );
    this.node.machine.kill();
  }
}

function withinBudget(config: StemeConfig, memory: MemoryBudgets | undefined): StemeConfig {
  if (memory?.lensesBytesMax === undefined) return config;
  const budget = { memoryBytesMax: memory.lensesBytesMax };
  return { ...config, query: { ...config.query, ...budget }, views: { ...config.views, ...budget } };
}

/** The more there are, the more they talk about. */
function topicsFor({ agents }: Workload): Topics {
  const more = Array.from({ length: Math.floor(agents / 10) }, (_, index) => `planet ${index + 1}`);
  return { subjects: ['Tesla', '🚗 \u0000Inc', ...more], predicates: ['revenue', 'a\u0000b'] };
}

/** Only where the scenario has bad records to smuggle. He is nobody else: no other agent has his number. */
function smugglerFor(
  context: ArenaContext,
  { agents, queriers }: Workload,
  { smuggled }: Society,
): Smuggler | undefined {
  if ((context.scenario.hostileRecords ?? 0) === 0) return undefined;
  const agent = makeAgents(context.signatures, agents + queriers + 4).at(-1);
  return agent && new Smuggler(context, agent, smuggled);
}
