import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../crypto/index.ts';
import { assertionFromJson, assertionHash } from '../model/index.ts';
import { agents, ApiBench, signed, signedVote } from './api.test-support.ts';

let bench: ApiBench;
let writer: string;

beforeEach(async () => {
  bench = await ApiBench.start();
  writer = await bench.key(['writer'], { agents: [agents[0]!, agents[1]!] });
});

const zeros = '0'.repeat(64);

function hashOf(json: unknown): string {
  return toHex(assertionHash(assertionFromJson(json)));
}

describe('claims', () => {
  it('are acknowledged with 201, hash and offsets, and read back bit for bit', async () => {
    const claim = signed(
      { subject: '🚗 Tesla\0Inc', object: { type: 'text', value: '\u202Eright to left' } },
      [0, 1],
    );
    const made = await bench.send('POST', '/v1/assertions', { key: writer, body: claim });
    expect(made.status).toBe(201);
    expect(made.json).toEqual({ hash: hashOf(claim), offset: 0, endOffset: bench.database.durableOffset });
    const location = made.headers.get('location')!;
    expect(location).toBe(`/v1/assertions/${hashOf(claim)}`);
    const read = await bench.send('GET', location, { key: writer });
    expect(read.status).toBe(200);
    expect(read.json).toEqual(claim);
  });

  it('may come in the short form of an object, and are the same claim', async () => {
    const claim = signed();
    const made = await bench.send('POST', '/v1/assertions', {
      key: writer,
      body: { ...claim, object: 96.7 },
    });
    expect(made.json.hash).toBe(hashOf(claim));
  });

  it('that nobody has made are 404, and what is no hash is refused with the code of the model', async () => {
    expect(await bench.send('GET', `/v1/assertions/${zeros}`, { key: writer })).toBeProblem(
      404,
      'STEME_NOT_FOUND',
    );
    const short = await bench.send('GET', '/v1/assertions/abc', { key: writer });
    expect(short).toBeProblem(422, 'STEME_HASH_LENGTH');
    expect(short.json.errors).toEqual([
      { field: 'hash', code: 'STEME_HASH_LENGTH', detail: expect.any(String) },
    ]);
    const upper = await bench.send('GET', `/v1/assertions/${'A'.repeat(64)}`, { key: writer });
    expect(upper).toBeProblem(422, 'STEME_HEX_INVALID');
    expect(await bench.send('GET', '/v1/assertions/%ff', { key: writer })).toBeProblem(
      422,
      'STEME_HASH_LENGTH',
    );
  });

  it.each<[string, object, string]>([
    ['a subject of a megabyte', { subject: 'a'.repeat(1_000_000) }, 'STEME_SUBJECT_TOO_LONG'],
    ['an empty predicate', { predicate: '' }, 'STEME_PREDICATE_EMPTY'],
    ['half a surrogate pair', { subject: '\uD800' }, 'STEME_TEXT_UNPAIRED_SURROGATE'],
    ['a confidence above 1', { confidence: 1.1 }, 'STEME_CONFIDENCE_OUT_OF_RANGE'],
    ['a confidence below 0', { confidence: -0.1 }, 'STEME_CONFIDENCE_OUT_OF_RANGE'],
    ['a confidence that is text', { confidence: 'NaN' }, 'STEME_FIELD_TYPE'],
    ['a timestamp beyond 2^53', { timestamp: 2 ** 53 }, 'STEME_TIMESTAMP_OUT_OF_RANGE'],
    ['a timestamp of half a millisecond', { timestamp: 0.5 }, 'STEME_TIMESTAMP_NOT_INTEGER'],
    ['an unknown lifecycle', { lifecycle: 'done' }, 'STEME_LIFECYCLE_UNKNOWN'],
    ['two types of object', { object: { text: 'a', number: 1 } }, 'STEME_OBJECT_TYPE'],
    ['a field that nobody reads', { note: 'x' }, 'STEME_FIELD_UNKNOWN'],
    [
      'a signature of 63 bytes',
      { signatures: [{ agentId: agents[0], signature: '00'.repeat(63) }] },
      'STEME_SIGNATURE_LENGTH',
    ],
    [
      'a key of small order',
      { signatures: [{ agentId: '01'.padEnd(64, '0'), signature: '00'.repeat(64) }] },
      'STEME_FORBIDDEN_AGENT',
    ],
    ['no signature', { signatures: [] }, 'STEME_SIGNATURES_NONE'],
    ['the signature of another claim', { timestamp: 1001 }, 'STEME_SIGNATURE_INVALID'],
  ])('with %s are refused with the code of the model, and nothing is written', async (_, change, code) => {
    const before = bench.database.contents;
    const refused = await bench.send('POST', '/v1/assertions', {
      key: writer,
      body: { ...signed(), ...change },
    });
    expect(refused).toBeProblem(code === 'STEME_FORBIDDEN_AGENT' ? 403 : 422, code);
    expect(refused.json.indeterminate).toBeUndefined();
    expect(bench.database.contents).toEqual(before);
  });

  it('of infinite numbers are refused, for JSON can hold them', async () => {
    const body = JSON.stringify(signed()).replace('96.7', '1e999');
    expect(await bench.send('POST', '/v1/assertions', { key: writer, body })).toBeProblem(
      422,
      'STEME_NUMBER_INFINITE',
    );
  });

  it('may be waited for until they can be read', async () => {
    let waited = 0;
    bench.database.ingestGate = async () => {
      waited += 1;
    };
    const body = signed();
    expect((await bench.send('POST', '/v1/assertions', { key: writer, body })).status).toBe(201);
    expect(waited).toBe(0);
    expect((await bench.send('POST', '/v1/assertions?wait=ingested', { key: writer, body })).status).toBe(
      201,
    );
    expect(waited).toBe(1);
    const other = await bench.send('POST', '/v1/assertions?wait=forever', { key: writer, body });
    expect(other).toBeProblem(400, 'STEME_PARAMETER_INVALID');
  });

  it('are listed about a subject, page by page, with their votes', async () => {
    const claims = [1, 2, 3].map((timestamp) => signed({ timestamp }));
    for (const body of [...claims, signed({ predicate: 'other' }), signed({ subject: 'Norway' })]) {
      await bench.send('POST', '/v1/assertions', { key: writer, body });
    }
    await bench.send('POST', '/v1/votes', { key: writer, body: signedVote(fromHex(hashOf(claims[0]))!) });
    const first = await bench.send('GET', '/v1/assertions?subject=Tesla&predicate=revenue&limit=2', {
      key: writer,
    });
    expect(first.json.items).toHaveLength(2);
    const rest = `/v1/assertions?subject=Tesla&predicate=revenue&limit=2&after=${first.json.next}`;
    const second = await bench.send('GET', rest, { key: writer });
    expect(second.json.next).toBeUndefined();
    const items = [...first.json.items, ...second.json.items];
    expect(items.map(({ hash }) => hash).toSorted()).toEqual(claims.map(hashOf).toSorted());
    const voted = items.find(({ hash }) => hash === hashOf(claims[0]));
    expect(voted).toEqual({ hash: voted.hash, assertion: claims[0], votes: { count: 1, weight: '1.5' } });
    const old = await bench.send('GET', '/v1/assertions?subject=Tesla&asOf=2&lifecycle=proposed', {
      key: writer,
    });
    expect(old.json.items).toHaveLength(2);
  });
});

