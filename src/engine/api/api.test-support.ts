import { expect } from 'vitest';
import { nodeSignatures, toHex } from '../../crypto/index.ts';
import { noSites } from '../../ports/index.ts';
import {
  CountingEntropy,
  ManualClock,
  MicrotaskScheduler,
  silentTelemetry,
} from '../access/access.test-support.ts';
import { Access, type NewApiKey, type Role } from '../access/index.ts';
import { TestMachine } from '../kv/kv.test-support.ts';
import {
  type AssertionContent,
  type AssertionJson,
  assertionToJson,
  signAssertion,
  signVote,
  type VoteJson,
  voteToJson,
} from '../model/index.ts';
import { createApi } from './api.ts';
import { FakeDatabase } from './fake-database.test-support.ts';
import type { ApiOptions } from './options.ts';

export const base = 'http://localhost';

const secretKeys = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));

/** Public keys of three agents, in hex. */
export const agents = secretKeys.map((secretKey) => toHex(nodeSignatures.publicKey(secretKey)));

/** A claim that the given agents sign. */
export function signed(
  content: Partial<AssertionContent> = {},
  signers: readonly number[] = [0],
): AssertionJson {
  const whole: AssertionContent = {
    subject: 'Tesla',
    predicate: 'revenue',
    object: { type: 'number', value: 96.7 },
    lifecycle: 'proposed',
    confidence: 0.5,
    timestamp: 1000,
    ...content,
  };
  const keys = signers.map((signer) => secretKeys[signer]!);
  return assertionToJson(signAssertion(whole, keys, nodeSignatures));
}

export function signedVote(assertionHash: Uint8Array, weightMillionths = 1_500_000, signer = 0): VoteJson {
  const content = { assertionHash, weightMillionths, timestamp: 1000 };
  return voteToJson(signVote(content, secretKeys[signer]!, nodeSignatures));
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, if it is JSON. */
  readonly json: any;
}

/** An API over a database in memory, and keys to it. */
export class ApiBench {
  readonly clock = new ManualClock();
  readonly database = new FakeDatabase();
  readonly machine = new TestMachine();
  access!: Access;
  #store!: Awaited<ReturnType<TestMachine['open']>>;
  #fetch!: (request: Request) => Promise<Response>;

  static async start(options: Partial<ApiOptions> = {}): Promise<ApiBench> {
    const bench = new ApiBench();
    const ports = { clock: bench.clock, scheduler: new MicrotaskScheduler(), telemetry: silentTelemetry };
    bench.#store = await bench.machine.open();
    bench.access = new Access({ ...ports, entropy: new CountingEntropy(), sites: noSites }, bench.#store);
    const api = createApi({ database: bench.database, access: bench.access, ports, ...options });
    bench.#fetch = api.fetch;
    return bench;
  }

  get store() {
    return this.#store;
  }

  get fetch() {
    return this.#fetch;
  }

  /** A key of these roles, for the first agent. */
  async key(roles: readonly Role[], more: Partial<NewApiKey> = {}): Promise<string> {
    const bucket = { capacity: 1e9, refillPerSecond: 1e9 };
    const { key } = await this.access.create({
      name: roles.join(),
      roles: [...roles],
      agents: [agents[0]!],
      bucket,
      ...more,
    });
    return key;
  }

  async send(method: string, path: string, more: { key?: string; body?: unknown; headers?: object } = {}) {
    const headers = new Headers({ ...more.headers });
    if (more.key !== undefined) headers.set('Authorization', `Bearer ${more.key}`);
    const isRaw = typeof more.body === 'string' || more.body instanceof Uint8Array;
    const body = (isRaw ? more.body : JSON.stringify(more.body)) as
      string | Uint8Array<ArrayBuffer> | undefined;
    if (body !== undefined && !headers.has('content-type')) headers.set('Content-Type', 'application/json');
    return answered(await this.#fetch(new Request(base + path, { method, headers, ...(body && { body }) })));
  }
}

export async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

declare module 'vitest' {
  interface Matchers<T = any> {
    /** That an answer is a problem of this status and code, whole and of the right type. */
    toBeProblem(status: number, code: string): T;
  }
}

expect.extend({
  toBeProblem({ status, headers, json }: Answered, expected: number, code: string) {
    const type = 'application/problem+json';
    const actual = { status, type: headers.get('content-type'), json };
    const problem = { type: `urn:stemedb:error:${code}`, status: expected, code, detail: expect.any(String) };
    const wanted = { status: expected, type, json: expect.objectContaining(problem) };
    return {
      pass: this.equals(actual, wanted),
      message: () => `expected a problem of ${expected} ${code}`,
      actual,
      expected: wanted,
    };
  },
});
