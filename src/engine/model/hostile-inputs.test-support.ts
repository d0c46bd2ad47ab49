import { readdirSync, readFileSync } from 'node:fs';
import { toHex } from '../../crypto/index.ts';
import type { Signatures } from '../../ports/index.ts';
import { assertionHash } from './assertion-codec.ts';
import { contentFromJson } from './assertion-json.ts';
import { StemeError } from '../errors.ts';
import { signingMessage } from './signing.ts';
import type { Hash } from './types.ts';
import { voteHash } from './vote-codec.ts';
import { voteContentFromJson } from './vote-json.ts';

/** `not-json` for texts that are none; otherwise a code of the model. */
export type Expected = 'stored-exactly' | { readonly refused: string };

/** What a client could send; see fixtures/hostile-inputs/hostile-inputs.schema.json. */
export interface HostileInput {
  readonly name: string;
  /** What is hostile about it, in one sentence. */
  readonly story: string;
  readonly kind: 'assertion' | 'vote';
  /** A template of JSON; either this or `raw` is there. */
  readonly value?: unknown;
  /** A template of text. */
  readonly raw?: unknown;
  /** A template of the content that is signed instead. */
  readonly signed?: unknown;
  readonly expected: Expected;
  /** What becomes of it in a log. Absent: stored, or there is no place for it in a record. */
  readonly inLog?: Expected;
  /** A careful reader of JSON may also refuse the text as none: a name is there twice, or nesting has no end. */
  readonly laxJson?: boolean;
}

/** Who plays the client. */
export interface Tester {
  readonly signatures: Signatures;
  readonly secretKey: Uint8Array;
  /** Of somebody who has signed nothing. */
  readonly otherSecretKey: Uint8Array;
  /** An assertion that is stored: what the votes are on, and what has followers. */
  readonly target: Hash;
}

const folder = new URL('../../../fixtures/hostile-inputs/', import.meta.url);

/** All of them, in the order of their files. */
export const hostileInputs: readonly HostileInput[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
  .toSorted()
  .flatMap((file) => {
    const { inputs } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
      readonly inputs: readonly HostileInput[];
    };
    return inputs;
  });

/** The body of the request that the client makes: usually JSON. Signed as far as what it holds can be signed. */
export function textOf(input: HostileInput, tester: Tester): string {
  return filledText(input, tester, (content) => {
    const hash =
      input.kind === 'assertion'
        ? assertionHash(contentFromJson(content))
        : voteHash(voteContentFromJson(content));
    return signingMessage({ kind: input.kind, hash });
  });
}

/**
 * The text with signatures over the message that `messageOf` makes of the content. Where it throws a `StemeError`,
 * there is nothing to sign, and the signatures are zeros.
 */
export function filledText(
  input: HostileInput,
  { signatures, secretKey, otherSecretKey, target }: Tester,
  messageOf: (content: Readonly<Record<string, unknown>>) => Uint8Array,
): string {
  const agentId = toHex(signatures.publicKey(secretKey));
  const names = {
    $agent: agentId,
    $otherAgent: toHex(signatures.publicKey(otherSecretKey)),
    $target: toHex(target),
  };
  const text = fill(input.raw === undefined ? textOfTemplate(input.value) : expandText(input.raw), names);
  const content = contentOf(input.signed === undefined ? text : fill(textOfTemplate(input.signed), names));
  const sign = (message: Uint8Array): Uint8Array => signatures.sign(message, secretKey);
  const legacy = new TextEncoder().encode(
    `${String(content?.['subject'])}:${String(content?.['predicate'])}`,
  );
  const signature = trySigning(() => (content === undefined ? undefined : sign(messageOf(content))));
  return fill(text, {
    $signature: toHex(signature),
    $malleableSignature: toHex(withGroupOrderAdded(signature)),
    $legacySignature: toHex(sign(legacy)),
    $signatures: [{ agentId, signature: toHex(signature) }],
  });
}

function trySigning(sign: () => Uint8Array | undefined): Uint8Array {
  try {
    return sign() ?? new Uint8Array(64);
  } catch (error) {
    if (error instanceof StemeError) return new Uint8Array(64);
    throw error;
  }
}

/** What stands where `$like` names it. */
const bases: Readonly<Record<string, object>> = {
  claim: {
    subject: 'Tesla',
    predicate: 'revenue',
    object: { number: 96.7 },
    confidence: 0.9,
    timestamp: 1_700_000_000_000,
    signatures: '$signatures',
  },
  vote: {
    assertionHash: '$target',
    agentId: '$agent',
    weight: 1,
    timestamp: 1_700_000_000_000,
    signature: '$signature',
  },
};

interface Directives {
  readonly $like?: string;
  readonly $without?: readonly string[];
  readonly $repeat?: string;
  readonly $times?: number;
  readonly $join?: readonly unknown[];
  readonly $number?: string;
}

function textOfTemplate(template: unknown): string {
  return JSON.stringify(expand(template)).replaceAll(/\{"\$number":"([^"]+)"\}/g, '$1');
}

/** The value that a template stands for; `$number` stays, for the text alone can hold what it says. */
function expand(template: unknown): unknown {
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map(expand);
  const { $like, $without = [], ...own } = template as Directives;
  if ('$repeat' in own || '$join' in own) return expandText(own);
  if ('$number' in own) return own;
  const fields = Object.entries({ ...($like === undefined ? {} : bases[$like]), ...own });
  return Object.fromEntries(
    fields.filter(([name]) => !$without.includes(name)).map(([name, value]) => [name, expand(value)]),
  );
}

function expandText(template: unknown): string {
  if (typeof template === 'string') return template;
  const { $repeat = '', $times = 1, $join = [] } = template as Directives;
  return $repeat.repeat($times) + $join.map(expandText).join('');
}

/** Puts values where their names stand as strings. */
function fill(text: string, values: Readonly<Record<string, unknown>>): string {
  let filled = text;
  for (const [name, value] of Object.entries(values)) {
    filled = filled.replaceAll(`"${name}"`, () => JSON.stringify(value));
  }
  return filled;
}

/** All but the signatures, or `undefined` for what is no object. */
function contentOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parseLeniently(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { signatures: _, signature: __, ...content } = value as Record<string, unknown>;
  return content;
}

/** As `JSON.parse`, with NaN as one more number; `undefined` for other texts that are no JSON. */
export function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(':NaN', ':"$NaN"'), (_, value: unknown) =>
      value === '$NaN' ? Number.NaN : value,
    );
  } catch {
    return undefined;
  }
}

const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The other S that solves the same equation, which lax verifiers accept. */
function withGroupOrderAdded(signature: Uint8Array): Uint8Array {
  const changed = signature.slice();
  let carry = 0n;
  for (let at = 32; at < 64; at++) {
    carry += BigInt(signature[at]!) + ((groupOrder >> BigInt(8 * (at - 32))) & 0xffn);
    changed[at] = Number(carry & 0xffn);
    carry >>= 8n;
  }
  return changed;
}