describe('votes', () => {
  it('are acknowledged with 201 and counted exactly, beyond what a double holds', async () => {
    for (const [index, weight] of [1e15, 1e15, 1].entries()) {
      const vote = { ...signedVote(fromHex(zeros)!, weight, index % 2) };
      const made = await bench.send('POST', '/v1/votes', { key: writer, body: vote });
      expect(made.status).toBe(201);
      expect(made.headers.get('location')).toBe(`/v1/votes/${zeros}`);
    }
    const tally = await bench.send('GET', `/v1/votes/${zeros}`, { key: writer });
    expect(tally.json).toEqual({ assertionHash: zeros, count: 3, weight: '2000000000.000001' });
  });

  it('on what nobody has claimed are none', async () => {
    const tally = await bench.send('GET', `/v1/votes/${zeros}`, { key: writer });
    expect(tally.json).toEqual({ assertionHash: zeros, count: 0, weight: '0' });
    expect(await bench.send('GET', '/v1/votes/0', { key: writer })).toBeProblem(422, 'STEME_HASH_LENGTH');
  });

  it.each<[string, object, string]>([
    ['a negative weight', { weight: -1 }, 'STEME_WEIGHT_NEGATIVE'],
    ['seven decimals', { weight: 0.1234567 }, 'STEME_WEIGHT_TOO_PRECISE'],
    ['too great a weight', { weight: 1e10 }, 'STEME_WEIGHT_TOO_GREAT'],
    ['a weight that is no number', { weight: null }, 'STEME_FIELD_TYPE'],
    ['another weight than was signed', { weight: 2 }, 'STEME_SIGNATURE_INVALID'],
  ])('with %s are refused', async (_, change, code) => {
    const body = { ...signedVote(fromHex(zeros)!), ...change };
    expect(await bench.send('POST', '/v1/votes', { key: writer, body })).toBeProblem(422, code);
    expect(bench.database.votes.size).toBe(0);
  });
});

