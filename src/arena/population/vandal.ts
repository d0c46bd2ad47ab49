import { toHex } from '../../crypto/index.ts';
import { assertionToJson } from '../../engine/index.ts';
import { Violation } from '../../check/index.ts';
import type { Draws, Link } from '../../sim/index.ts';
import type { Agent } from '../agent.ts';
import type { ArenaContext } from '../context.ts';
import { requireExcuse, type ServerWatch } from '../server-watch.ts';

/** A request, in the parts that can be spoilt. */
interface Rubbish {
  readonly what: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export interface Vandalism {
  readonly link: Link;
  readonly key: string;
  readonly requests: number;
  readonly server: { watch(): ServerWatch };
}

/**
 * Sends what no client sends: bodies that are cut short, too large, of another type or signed by nobody, paths and
 * parameters that mean nothing. All of it must be refused with a status of 4xx and a code, nothing of it may be
 * stored (no model knows of it: that would be a phantom), and the server must go on for everybody else.
 */
export async function vandalize(
  context: ArenaContext,
  agent: Agent,
  { link, key, requests, server }: Vandalism,
): Promise<void> {
  for (let nth = 0; nth < requests; nth++) {
    if (context.omits(`vandal op-${nth}`)) continue;
    const draws = context.workloadPart('vandal', `op-${nth}`);
    const { what, method = 'POST', path = '/v1/assertions', headers = {}, body } = rubbish(draws, agent);
    context.history.count('vandalize');
    context.record('invoke', 'vandal', `sends ${what}`);
    const watch = server.watch();
    let response: Response;
    let text: string;
    try {
      response = await link.fetch(`http://node-1${path}`, {
        method,
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers },
        ...(body !== undefined && { body }),
      });
      text = await response.text();
    } catch (error) {
      // Servers go away, and networks fail: what `fetch` rejects with then is a `TypeError`.
      if (!(error instanceof TypeError)) throw error;
      continue;
    }
    const code = codeIn(text);
    if (response.status === 429) continue;
    if (response.status === 503 && code !== undefined) {
      requireExcuse(watch, what, code);
      continue;
    }
    if (response.status < 400 || response.status >= 500 || code === undefined) {
      throw new Violation({
        property: 'rubbish-is-refused',
        category: response.status < 400 ? 'phantom' : 'unhandled',
        message: `The server did not properly refuse ${what}.`,
        expected: 'a status of 4xx, and a problem with its code',
        actual: `status ${response.status}: ${text.slice(0, 200)}`,
      });
    }
    context.reached('arena.rubbish-refused');
  }
}

function codeIn(text: string): string | undefined {
  try {
    const { code } = JSON.parse(text) as { readonly code?: unknown };
    return typeof code === 'string' && code.startsWith('STEME_') ? code : undefined;
  } catch {
    return undefined;
  }
}

function rubbish(draws: Draws, agent: Agent): Rubbish {
  const valid = assertionToJson(
    agent.sign({
      subject: 'what a vandal says',
      predicate: 'so',
      object: { type: 'text', value: 'x'.repeat(draws.choose(40)) },
      lifecycle: 'proposed',
      confidence: 1,
      timestamp: draws.choose(1000),
    }),
  );
  const json = JSON.stringify(valid);
  const bytes = new TextEncoder().encode(json);
  const junk = (length: number): string =>
    Array.from({ length }, () => String.fromCharCode(33 + draws.choose(90))).join('');
  // A claim without a lifecycle is proposed; every other field must be there.
  const field = pick(
    draws,
    Object.keys(valid).filter((name) => name !== 'lifecycle'),
  );
  const kinds: readonly (() => Rubbish)[] = [
    () => ({ what: 'a body that ends early', body: json.slice(0, draws.choose(json.length)) }),
    () => ({ what: 'a claim with another date', body: JSON.stringify({ ...valid, timestamp: 2_000 }) }),
    () => ({ what: 'a body without a field', body: without(valid, field) }),
    () => ({ what: 'a field of another type', body: JSON.stringify({ ...valid, [field]: [[field]] }) }),
    () => ({
      what: 'a field that is null',
      body: JSON.stringify({ ...valid, [field]: null, confidence: null }),
    }),
    () => ({ what: 'a field that nobody knows', body: JSON.stringify({ ...valid, [`x${junk(3)}`]: 1 }) }),
    () => ({ what: 'a prototype', body: json.replace('{', '{"__proto__":{"isAdmin":true},') }),
    () => ({ what: 'deep nesting', body: '['.repeat(20_000) }),
    () => ({ what: 'half of a character', body: json.replace('vandal', '\\ud83d') }),
    () => ({ what: 'bytes that are no text', body: spoilt(draws, bytes) }),
    () => ({ what: 'a body of 2 MiB', body: ' '.repeat(2 * 1024 * 1024) + json }),
    () => ({
      what: 'a number beyond all numbers',
      body: json.replace(/"confidence":1/, '"confidence":1e999'),
    }),
    () => ({ what: 'a signature of nobody', body: JSON.stringify({ ...valid, signatures: [] }) }),
    () => ({ what: 'another type of content', headers: { 'Content-Type': junk(12) }, body: json }),
    () => ({
      what: 'an unsigned vote',
      path: '/v1/votes',
      body: JSON.stringify({ assertionHash: junk(64) }),
    }),
    () => ({ what: 'a claim for a vote', path: '/v1/votes', body: json }),
    () => ({ what: 'a key of rubbish', headers: { Authorization: `Bearer ${junk(30)}` }, body: json }),
    () => ({
      what: 'a hash that is none',
      method: 'GET',
      path: `/v1/assertions/${encodeURIComponent(junk(9))}`,
    }),
    () => ({
      what: 'a path to nowhere',
      method: 'GET',
      path: `/v1/${encodeURIComponent(junk(9))}/..%2f..%2fetc`,
    }),
    () => ({ what: 'a method that is not served', method: 'DELETE', path: '/v1/query' }),
    () => ({
      what: 'a question without a subject',
      method: 'GET',
      path: `/v1/query?lens=${toHex(bytes.slice(0, 4))}`,
    }),
    () => ({ what: 'a page of rubbish', method: 'GET', path: '/v1/quarantine?limit=-1&after=%00%ff' }),
  ];
  return pick(draws, kinds)();
}

function pick<T>(draws: Draws, values: readonly T[]): T {
  const value = values[draws.choose(values.length)];
  if (value === undefined) throw new RangeError('There is nothing to pick from.');
  return value;
}

function without(value: object, field: string): string {
  return JSON.stringify(Object.fromEntries(Object.entries(value).filter(([name]) => name !== field)));
}

/** With a byte that no UTF-8 has. */
function spoilt(draws: Draws, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy[draws.choose(copy.length)] = 0xff;
  return copy;
}
