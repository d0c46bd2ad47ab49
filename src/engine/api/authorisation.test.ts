import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../crypto/index.ts';
import { dump } from '../access/access.test-support.ts';
import { type Role, ROLES } from '../access/index.ts';
import { agents, type Answered, ApiBench, signed, signedVote } from './api.test-support.ts';
import { operations, type OperationId } from './operations.ts';

const zeros = '0'.repeat(64);
const question = 'subject=a&predicate=b';

interface Sample {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  readonly roles: readonly Role[] | 'public';
}

/** A good request for each operation, its status, and who may make it. */
const samples: Readonly<Record<OperationId, Sample>> = {
  submitAssertion: {
    method: 'POST',
    path: '/v1/assertions',
    body: signed(),
    status: 201,
    roles: ['writer', 'admin'],
  },
  castVote: {
    method: 'POST',
    path: '/v1/votes',
    body: signedVote(fromHex(zeros)!),
    status: 201,
    roles: ['writer', 'admin'],
  },
  getAssertion: { ...get(`/v1/assertions/${zeros}`, 404), roles: ['reader', 'writer', 'admin'] },
  listAssertions: { ...get('/v1/assertions?subject=a'), roles: ['reader', 'writer', 'admin'] },
  getTally: { ...get(`/v1/votes/${zeros}`), roles: ['reader', 'writer', 'admin'] },
  query: { ...get(`/v1/query?${question}&lens=recency`), roles: ['reader', 'writer', 'admin'] },
  skeptic: { ...get(`/v1/skeptic?${question}`), roles: ['reader', 'writer', 'admin'] },
  getAudit: { ...get('/v1/audit/none', 404), roles: ['reader', 'writer', 'auditor', 'admin'] },
  listQuarantine: { ...get('/v1/quarantine'), roles: ['auditor', 'admin'] },
  metrics: { ...get('/v1/metrics'), roles: ['auditor', 'admin'] },
  listKeys: { ...get('/v1/keys'), roles: ['admin'] },
  createKey: {
    method: 'POST',
    path: '/v1/keys',
    body: { name: 'a', roles: ['reader'] },
    status: 201,
    roles: ['admin'],
  },
  revokeKey: { method: 'DELETE', path: '/v1/keys/0000000000000000', status: 404, roles: ['admin'] },
  health: { ...get('/v1/health'), roles: 'public' },
  openapi: { ...get('/openapi.json'), roles: 'public' },
};

function get(path: string, status = 200) {
  return { method: 'GET', path, status };
}

const all = Object.entries(samples);
const guarded = all.filter(([, { roles }]) => roles !== 'public');
const matrix = guarded.flatMap(([id, sample]) =>
  ROLES.map((role) => ({ id, role, sample, allowed: sample.roles.includes(role) })),
);

let bench: ApiBench;

beforeEach(async () => {
  bench = await ApiBench.start();
});

function send({ method, path, body }: Sample, key?: string): Promise<Answered> {
  return bench.send(method, path, { ...(key !== undefined && { key }), body });
}

/** Makes a request and shows that it leaves nothing behind, neither in the database nor in its store. */
async function withoutTrace(request: () => Promise<Answered>): Promise<Answered> {
  const before = [bench.database.contents, bench.database.calls, await dump(bench.store)];
  const log = bench.machine.log.bodies.length;
  const refused = await request();
  expect([bench.database.contents, bench.database.calls, await dump(bench.store)]).toEqual(before);
  expect(bench.machine.log.bodies.length).toBe(log);
  return refused;
}

describe('who may do what', () => {
  it('is said of every operation', () => {
    expect(Object.keys(samples).toSorted()).toEqual(Object.keys(operations).toSorted());
    expect(matrix.filter(({ allowed }) => allowed)).toHaveLength(30);
  });

  it.each(matrix)('$id by a $role is allowed: $allowed', async ({ role, sample, allowed }) => {
    const key = await bench.key([role]);
    if (allowed) expect((await send(sample, key)).status).toBe(sample.status);
    else expect(await withoutTrace(() => send(sample, key))).toBeProblem(403, 'STEME_FORBIDDEN_ROLE');
  });

  it.each(all.filter(([, { roles }]) => roles === 'public'))('%s is for everybody', async (_, sample) => {
    expect((await send(sample)).status).toBe(200);
    expect((await send(sample, 'nonsense')).status).toBe(200);
  });
});

