import { z } from 'zod';
import { invariant } from '../errors.ts';
import type { Hash } from '../model/index.ts';
import { type ApiKey, idOfHash } from './api-key.ts';
import { newApiKeySchema } from './new-api-key.ts';

/*
 * The value under a key of table AK: JSON as UTF-8, its fields in this order. The id is not among them, it is
 * part of the key of the entry.
 */
const storedSchema = newApiKeySchema.extend({
  version: z.literal(1),
  createdAt: z.int(),
  revokedAt: z.int().optional(),
});

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeApiKey(key: ApiKey): Uint8Array {
  const { id: _, ...fields } = key;
  return encoder.encode(JSON.stringify({ version: 1, ...fields }));
}

/** Reads what `encodeApiKey` wrote. Throws `InvariantError`: the store checks what it reads. */
export function decodeApiKey(keyHash: Hash, bytes: Uint8Array): ApiKey {
  const { success, data } = storedSchema.safeParse(parse(bytes));
  invariant(success, 'the store holds an API key that nothing writes');
  const { version: _, ...fields } = data;
  return { id: idOfHash(keyHash), ...fields };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