describe('questions', () => {
  it('are answered through the lens that is named, and leave an audit', async () => {
    const claims = [1, 2].map((timestamp) => signed({ timestamp }));
    for (const body of claims) await bench.send('POST', '/v1/assertions', { key: writer, body });
    const path = '/v1/query?subject=Tesla&predicate=revenue&lens=recency&maxStale=0&asOf=5';
    const { status, json } = await bench.send('GET', path, { key: writer });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      lens: 'recency',
      winner: claims[1],
      audited: true,
      throughOffset: expect.any(Number),
    });
    expect(json.resolution).toMatchObject({ winner: hashOf(claims[1]), candidatesCount: 2 });
    expect(json.view).toBeUndefined();
    const auditor = await bench.key(['auditor']);
    const audit = await bench.send('GET', `/v1/audit/${encodeURIComponent(json.queryId)}`, { key: auditor });
    expect(audit.json).toMatchObject({
      queryId: json.queryId,
      query: { subject: 'Tesla', predicate: 'revenue', lens: 'recency', asOf: 5, maxStale: 0 },
      resultHash: hashOf(claims[1]),
      candidatesCount: 2,
    });
  });

  it('are answered when there is nothing, and name no winner', async () => {
    const path = '/v1/query?subject=nothing&predicate=%00&lens=recency';
    const { json } = await bench.send('GET', path, { key: writer });
    expect(json.winner).toBeUndefined();
    expect(json.resolution).toMatchObject({ candidatesCount: 0, resolutionConfidence: 0, ranked: [] });
    expect(json.view).toEqual({ materializedAt: 7 });
  });

  it('of the skeptic name no winner', async () => {
    for (const value of [1, 2]) {
      const body = signed({ object: { type: 'number', value } });
      await bench.send('POST', '/v1/assertions', { key: writer, body });
    }
    const { json } = await bench.send('GET', '/v1/skeptic?subject=Tesla&predicate=revenue', { key: writer });
    expect(json.lens).toBe('skeptic');
    expect(json.winner).toBeUndefined();
    expect(json.resolution).toMatchObject({ candidatesCount: 2 });
  });

  it('are read from the URL as they stand: any Unicode, plus and percent', async () => {
    const subject = '🚗 a+b%\0&=';
    await bench.send('POST', '/v1/assertions', { key: writer, body: signed({ subject }) });
    for (const text of [encodeURIComponent(subject), encodeURIComponent(subject).replaceAll('%20', '+')]) {
      const { json } = await bench.send('GET', `/v1/assertions?subject=${text}`, { key: writer });
      expect(json.items).toHaveLength(1);
    }
  });

  it.each([
    ['no subject', 'predicate=a&lens=recency', 400, 'STEME_PARAMETER_MISSING', 'subject'],
    ['no lens', 'subject=a&predicate=a', 400, 'STEME_PARAMETER_MISSING', 'lens'],
    ['an unknown lens', 'subject=a&predicate=a&lens=magic', 422, 'STEME_LENS_UNKNOWN', undefined],
    ['an empty subject', 'subject=&predicate=a&lens=recency', 422, 'STEME_SUBJECT_EMPTY', 'subject'],
    [
      'a predicate too long',
      `subject=a&predicate=${'b'.repeat(1025)}&lens=recency`,
      422,
      'STEME_PREDICATE_TOO_LONG',
      'predicate',
    ],
    [
      'an unknown lifecycle',
      'subject=a&predicate=a&lens=recency&lifecycle=x',
      422,
      'STEME_LIFECYCLE_UNKNOWN',
      'lifecycle',
    ],
    [
      'a time that is none',
      'subject=a&predicate=a&lens=recency&asOf=-1',
      400,
      'STEME_PARAMETER_INVALID',
      'asOf',
    ],
    [
      'a time beyond all',
      'subject=a&predicate=a&lens=recency&asOf=9007199254740992',
      400,
      'STEME_PARAMETER_INVALID',
      'asOf',
    ],
    [
      'two subjects',
      'subject=a&subject=b&predicate=a&lens=recency',
      400,
      'STEME_PARAMETER_DUPLICATE',
      'subject',
    ],
    [
      'a parameter that nobody reads',
      'subject=a&predicate=a&lens=recency&asof=1',
      400,
      'STEME_PARAMETER_UNKNOWN',
      'asof',
    ],
    [
      'bytes that are no UTF-8',
      'subject=%ff&predicate=a&lens=recency',
      400,
      'STEME_PARAMETER_ENCODING',
      undefined,
    ],
    [
      'a percent sign alone',
      'subject=%&predicate=a&lens=recency',
      400,
      'STEME_PARAMETER_ENCODING',
      undefined,
    ],
    [
      'an agent that is none',
      'subject=a&predicate=a&lens=recency&agentId=ab',
      422,
      'STEME_AGENT_ID_LENGTH',
      'agentId',
    ],
    [
      'an agent of others',
      `subject=a&predicate=a&lens=recency&agentId=${zeros}`,
      403,
      'STEME_FORBIDDEN_AGENT',
      undefined,
    ],
  ])('with %s are refused, and leave no audit', async (_, query, status, code, field) => {
    const refused = await bench.send('GET', `/v1/query?${query}`, { key: writer });
    expect(refused).toBeProblem(status, code);
    expect(refused.json.errors?.[0]?.field).toBe(field);
    expect(bench.database.audits.size).toBe(0);
  });
});