describe('somebody who has no right leaves no trace', () => {
  it.each(guarded)('at %s: without a key, with a wrong one, with a revoked one', async (_, sample) => {
    const revoked = await bench.access.create({ name: 'a', roles: [...ROLES], agents: 'any' });
    await bench.access.revoke(revoked.record.id);
    for (const key of [undefined, 'steme_', `steme_${zeros}`, revoked.key, `${revoked.key} x`]) {
      const refused = await withoutTrace(() => send(sample, key));
      expect(refused).toBeProblem(401, 'STEME_UNAUTHENTICATED');
      expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="stemedb"');
    }
  });

  it('with another scheme than Bearer, or two keys', async () => {
    const key = await bench.key(['reader']);
    for (const authorization of [`Basic ${key}`, key, `Bearer${key}`, `Bearer ${key}, Bearer ${key}`]) {
      const headers = { Authorization: authorization };
      const refused = await withoutTrace(() => bench.send('GET', `/v1/votes/${zeros}`, { headers }));
      expect(refused).toBeProblem(401, 'STEME_UNAUTHENTICATED');
    }
    const headers = { Authorization: `bearer  ${key}` };
    expect((await bench.send('GET', `/v1/votes/${zeros}`, { headers })).status).toBe(200);
  });

  it.each<[string, string, () => unknown]>([
    ['claiming for another agent', '/v1/assertions', () => signed({}, [1])],
    ['voting for another agent', '/v1/votes', () => signedVote(fromHex(zeros)!, 1, 1)],
    [
      'claiming for another agent whose signature is no good',
      '/v1/assertions',
      () => ({ ...signed({}, [1]), confidence: 1 }),
    ],
  ])('%s', async (_, path, body) => {
    for (const roles of [['writer'], ['admin']] as const) {
      const key = await bench.key(roles);
      const refused = await withoutTrace(() => bench.send('POST', path, { key, body: body() }));
      expect(refused).toBeProblem(403, 'STEME_FORBIDDEN_AGENT');
    }
    const able = await bench.key(['writer'], { agents: 'any' });
    expect((await bench.send('POST', path, { key: able, body: body() })).status).not.toBe(403);
    const both = await bench.key(['writer'], { agents: [agents[0]!, agents[1]!] });
    expect((await bench.send('POST', path, { key: both, body: body() })).status).not.toBe(403);
  });

  it('claiming together with one that he may speak for, whichever of the two signs first', async () => {
    for (const agent of [agents[0]!, agents[1]!]) {
      const key = await bench.key(['writer'], { agents: [agent] });
      const body = signed({}, [0, 1]);
      const refused = await withoutTrace(() => bench.send('POST', '/v1/assertions', { key, body }));
      expect(refused).toBeProblem(403, 'STEME_FORBIDDEN_AGENT');
    }
  });

  it('with a claim that breaks a rule', async () => {
    const key = await bench.key(['writer']);
    const body = { ...signed(), confidence: 2 };
    const refused = await withoutTrace(() => bench.send('POST', '/v1/assertions', { key, body }));
    expect(refused).toBeProblem(422, 'STEME_CONFIDENCE_OUT_OF_RANGE');
  });
});

describe('what requests cost', () => {
  const claim = (bytes: number) => {
    const body = JSON.stringify(signed());
    return body + ' '.repeat(bytes - body.length);
  };

  it.each<[string, number, () => Partial<Sample> & { path: string }]>([
    ['a claim', 10, () => ({ method: 'POST', path: '/v1/assertions', body: claim(1023) })],
    ['a claim of 3 KiB', 13, () => ({ method: 'POST', path: '/v1/assertions', body: claim(3 * 1024) })],
    ['a vote', 1, () => samples.castVote],
    ['a query', 5, () => samples.query],
    ['a question to the skeptic', 5, () => samples.skeptic],
    ['a listing', 5, () => samples.listAssertions],
    ['anything else', 1, () => samples.getTally],
  ])('%s costs %d', async (_, cost, sample) => {
    const bucket = { capacity: cost, refillPerSecond: 1 };
    const key = await bench.key(['writer'], { bucket });
    const request = { ...sample(), method: sample().method ?? 'GET' } as Sample;
    expect((await send(request, key)).status).toBeLessThan(300);
    const refused = await withoutTrace(() => send(samples.getTally, key));
    expect(refused).toBeProblem(429, 'STEME_RATE_LIMITED');
    expect(refused.headers.get('retry-after')).toBe('1');
    bench.clock.advance(1000);
    expect((await send(samples.getTally, key)).status).toBe(200);
  });

  it('is taken from the quota too, which says when the next hour begins', async () => {
    const key = await bench.key(['writer'], { quotaPerHour: 24 });
    const hourMs = 3_600_000;
    bench.clock.advance(hourMs - (bench.clock.wallMs() % hourMs) + 600_000);
    expect((await send(samples.submitAssertion, key)).status).toBe(201);
    expect((await send(samples.submitAssertion, key)).status).toBe(201);
    const before = bench.database.contents;
    const refused = await send(samples.query, key);
    expect(refused).toBeProblem(429, 'STEME_QUOTA_EXCEEDED');
    expect(refused.headers.get('retry-after')).toBe('3000');
    expect(bench.database.contents).toEqual(before);
    expect((await send(samples.castVote, key)).status).toBe(201);
    bench.clock.advance(3_000_000);
    expect((await send(samples.query, key)).status).toBe(200);
  });

  it('is never more than the quota, however many ask at once', async () => {
    const key = await bench.key(['writer'], { quotaPerHour: 100 });
    const sent = await Promise.all(Array.from({ length: 60 }, () => send(samples.submitAssertion, key)));
    expect(sent.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(sent.filter(({ status }) => status === 429)).toHaveLength(50);
  });

  it('is taken for those who may not, so that they cannot go on for nothing', async () => {
    const key = await bench.key(['writer'], { bucket: { capacity: 30, refillPerSecond: 1 } });
    const body = signed({}, [1]);
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await bench.send('POST', '/v1/assertions', { key, body })).status);
    }
    expect(statuses).toEqual([403, 403, 403, 429]);
  });
});
