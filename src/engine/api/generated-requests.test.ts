import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lenses } from '../lens/index.ts';
import { fromHex } from '../../crypto/index.ts';
import { type Role, ROLES } from '../access/index.ts';
import { type Answered, ApiBench, signed, signedVote } from './api.test-support.ts';
import { dereferenced, type JsonSchema, mutated, valuesOf } from './json-schema.test-support.ts';
import { openApiDocument } from './openapi.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

interface Content {
  readonly [mediaType: string]: { readonly schema: JsonSchema };
}

interface Documented {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Operation extends Documented {
  readonly method: string;
  readonly path: string;
}

interface GeneratedRequest {
  readonly role: Role | 'nobody' | 'stranger' | 'poor';
  readonly query: readonly (readonly [string, string])[];
  readonly path: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const document = openApiDocument();
const { paths } = dereferenced(document, document) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
};

const operations: readonly Operation[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, documented]) => Object.assign({ method, path }, documented)),
);

/** What the document cannot say of a value, so that more than refusals are reached. */
const known: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  lens: fc.constantFrom(...lenses.keys(), 'none'),
  hash: fc.constantFrom('there', 'absent'),
  subject: fc.constantFrom('Tesla', 'Norway', '\0'),
  queryId: fc.constantFrom('query 0', 'query 1', 'none'),
  id: fc.constantFrom('there', 'absent'),
};

const signedBodies: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  submitAssertion: fc.nat(5).map((timestamp) => signed({ timestamp }, timestamp === 0 ? [1] : [0])),
  castVote: fc.nat(3).map((weight) => signedVote(fromHex('0'.repeat(64))!, weight, weight === 0 ? 1 : 0)),
};

const texts = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Well-formed as text in a URL; what is not is tried by the odd queries. */
const escaped = (text: string): string => encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ''));

function requestsOf({
  operationId,
  parameters = [],
  requestBody,
}: Operation): fc.Arbitrary<GeneratedRequest> {
  const roles = fc.constantFrom<GeneratedRequest['role']>(
    ...ROLES,
    'admin',
    'admin',
    'nobody',
    'stranger',
    'poor',
  );
  const valueOf = ({ name, schema }: Parameter): fc.Arbitrary<string> => {
    const good = valuesOf(schema).map(texts);
    const sensible = known[name]?.map(texts) ?? good;
    const odd = valuesOf(schema).chain(mutated).map(texts);
    return fc.oneof({ weight: 6, arbitrary: sensible }, { weight: 2, arbitrary: good }, odd);
  };
  const pairsOf = (parameter: Parameter): fc.Arbitrary<(readonly [string, string])[]> => {
    const pair = valueOf(parameter).map((value) => [escaped(parameter.name), escaped(value)] as const);
    const once = pair.map((one) => [one]);
    const often = fc.array(pair, { maxLength: 2 });
    const absent = fc.constant<(readonly [string, string])[]>([]);
    return parameter.required
      ? fc.oneof({ weight: 9, arbitrary: once }, often)
      : fc.oneof({ weight: 4, arbitrary: absent }, { weight: 3, arbitrary: once }, often);
  };
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const oddPairs = fc.constantFrom<(readonly [string, string])[]>(
    [],
    [],
    [],
    [],
    [],
    [['x', 'y']],
    [['%ff', '%']],
    [['', '']],
  );
  const bodySchema = requestBody?.content['application/json']?.schema;
  const good = bodySchema === undefined ? fc.constant(undefined) : valuesOf(bodySchema);
  const signedBody = signedBodies[operationId] ?? good;
  const body =
    bodySchema === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          { weight: 4, arbitrary: signedBody },
          { weight: 2, arbitrary: good },
          { weight: 4, arbitrary: fc.oneof(good, signedBody).chain(mutated) },
          fc.constantFrom<unknown>('', '{', Uint8Array.of(0xff), 'x'.repeat(20_000)),
        );
  const usually = <T>(usual: T, ...odd: T[]) =>
    fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, fc.constantFrom(...odd));
  const headers = fc
    .tuple(
      usually<Record<string, string>>(
        {},
        { Accept: 'text/html' },
        { Accept: '*/*;q=0.1' },
        { Accept: ',,;;' },
        { Accept: 'application/problem+json' },
      ),
      usually<Record<string, string>>(
        {},
        { 'Content-Type': 'text/plain' },
        { 'Content-Encoding': 'br' },
        { 'X-Long': 'y'.repeat(20_000) },
      ),
    )
    .map(([accept, content]) => Object.assign({}, accept, content) as Record<string, string>);
  return fc.record({
    role: roles,
    query: fc.tuple(oddPairs, ...inQuery.map(pairsOf)).map((pairs) => pairs.flat()),
    path: fc.record(Object.fromEntries(inPath.map((parameter) => [parameter.name, valueOf(parameter)]))),
    headers,
    body,
  });
}

