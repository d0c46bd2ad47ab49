import { beforeEach, describe, expect, it } from 'vitest';
import { CountingEntropy, ManualClock, MicrotaskScheduler } from '../access/access.test-support.ts';
import { settle } from '../kv/kv.test-support.ts';
import { agents, ApiBench, base, signed, signedVote } from './api.test-support.ts';
import { fromHex } from '../../crypto/index.ts';
import { ApiError, millionthsOfDecimal, StemeClient, UnreachableError } from './index.ts';
import { decimalOfMillionths } from './weight-json.ts';

const zeros = '0'.repeat(64);

type Step = (request: Request) => Response | Promise<Response>;

const receipt = { hash: zeros, offset: 0, endOffset: 1 };

const answers = (status: number, body: unknown, headers: Record<string, string> = {}): Step => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return () => new Response(text, { status, headers });
};

const problem = (
  status: number,
  code: string,
  more: object = {},
  headers: Record<string, string> = {},
): Step =>
  answers(
    status,
    { type: `urn:stemedb:error:${code}`, title: 'x', status, detail: 'why', code, ...more },
    headers,
  );

const broken: Step = () => {
  throw new TypeError('reset by peer');
};

const never: Step = () => new Promise<Response>(() => undefined);

const done = answers(201, receipt);

/** A client over a network that does what is written, one step a request; time runs as far as it must. */
class Script {
  readonly clock = new ManualClock();
  readonly requests: Request[] = [];
  /** How long the client waited, each time. */
  readonly waitsMs: number[] = [];
  readonly client: StemeClient;

  constructor(steps: readonly Step[], attemptsMax = 5) {
    this.client = new StemeClient({
      baseUrl: base,
      key: 'steme_x',
      fetch: async (request) => {
        this.requests.push(request);
        const step = steps[this.requests.length - 1];
        if (step === undefined) throw new Error('one request more than the script has');
        return step(request);
      },
      ports: { clock: this.clock, scheduler: new MicrotaskScheduler(), entropy: new CountingEntropy() },
      retries: { attemptsMax, attemptTimeoutMs: 15_000 },
    });
  }

  async play<T>(call: (client: StemeClient) => Promise<T>): Promise<T | Error> {
    let outcome: { value: T | Error } | undefined;
    call(this.client).then(
      (value) => (outcome = { value }),
      (error: Error) => (outcome = { value: error }),
    );
    for (;;) {
      await settle();
      if (outcome !== undefined) return outcome.value;
      const waitMs = this.clock.nextTimerMs;
      if (waitMs === undefined) throw new Error('the client waits for nothing');
      this.waitsMs.push(waitMs);
      this.clock.advance(waitMs);
    }
  }
}

const submit = (client: StemeClient) => client.submit(signed());
const read = (client: StemeClient) => client.tally(zeros);

describe('a client of an API', () => {
  let bench: ApiBench;
  const clientOf = (key: string) =>
    new StemeClient({
      baseUrl: base,
      key,
      fetch: bench.fetch,
      ports: { clock: bench.clock, scheduler: new MicrotaskScheduler(), entropy: new CountingEntropy() },
    });

  beforeEach(async () => {
    bench = await ApiBench.start();
  });

  it('writes, reads, asks and lists', async () => {
    const client = clientOf(await bench.key(['writer']));
    const claim = signed({ subject: '🚗 a+b%\0&=#?/' });
    const { hash, ingested } = await client.submit(claim);
    expect(ingested).toBe(false);
    expect((await client.submit(claim, { wait: 'ingested' })).ingested).toBe(true);
    await client.vote(signedVote(fromHex(hash)!, 2_500_000), { wait: 'ingested' });
    expect(await client.get(hash)).toEqual(claim);
    expect(await client.get(zeros)).toBeUndefined();
    expect(await client.tally(hash)).toEqual({ assertionHash: hash, count: 1, weight: '2.5' });
    const { subject, predicate } = claim;
    expect((await client.list({ subject }, { limit: 1 })).items).toHaveLength(1);
    const answer = await client.query({ subject, predicate, lens: 'recency', maxStale: 0 });
    expect(answer.winner).toEqual(claim);
    expect((await client.skeptic({ subject, predicate })).resolution.candidatesCount).toBe(1);
    expect((await client.audit(answer.queryId))?.agentId).toBe(agents[0]);
    expect(await client.audit('none')).toBeUndefined();
    expect((await client.health()).status).toBe('ready');
  });

  it('keeps the keys, and reads what only auditors may', async () => {
    const client = clientOf(await bench.key(['admin']));
    const { key, record } = await client.createKey({ name: 'a', roles: ['reader'] });
    expect((await client.listKeys()).items).toContainEqual(record);
    await expect(clientOf(key).tally(zeros)).resolves.toBeDefined();
    expect(await client.revokeKey(record.id)).toBe(true);
    expect(await client.revokeKey('none')).toBe(false);
    expect((await client.quarantine()).items).toEqual([]);
    expect(await client.metrics()).toContain('stemedb_ingest_lag_bytes 0');
  });

  it('tells by type, status and code what is refused', async () => {
    const client = clientOf(await bench.key(['reader']));
    const refused = await client.submit(signed()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ status: 403, code: 'STEME_FORBIDDEN_ROLE', indeterminate: false });
    await expect(clientOf('x').tally(zeros)).rejects.toMatchObject({
      status: 401,
      code: 'STEME_UNAUTHENTICATED',
    });
    const admin = clientOf(await bench.key(['writer']));
    await expect(admin.submit({ ...signed(), confidence: 2 })).rejects.toMatchObject({
      code: 'STEME_CONFIDENCE_OUT_OF_RANGE',
      problem: { errors: [{ field: 'confidence' }] },
    });
  });
});

