import type { AssertionContent } from '../../engine/index.ts';
import type { Draws } from '../../sim/index.ts';
import type { Agent } from '../agent.ts';
import type { Door, Question, Reply } from './door.ts';
import type { Published, Society } from './society.ts';

/** What agents talk about. */
export interface Topics {
  readonly subjects: readonly [string, ...string[]];
  readonly predicates: readonly [string, ...string[]];
}

/** A way to behave. */
export interface Role {
  readonly name: string;
  /** In one sentence. */
  readonly summary: string;
  /** Does the next thing. */
  act(citizen: Citizen): Promise<void>;
}

export interface CitizenOptions {
  readonly agent: Agent;
  readonly door: Door;
  /** What decides on its so-many-th act, counted from 0, and the rest after it. */
  drawsOf(act: number): Draws;
  readonly society: Society;
  readonly topics: Topics;
}

/** Agents say when they claim something, in milliseconds; so few moments that many say the same. */
const moments = 12;

/** Half of the weights are told apart by nothing but a millionth. */
const noiseMillionthsMax = 3;

const lenses = ['recency', 'vote-aware-consensus', 'consensus', 'confidence', 'skeptic'] as const;

/** One agent in a society, and what it can do; every choice is a draw of its own. */
export class Citizen {
  readonly agent: Agent;
  readonly society: Society;
  readonly #drawsOf: (act: number) => Draws;
  readonly #door: Door;
  readonly #topics: Topics;
  #acts = 0;
  #draws: Draws;

  constructor({ agent, door, drawsOf, society, topics }: CitizenOptions) {
    this.agent = agent;
    this.society = society;
    this.#drawsOf = drawsOf;
    this.#draws = drawsOf(0);
    this.#door = door;
    this.#topics = topics;
  }

  /** How many things it has done, or left out. */
  get acts(): number {
    return this.#acts;
  }

  get draws(): Draws {
    return this.#draws;
  }

  async act(role: Role): Promise<void> {
    this.#draws = this.#drawsOf(this.#acts);
    await role.act(this);
    this.#acts += 1;
  }

  /** Leaves the next thing out. */
  skip(): void {
    this.#acts += 1;
  }

  topic(): { readonly subject: string; readonly predicate: string } {
    return { subject: this.#pick(this.#topics.subjects), predicate: this.#pick(this.#topics.predicates) };
  }

  moment(): number {
    return this.draws.choose(moments);
  }

  /** Claims something, in its own name or with others who sign too. */
  async claim(
    content: Pick<AssertionContent, 'subject' | 'predicate' | 'object'> & Partial<AssertionContent>,
    cosigners: readonly Agent[] = [],
  ): Promise<void> {
    const confidence = [1, 0.5, 0.1 + 0.2, Number.MIN_VALUE, 0][this.draws.choose(5)] ?? 1;
    const assertion = this.agent.sign(
      { lifecycle: 'proposed', confidence, timestamp: this.moment(), ...content },
      cosigners,
    );
    await this.society.submit(this.agent.name, this.#door, assertion, this.#isPatient());
  }

  /** Backs a claim with its weight; `as` is another key of the same will. */
  async vote({ hash }: Published, weightMillionths: number, as: Agent = this.agent): Promise<boolean> {
    const vote = as.vote({ assertionHash: hash, weightMillionths, timestamp: this.moment() });
    return this.society.vote(as.name, this.#door, vote, this.#isPatient());
  }

  /** Tries what breaks a rule: to be refused, whoever signs it. */
  async provoke(): Promise<void> {
    const valid = {
      ...this.topic(),
      object: { type: 'boolean', value: true },
      lifecycle: 'proposed',
      confidence: 1,
      timestamp: 0,
    } as const;
    const vote = { assertionHash: new Uint8Array(32), weightMillionths: 1, timestamp: 0 };
    const submit = (content: AssertionContent): Promise<number> =>
      this.#door.submit(this.agent.sign(content), false);
    const provocations: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['a number that is none', () => submit({ ...valid, object: { type: 'number', value: Number.NaN } })],
      ['a confidence above 1', () => submit({ ...valid, confidence: 1 + Number.EPSILON })],
      ['a confidence below 0', () => submit({ ...valid, confidence: -Number.MIN_VALUE })],
      ['half of a character', () => submit({ ...valid, subject: 'Tesla \uD83D' })],
      ['a subject of 1,025 bytes', () => submit({ ...valid, subject: 'é'.repeat(512) + 'x' })],
      ['a date beyond all dates', () => submit({ ...valid, timestamp: 2 ** 53 })],
      ['a negative weight', () => this.#door.vote(this.agent.vote({ ...vote, weightMillionths: -1 }), false)],
      [
        'another’s signature',
        () =>
          this.#door.submit({ ...this.agent.sign(valid), object: { type: 'boolean', value: false } }, false),
      ],
    ];
    const [what, attempt] = provocations[this.draws.choose(provocations.length)] ?? provocations[0]!;
    await this.society.provoke(this.agent.name, this.#door, what, async () => attempt());
  }

  async ask(question: Partial<Question> = {}): Promise<Reply | undefined> {
    const maxStaleMs = [undefined, 0, 5, 1000][this.draws.choose(4)];
    const lens = this.#pick(lenses);
    const asked = { ...this.topic(), lens, maxStaleMs, ...question, agentId: this.agent.id };
    return this.society.query(this.agent.name, this.#door, asked);
  }

  async read(published: Published): Promise<void> {
    await this.society.read(this.agent.name, this.#door, published);
  }

  /** One of what has been published so far; `undefined` when that is nothing. */
  somePublished(): Published | undefined {
    const { published } = this.society;
    return published[this.draws.choose(Math.max(1, published.length))];
  }

  /** A weight that all noise of a run together cannot make up for one honest vote. */
  noiseWeight(): number {
    return this.draws.choose(noiseMillionthsMax + 1);
  }

  /** Whether it waits until what it wrote can be read. */
  #isPatient(): boolean {
    return this.draws.choose(4) === 3;
  }

  #pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.draws.choose(values.length)] ?? values[0];
  }
}