async function startBench() {
  const bench = await ApiBench.start({
    limits: { bodyBytesMax: 15_000, headerBytesMax: 16_384, urlBytesMax: 8000 },
  });
  const keys = new Map<GeneratedRequest['role'], string>([['stranger', `steme_${'0'.repeat(64)}`]]);
  for (const role of ROLES) keys.set(role, await bench.key([role]));
  keys.set('poor', await bench.key(['admin'], { quotaPerHour: 1 }));
  const spare = await bench.access.create({ name: 'to be revoked', roles: ['reader'] });
  const writer = keys.get('writer')!;
  const { json } = await bench.send('POST', '/v1/assertions', { key: writer, body: signed() });
  await bench.send('POST', '/v1/votes', { key: writer, body: signedVote(fromHex(json.hash)!) });
  await bench.send('GET', '/v1/query?subject=Tesla&predicate=revenue&lens=recency', {
    key: keys.get('reader')!,
  });
  bench.database.quarantine.push({ offset: 3, code: 'STEME_DECODE_KIND', body: Uint8Array.of(1) });
  const there: Readonly<Record<string, string>> = { hash: json.hash, id: spare.record.id };

  return async ({ path, method }: Operation, request: GeneratedRequest): Promise<Answered> => {
    const place = path.replaceAll(/\{(.+?)\}/g, (_, name: string) => {
      const value = request.path[name] ?? '';
      if (value === 'there') return there[name] ?? value;
      const segment = escaped(value);
      // Without a segment it would be another path.
      return value === 'absent' || segment === '' || /^\.+$/.test(segment) ? '0'.repeat(64) : segment;
    });
    const query = request.query.map(([name, value]) => `${name}=${value}`).join('&');
    const key = keys.get(request.role);
    return bench.send(method.toUpperCase(), `${place}${query === '' ? '' : `?${query}`}`, {
      ...(key !== undefined && { key }),
      headers: request.headers,
      body: request.body,
    });
  };
}

const checkers = new Map<JsonSchema, z.ZodType>();

/** Why a body is not what the document says it is, or `undefined`. */
function mismatch({ responses }: Operation, { status, headers, text, json }: Answered): string | undefined {
  const documented = responses[status];
  if (documented === undefined) return `the status ${status} is not documented`;
  const type = headers.get('content-type')?.split(';')[0];
  if (documented.content === undefined) return text === '' ? undefined : 'a body is not documented';
  const schema = type === undefined ? undefined : documented.content[type]?.schema;
  if (schema === undefined) return `the type ${type} is not documented`;
  let checker = checkers.get(schema);
  if (checker === undefined) {
    checker = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    checkers.set(schema, checker);
  }
  const { success, error } = checker.safeParse(type === 'text/plain' ? text : json);
  return success ? undefined : error.message;
}

/** Failures of the server, which no request may bring about. */
const NEVER = ['500', '503'];

/** What takes more than a generated request: ingest that fails, time that passes, two contents of one hash, a long URL. */
const ELSEWHERE: ReadonlySet<string> = new Set([...NEVER, '202', '408', '409', '414']);

describe('requests made from the OpenAPI document, good and bad', () => {
  it.each(operations.map((operation) => [operation.operationId, operation] as const))(
    '%s: no status but a documented one, no failure of the server, bodies as documented',
    async (_, operation) => {
      const seen = new Set<string>();
      const send = await startBench();
      await fc.assert(
        fc.asyncProperty(requestsOf(operation), async (request) => {
          const answered = await send(operation, request);
          seen.add(String(answered.status));
          expect(mismatch(operation, answered)).toBeUndefined();
          expect(answered.status).toBeLessThan(500);
        }),
        { numRuns: 400, seed: 7 },
      );
      // What is documented is also seen, so that the document does not promise what never comes.
      const unseen = Object.keys(operation.responses).filter((status) => !seen.has(status));
      const expected = unseen.filter((status) => ELSEWHERE.has(status));
      expect(unseen).toEqual(expected);
    },
  );

  it('finds it when a status is not documented, and when a body is not as it should be', async () => {
    const send = await startBench();
    const tally = operations.find(({ operationId }) => operationId === 'getTally')!;
    const request = {
      role: 'reader',
      query: [],
      path: { assertionHash: 'absent' },
      headers: {},
      body: undefined,
    } as const;
    const good = await send(tally, request);
    expect(mismatch(tally, good)).toBeUndefined();
    expect(mismatch({ ...tally, responses: {} }, good)).toMatch('not documented');
    expect(mismatch(tally, { ...good, json: { ...good.json, count: -1 } })).toBeDefined();
    expect(mismatch(tally, { ...good, json: { ...good.json, extra: 1 } })).toBeDefined();
  });
});