describe('what fails for a while', () => {
  it.each<[string, Step]>([
    ['a broken connection', broken],
    ['an answer that is cut off', answers(201, '{"hash":"00')],
    ['an answer of somebody else', answers(201, { hello: 'world' })],
    ['429', problem(429, 'STEME_RATE_LIMITED')],
    ['502 of something in between', answers(502, '<html>')],
    ['503', problem(503, 'STEME_WAL_BUSY')],
    ['503, indeterminate', problem(503, 'STEME_WAL_POISONED', { indeterminate: true })],
    ['504', answers(504, '')],
  ])('is tried again: %s', async (_, step) => {
    const script = new Script([step, step, done]);
    expect(await script.play(submit)).toEqual({ ...receipt, ingested: false });
    expect(script.requests).toHaveLength(3);
    const bodies = await Promise.all(script.requests.map((request) => request.text()));
    expect(new Set(bodies).size).toBe(1);
  });

  it.each<[string, Step]>([
    ['400', problem(400, 'STEME_BODY_NOT_JSON')],
    ['401', problem(401, 'STEME_UNAUTHENTICATED')],
    ['403', problem(403, 'STEME_FORBIDDEN_AGENT')],
    ['422', problem(422, 'STEME_SIGNATURE_INVALID')],
    ['500', problem(500, 'STEME_INVARIANT')],
    ['a redirection', answers(302, '')],
  ])('is not what stays: %s is not tried again', async (_, step) => {
    const script = new Script([step]);
    expect(await script.play(submit)).toBeInstanceOf(ApiError);
    expect(script.requests).toHaveLength(1);
  });

  it('is tried a bounded number of times, and the last failure is kept as the cause', async () => {
    const script = new Script([broken, broken, never], 3);
    const error = await script.play(submit);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({ indeterminate: true, cause: { code: 'STEME_ATTEMPT_TIMEOUT' } });
    expect(script.waitsMs.at(-1)).toBe(15_000);
    expect(script.requests[2]!.signal.aborted).toBe(true);
    expect(script.requests[1]!.signal.aborted).toBe(false);
  });

  it('is waited for twice as long each time, up to a limit, and never equally long', async () => {
    const script = new Script(
      Array.from({ length: 12 }, () => broken),
      12,
    );
    await script.play(read);
    expect(script.waitsMs).toHaveLength(11);
    for (const [index, waitMs] of script.waitsMs.entries()) {
      const cappedMs = Math.min(5000, 100 * 2 ** index);
      expect(waitMs).toBeGreaterThanOrEqual(cappedMs / 2);
      expect(waitMs).toBeLessThanOrEqual(cappedMs);
    }
    expect(new Set(script.waitsMs.slice(-3)).size).toBe(3);
  });

  it('is not tried before the server says so', async () => {
    const limited = problem(429, 'STEME_RATE_LIMITED', {}, { 'Retry-After': '7' });
    const script = new Script([limited, done]);
    await script.play(submit);
    expect(script.waitsMs).toEqual([7000]);
  });

  it('is given up when the server asks for too long a pause', async () => {
    const script = new Script([problem(429, 'STEME_QUOTA_EXCEEDED', {}, { 'Retry-After': '61' })]);
    expect(await script.play(submit)).toMatchObject({ status: 429, indeterminate: false });
  });
});

describe('a write whose outcome is open', () => {
  it('stays open whatever later attempts end in', async () => {
    for (const first of [
      broken,
      problem(503, 'STEME_WAL_POISONED', { indeterminate: true }),
      answers(502, ''),
    ]) {
      const script = new Script([first, problem(403, 'STEME_FORBIDDEN_AGENT')]);
      expect(await script.play(submit)).toMatchObject({ status: 403, indeterminate: true });
    }
  });

  it('is not open when every attempt was refused', async () => {
    const script = new Script([problem(503, 'STEME_WAL_BUSY'), problem(429, 'STEME_RATE_LIMITED')], 2);
    expect(await script.play(submit)).toMatchObject({ status: 429, indeterminate: false });
  });

  it('is never a read', async () => {
    const script = new Script([broken, broken], 2);
    expect(await script.play(read)).toMatchObject({ indeterminate: false });
  });

  it('is not tried again when to do it twice is not to do it once: keys', async () => {
    const make = (client: StemeClient) => client.createKey({ name: 'a', roles: ['reader'] });
    const script = new Script([broken]);
    expect(await script.play(make)).toMatchObject({ code: 'STEME_UNREACHABLE', indeterminate: true });
    expect(script.requests).toHaveLength(1);
    const limited = new Script([problem(429, 'STEME_RATE_LIMITED'), problem(403, 'STEME_FORBIDDEN_ROLE')]);
    expect(await limited.play(make)).toMatchObject({ status: 403, indeterminate: false });
  });

  it('is durable and not ingested after 202', async () => {
    const script = new Script([answers(202, receipt)]);
    const outcome = await script.play((client) => client.submit(signed(), { wait: 'ingested' }));
    expect(outcome).toEqual({ ...receipt, ingested: false });
  });
});

describe('sums of weights', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000001'],
    [1_000_000n, '1'],
    [12_500_000n, '12.5'],
    [10n ** 30n + 10n, `${10n ** 24n}.00001`],
  ])('of %d millionths are %s, and back', (millionths, text) => {
    expect(decimalOfMillionths(millionths)).toBe(text);
    expect(millionthsOfDecimal(text)).toBe(millionths);
  });
});
