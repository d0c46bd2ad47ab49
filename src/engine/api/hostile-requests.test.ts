import { describe, expect, it } from 'vitest';
import { toHex } from '../../crypto/index.ts';
import { hostileInputs, textOf } from '../model/hostile-inputs.test-support.ts';
import { bystander, encoded, received, tester } from '../model/hostile-outcomes.test-support.ts';
import { assertionFromJson, assertionHash, encodeAssertion } from '../model/index.ts';
import type { StemeDB } from '../stemedb.ts';
import { settle, withDatabase } from '../stemedb.test-support.ts';
import { type Api, createApi } from './api.ts';

const host = 'http://node-1';

/** Beyond what the model says: no JSON at all, or a body that is refused before anybody reads it. */
const beforeTheModel: Readonly<Record<string, number>> = {
  STEME_BODY_NOT_JSON: 400,
  STEME_BODY_TOO_LARGE: 413,
};

describe('a hostile request', () => {
  it('gets 4xx with its code, or is stored exactly; never 5xx, and nothing else changes', async () => {
    const bigBucket = { capacity: 1_000_000_000, refillPerSecond: 1_000_000_000 };
    await withDatabase(
      async (db, ports) => {
        await db.submit(bystander);
        await settle(db);
        const { key } = await db.access.create({
          name: 'anybody',
          roles: ['writer'],
          agents: 'any',
          bucket: bigBucket,
          quotaPerHour: 1_000_000_000,
        });
        const api = createApi({ database: db, access: db.access, ports });
        const kinds = { stored: 0, refused: 0 };
        for (const input of hostileInputs) {
          const text = textOf(input, tester);
          const before = await contentOf(db);
          const response = await post(api, key, input.kind, text);
          const body = (await response.json()) as { code?: string; hash?: string; endOffset?: number };
          if (input.expected === 'stored-exactly' && response.status !== 400) {
            kinds.stored += 1;
            expect([input.name, response.status]).toEqual([input.name, 201]);
            await db.waitUntilOffset(body.endOffset!);
            await expectStored(api, db, key, input, text);
            continue;
          }
          kinds.refused += 1;
          const isOurs = beforeTheModel[body.code ?? ''] === response.status;
          const isAllowed = isOurs && (input.laxJson === true || input.expected !== 'stored-exactly');
          if (!isAllowed) expect([input.name, { refused: body.code }]).toEqual([input.name, input.expected]);
          expect([input.name, response.status >= 400 && response.status < 500]).toEqual([input.name, true]);
          expect(response.headers.get('content-type')).toContain('application/problem+json');
          expect([input.name, await contentOf(db)]).toEqual([input.name, before]);
        }
        expect(kinds.stored).toBeGreaterThan(50);
        expect(kinds.refused).toBeGreaterThan(100);
        expect(encodeAssertion((await db.get(assertionHash(bystander)))!)).toEqual(
          encodeAssertion(bystander),
        );
      },
      { views: { lenses: [] }, ingest: {} },
    );
  });
});

function post(api: Api, key: string, kind: 'assertion' | 'vote', body: string): Promise<Response> {
  const path = kind === 'assertion' ? '/v1/assertions' : '/v1/votes';
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  return api.fetch(new Request(`${host}${path}`, { method: 'POST', headers, body }));
}

/** What is read back over the API is the very claim, to the last byte; of a vote, that it is stored. */
async function expectStored(
  api: Api,
  db: StemeDB,
  key: string,
  { kind, name }: { readonly kind: 'assertion' | 'vote'; readonly name: string },
  text: string,
): Promise<void> {
  const outcome = received(kind, text);
  if (typeof outcome === 'string') throw new Error(`${name} was expected to be well-formed: ${outcome}`);
  if (outcome.kind === 'vote') {
    const stored: string[] = [];
    for await (const entry of db.entries()) if (entry.kind === 'vote') stored.push(toHex(entry.bytes));
    expect([name, stored.includes(toHex(encoded(outcome)))]).toEqual([name, true]);
    return;
  }
  const url = `${host}/v1/assertions/${toHex(assertionHash(outcome.assertion))}`;
  const response = await api.fetch(new Request(url, { headers: { authorization: `Bearer ${key}` } }));
  expect([name, response.status]).toEqual([name, 200]);
  const readBack = encodeAssertion(assertionFromJson(await response.json()));
  expect([name, toHex(readBack)]).toEqual([name, toHex(encoded(outcome))]);
}

/** Everything in log and store; but that a key has used some of its quota is no trace of what it asked for. */
async function contentOf(db: StemeDB): Promise<string> {
  const entries: string[] = [`log up to ${db.durableOffset}`];
  for await (const entry of db.entries()) {
    if (entry.kind === 'quota') continue;
    entries.push(
      JSON.stringify(entry, (_, value: unknown) => {
        if (typeof value === 'bigint') return String(value);
        return value instanceof Uint8Array ? toHex(value) : value;
      }),
    );
  }
  return entries.join('\n');
}