describe('audits', () => {
  const path = '/v1/query?subject=a&predicate=b&lens=recency';

  it('are shown to whoever may speak for the agent that asked, and to auditors', async () => {
    const mine = await bench.key(['reader']);
    const other = await bench.key(['reader'], { agents: [agents[1]!] });
    const auditor = await bench.key(['auditor']);
    const { queryId } = (await bench.send('GET', path, { key: mine })).json;
    const audit = `/v1/audit/${encodeURIComponent(queryId)}`;
    expect((await bench.send('GET', audit, { key: mine })).json.agentId).toBe(agents[0]);
    expect(await bench.send('GET', audit, { key: other })).toBeProblem(404, 'STEME_NOT_FOUND');
    expect((await bench.send('GET', audit, { key: auditor })).status).toBe(200);
    expect(await bench.send('GET', '/v1/audit/none', { key: auditor })).toBeProblem(404, 'STEME_NOT_FOUND');
  });

  it('are nobody’s when a key of several agents does not say which of them asks', async () => {
    const { queryId } = (await bench.send('GET', path, { key: writer })).json;
    const said = (await bench.send('GET', `${path}&agentId=${agents[1]}`, { key: writer })).json;
    const audit = (id: string) => bench.send('GET', `/v1/audit/${encodeURIComponent(id)}`, { key: writer });
    expect(await audit(queryId)).toBeProblem(404, 'STEME_NOT_FOUND');
    expect((await audit(said.queryId)).json.agentId).toBe(agents[1]);
  });
});

