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
  readonly draws: Draws;
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
  readonly draws: Draws;
  readonly #door: Door;
  readonly #topics: Topics;
  #acts = 0;

  constructor({ agent, door, draws, society, topics }: CitizenOptions) {
    this.agent = agent;
    this.society = society;
    this.draws = draws;
    this.#door = door;
    this.#topics = topics;
  }

  /** How many things it has done. */
  get acts(): number {
    return this.#acts;
  }

  async act(role: Role): Promise<void> {
    await role.act(this);
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