describe('the quarantine', () => {
  it('is listed with codes and bytes', async () => {
    bench.database.quarantine.push({ offset: 7, code: 'STEME_DECODE_KIND', body: Uint8Array.of(1, 255) });
    const { json } = await bench.send('GET', '/v1/quarantine', { key: await bench.key(['auditor']) });
    expect(json).toEqual({ items: [{ offset: 7, code: 'STEME_DECODE_KIND', body: '01ff' }] });
  });
});

describe('keys', () => {
  it('are made, used, listed without their secret, and revoked', async () => {
    const admin = await bench.key(['admin']);
    const made = await bench.send('POST', '/v1/keys', {
      key: admin,
      body: { name: 'new', roles: ['reader'] },
    });
    expect(made.status).toBe(201);
    const { key, record } = made.json;
    expect((await bench.send('GET', `/v1/votes/${zeros}`, { key })).status).toBe(200);
    const listed = await bench.send('GET', '/v1/keys', { key: admin });
    expect(listed.json.items).toContainEqual(record);
    expect(listed.text).not.toContain(key.slice(6));
    expect((await bench.send('DELETE', `/v1/keys/${record.id}`, { key: admin })).status).toBe(204);
    expect(await bench.send('GET', `/v1/votes/${zeros}`, { key })).toBeProblem(401, 'STEME_UNAUTHENTICATED');
    expect((await bench.send('DELETE', `/v1/keys/${record.id}`, { key: admin })).status).toBe(204);
    expect(await bench.send('DELETE', '/v1/keys/none', { key: admin })).toBeProblem(404, 'STEME_NOT_FOUND');
  });

  it('that break a rule are not made, and each fault is named', async () => {
    const admin = await bench.key(['admin']);
    const body = { name: '', roles: ['root'] };
    const refused = await bench.send('POST', '/v1/keys', { key: admin, body });
    expect(refused).toBeProblem(422, 'STEME_API_KEY_INVALID');
    expect(refused.json.errors.map(({ field }: { field: string }) => field)).toEqual(['name', 'roles.0']);
  });

  it('are listed by pages, and a page that is none is refused', async () => {
    const admin = await bench.key(['admin']);
    const first = await bench.send('GET', '/v1/keys?limit=1', { key: admin });
    const second = await bench.send('GET', `/v1/keys?limit=1&after=${first.json.next}`, { key: admin });
    expect(second.json.items[0].id > first.json.items[0].id).toBe(true);
    expect(await bench.send('GET', '/v1/keys?after=x', { key: admin })).toBeProblem(
      400,
      'STEME_PAGE_INVALID',
    );
    expect(await bench.send('GET', '/v1/keys?limit=0', { key: admin })).toBeProblem(
      400,
      'STEME_PARAMETER_INVALID',
    );
  });
});

describe('the service', () => {
  it('says to anybody that it is ready', async () => {
    await bench.send('POST', '/v1/assertions', { key: writer, body: signed() });
    const { status, json } = await bench.send('GET', '/v1/health');
    const { durableOffset } = bench.database;
    expect({ status, json }).toEqual({
      status: 200,
      json: { status: 'ready', durableOffset, ingestedOffset: durableOffset },
    });
  });

  it('is not ready once ingest has stopped', async () => {
    bench.database.stopped = new Error('the disk');
    const refused = await bench.send('GET', '/v1/health');
    expect(refused).toBeProblem(503, 'STEME_NOT_READY');
    expect(refused.json.detail).toContain('STEME_INGEST_STOPPED');
    expect(refused.text).not.toContain('the disk');
  });

  it('measures, in a form that Prometheus reads', async () => {
    const auditor = await bench.key(['auditor']);
    const { headers, text } = await bench.send('GET', '/v1/metrics', { key: auditor });
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toMatch(
      /^# HELP stemedb_log_durable_offset .+\n# TYPE stemedb_log_durable_offset gauge\n.+ 0\n/,
    );
    bench = await ApiBench.start({ metricsText: async () => 'up 1\n' });
    expect((await bench.send('GET', '/v1/metrics', { key: await bench.key(['auditor']) })).text).toBe(
      'up 1\n',
    );
  });
});
